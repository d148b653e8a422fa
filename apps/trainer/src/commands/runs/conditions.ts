/** What a run must be like. */
export interface Condition {
  /** A figure or a setting: `valLoss`, `lr`. */
  readonly key: string;
  readonly operator: Operator;
  readonly value: string;
}

const OPERATORS = ['!=', '<=', '>=', '=', '<', '>'] as const;

type Operator = (typeof OPERATORS)[number];

/** Parses `lr>=0.1`; nothing where it isn't one. */
export function parseCondition(written: string): Condition | undefined {
  const at = written.search(/[!<>=]/);
  const operator = at < 1 ? undefined : OPERATORS.find((one) => written.startsWith(one, at));
  if (operator === undefined) return undefined;
  const value = written.slice(at + operator.length).trim();
  const key = keyOf(written.slice(0, at).trim());
  return value === '' ? undefined : { key, operator, value };
}

/** A setting or a figure as config.json and metrics.jsonl name it: `dHidden` for `--d-hidden` and `d-hidden`, `lr` for the learning rate. */
export function keyOf(written: string): string {
  const name = written.replace(/^--/, '');
  const key = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return key === 'learningRate' ? 'lr' : key;
}

/**
 * Whether a value is as a condition says. Numbers are compared as numbers, all else as it is written; what is missing differs from everything
 * else, and is neither smaller nor larger.
 */
export function holds({ operator, value }: Condition, actual: unknown): boolean {
  const [a, b] = [numberOf(actual), Number(value)];
  switch (operator) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '=':
      return isEqual(actual, value);
    case '!=':
      return !isEqual(actual, value);
    default:
      return operator satisfies never;
  }
}

function isEqual(actual: unknown, written: string): boolean {
  if (actual === undefined) return false;
  if (typeof actual === 'number') return actual === Number(written);
  return (typeof actual === 'string' ? actual : JSON.stringify(actual)) === written;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);
