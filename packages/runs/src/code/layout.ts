/** A piece of TypeScript: text, or a list in brackets that stands on one line where it fits. */
export type Code = string | Listed;

/** `before(a, b)`, `before{ a, b }` or `before[a, b]`. */
export interface Listed {
  readonly before: string;
  readonly brackets: keyof typeof CLOSING;
  readonly items: readonly Code[];
}

const CLOSING = { '(': ')', '{ ': ' }', '[': ']' } as const;

/** Columns of a line. */
const WIDTH = 100;

/** `name(a, b)`, without options that are empty. */
export const call = (name: string, ...items: readonly Code[]): Listed => ({
  before: name,
  brackets: '(',
  items: items.filter((item) => item !== NOTHING),
});

/** An object without fields. */
const NOTHING = '{}';

/** What an object has; `true` stands for a variable of the key's name. */
export type Fields = Readonly<Record<string, Code | true | undefined>>;

/** `{ key: value, … }` without those that are undefined. */
export function object(fields: Fields): Code {
  const items = Object.entries(fields).flatMap(([key, value]): Code[] => {
    if (value === undefined) return [];
    if (value === true) return [key];
    return [after(`${key}: `, value)];
  });
  return items.length === 0 ? NOTHING : { before: '', brackets: '{ ', items };
}

/** `[a, b]` */
export const array = (...items: readonly Code[]): Code => ({ before: '', brackets: '[', items });

/** Text before code: `const model = ` before a call. */
export function after(text: string, code: Code): Code {
  return typeof code === 'string' ? text + code : { ...code, before: text + code.before };
}

/** A number as it is written: `10_000`. */
export function number(value: number): string {
  const digits = String(value);
  return /^\d{5,}$/.test(digits) ? digits.replaceAll(/\B(?=(\d{3})+$)/g, '_') : digits;
}

/** A string as it is written. */
export function string(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"');
  return value.includes("'") && !value.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", String.raw`\'`)}'`;
}

/** A statement, laid out as prettier lays it out. */
export const statement = (code: Code): string => `${laidOut(code, 0, 1)};`;

/** Whether a statement stands on one line. */
export const fits = (code: Code): boolean => flat(code).length < WIDTH;

function flat(code: Code): string {
  if (typeof code === 'string') return code;
  return `${code.before}${code.brackets}${code.items.map(flat).join(', ')}${CLOSING[code.brackets]}`;
}

/**
 * @param indent - of the line that it begins on
 * @param behind - columns of what follows it on its last line
 */
function laidOut(code: Code, indent: number, behind: number): string {
  const line = flat(code);
  if (typeof code === 'string' || indent + line.length + behind <= WIDTH) return line;
  const { before, brackets, items } = code;
  const [open, close] = [brackets.trim(), CLOSING[brackets].trim()];
  const last = items.at(-1);
  const others = items
    .slice(0, -1)
    .map((item) => `${flat(item)}, `)
    .join('');
  // an object that is the last argument leaves the others on their line
  const hugs = open === '(' && isObject(last) && !isObject(items.at(-2));
  if (hugs && indent + before.length + others.length + 3 <= WIDTH) {
    return laidOut(after(`${before}(${others}`, last), indent, Infinity) + close;
  }
  const inner = indent + 2;
  const lines = items.map((item) => `${' '.repeat(inner)}${laidOut(item, inner, 1)},\n`);
  return `${before}${open}\n${lines.join('')}${' '.repeat(indent)}${close}`;
}

const isObject = (code: Code | undefined): code is Listed =>
  typeof code === 'object' && code.before === '' && code.brackets === '{ ';
