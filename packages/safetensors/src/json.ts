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

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses JSON that comes from elsewhere: a file, a server. Other than `JSON.parse` it refuses what nests deeply or holds very
 * many values before it makes any of them, and a key that occurs twice in one object, of which `JSON.parse` keeps the last
 * one silently. It takes time and memory in proportion to the text.
 *
 * @throws JsonError when the text is not JSON, breaks a limit, or holds a key twice
 */
export function parseJson(text: string, limits: JsonLimits = {}): unknown {
  const { where = 'the text' } = limits;
  check(text, { depth: 32, values: 1_000_000, ...limits, where });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JsonError(`${where} is not JSON (${reason.slice(0, 200)})`, { cause });
  }
}

/** Whatever is not JSON at all is left to the parser. */
function check(text: string, { where, depth, values }: Required<JsonLimits>): void {
  /** The keys of each object that is open; nothing for a list. */
  const open: (Set<string> | undefined)[] = [];
  let count = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const start = i;
      i = closingQuote(text, start);
      const key =
        open.at(-1) && isKey(text, i + 1) ? stringOf(text.slice(start, i + 1)) : undefined;
      if (key === undefined) continue;
      const keys = open.at(-1);
      if (keys?.has(key) === true) {
        throw new JsonError(`${where} holds the key ${quoted(key)} twice in one object`);
      }
      keys?.add(key);
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (open.length >= depth) throw new JsonError(`${where} nests deeper than ${depth} levels`);
      open.push(code === OPEN_OBJECT ? new Set() : undefined);
      count++;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop();
    else if (code === COMMA) count++;
    if (count > values) throw new JsonError(`${where} holds more than ${values} values`);
  }
}

/** The end of the text where there is none. */
function closingQuote(text: string, openingQuote: number): number {
  let i = openingQuote + 1;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i++;
  }
  return i;
}

/** In a JSON text, a string is a key if and only if a colon follows it. */
function isKey(text: string, afterString: number): boolean {
  let i = afterString;
  while (i < text.length && ' \t\r\n'.includes(text[i])) i++;
  return text[i] === ':';
}

/** `undefined` where it isn't a JSON string, such as for a wrong escape. */
function stringOf(literal: string): string | undefined {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

const MOST_CHARACTERS = 80;

/** A text in quotes for a message, cut where it is long. */
export function quoted(text: string): string {
  const isLong = text.length > MOST_CHARACTERS;
  return JSON.stringify(isLong ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
}
