/** A text is not JSON, or breaks a limit of {@link parseJson}. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** What {@link parseJson} lets through. */
export interface JsonLimits {
  /** What the text is, for errors. Default: `the text`. */
  readonly where?: string;
  /** How many objects and lists may be within each other. Default: 32. */
  readonly depth?: number;
  /** How many values there may be, in all. Default: 1,000,000. */
  readonly values?: number;
}

/**
 * Parses JSON that comes from elsewhere: a file, a server. What nests deeply or holds very many values is refused, so that
 * nothing that walks through it runs out of its stack. The text must be bounded.
 *
 * @throws JsonError when the text is not JSON, or breaks a limit
 */
export function parseJson(
  text: string,
  { where = 'the text', depth = 32, values = 1_000_000 }: JsonLimits = {},
): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JsonError(`${where} is not JSON (${reason.slice(0, 200)})`, { cause });
  }
  let count = 1;
  let level = [parsed].filter(isStructure);
  for (let depths = 0; level.length > 0; depths++) {
    if (depths === depth) throw new JsonError(`${where} nests deeper than ${depth} levels`);
    const within: object[] = [];
    for (const structure of level) {
      for (const value of Object.values(structure) as unknown[]) {
        count++;
        if (isStructure(value)) within.push(value);
      }
      if (count > values) throw new JsonError(`${where} holds more than ${values} values`);
    }
    level = within;
  }
  return parsed;
}

const isStructure = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

/** Whether a value read from JSON is an object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isStructure(value) && !Array.isArray(value);
}

/** Whether it is a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Numbers that JSON lacks become strings, as W&B has them: `NaN`, `Infinity`, `-Infinity`. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, withEveryNumber, indent);
}

const withEveryNumber = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
