import { Generator } from '@llm101/random';

/** A size of a toy task: a whole number. */
export interface ToySize {
  /** What it is the number of, in a line. */
  readonly about: string;
  readonly least: number;
  readonly most: number;
  /** What it is where nothing else is said. */
  readonly initial: number;
}

/** The sizes of a toy task by name. */
export type ToySizes = Readonly<Record<string, number>>;

/** A number from 0 to below `end`. */
type Draw = (end: number) => number;

/** A task that is understood at a glance, and shows what a kind of network can learn. */
export interface ToyTask {
  /** What is asked, in a line. */
  readonly about: string;
  /** Its sizes, `lines` and `seed` among them. */
  readonly sizes: Readonly<Record<string, ToySize>>;
  /** Draws a question and its answer. */
  readonly draw: (
    sizes: ToySizes,
    draw: (end: number) => number,
  ) => readonly [question: string, answer: string];
}

/** What stands between a question and its answer. */
export const ANSWER_MARK = '=';

/** Sizes that every task has. */
const common = (lines: number) => ({
  lines: size('lines, each with another question; fewer where there are no more', [
    2,
    100_000,
    lines,
  ]),
  seed: size('what decides the questions', [0, 2 ** 32 - 1, 1]),
});

/** Sizes of questions that are strings. */
const strings = (length: number, lines = 10_000) => ({
  length: size('symbols of the longest question', [1, 100, length]),
  shortest: size('symbols of the shortest question', [1, 100, 1]),
  ...common(lines),
});

const symbols = size('different letters', [2, 26, 8]);

const BRACKETS = ['()', '[]', '{}', '<>'];

/** Toy tasks by name: lines of a question, `=` and its answer. */
export const toyTasks: ReadonlyMap<string, ToyTask> = new Map<string, ToyTask>([
  ['copy', letters('letters, once more: cab=cab', (question) => question)],
  [
    'reverse',
    letters('letters, from the last to the first: cab=bac', (question) => question.toReversed()),
  ],
  [
    'sort',
    letters('letters, in the order of the alphabet: cab=abc', (question) => question.toSorted()),
  ],
  [
    'parity',
    {
      about: 'whether the number of ones is odd: 01101=1',
      sizes: strings(10, 5000),
      draw(sizes, draw) {
        const bits = stringOf(sizes, draw, () => draw(2));
        return [bits.join(''), String(bits.filter((bit) => bit === 1).length % 2)];
      },
    },
  ],
  [
    'dyck',
    {
      about: 'the brackets that close those that are open: ([]{=})',
      sizes: { brackets: size('kinds of brackets', [1, 4, 2]), ...strings(10) },
      draw: dyck,
    },
  ],
  [
    'addition',
    {
      about: 'the sum of two numbers: 17+35=52',
      sizes: { digits: size('digits of the longest summand', [1, 15, 2]), ...common(5000) },
      draw({ digits }, draw) {
        const [a, b] = [numberOf(digits, draw), numberOf(digits, draw)];
        return [`${a}+${b}`, String(a + b)];
      },
    },
  ],
  [
    'modular-addition',
    {
      about: 'the sum of two numbers as a clock has it: 80+30=13 with modulus 97',
      sizes: { modulus: size('what the sum is divided by', [2, 1000, 97]), ...common(10_000) },
      draw({ modulus }, draw) {
        const [a, b] = [draw(modulus), draw(modulus)];
        const written = (n: number): string => String(n).padStart(String(modulus - 1).length, '0');
        return [`${written(a)}+${written(b)}`, written((a + b) % modulus)];
      },
    },
  ],
]);

/**
 * The text of a toy task: a line for each question that is drawn, none twice, so that no question that is held out is learned from.
 *
 * @param sizes - all of them, checked
 */
export function toyText({ draw }: ToyTask, sizes: ToySizes): string {
  const { lines, seed } = sizes;
  const generator = Generator.seeded(seed);
  const below: Draw = (end) => generator.nextUint32() % end;
  const found = new Map<string, string>();
  // a question of n that is drawn as often as the others is missed 20 n times in a row once in 500 million times
  const isLikely = (misses: number): boolean => misses < 1000 + 20 * found.size;
  for (let misses = 0; found.size < lines && isLikely(misses); misses++) {
    const [question, answer] = draw(sizes, below);
    if (found.has(question)) continue;
    found.set(question, answer);
    misses = 0;
  }
  return Array.from(found, ([question, answer]) => `${question}${ANSWER_MARK}${answer}\n`).join('');
}

/** A task by its name, with all of its sizes. */
export interface SizedTask {
  readonly name: string;
  readonly task: ToyTask;
  readonly sizes: ToySizes;
}

/**
 * The task that a data set's name names, such as `sort` or `sort:length=5,lines=2000`.
 *
 * @returns nothing where it names none, and where its sizes can't be what they are, a rule that completes "it must be …"
 */
export function parseToyTask(source: string): SizedTask | { readonly rule: string } | undefined {
  const colon = source.indexOf(':');
  const name = colon === -1 ? source : source.slice(0, colon);
  const task = toyTasks.get(name);
  if (task === undefined) return undefined;
  const given = colon === -1 ? [] : source.slice(colon + 1).split(',');
  const sizes: Record<string, number> = { ...initialSizes(task) };
  const seen = new Set<string>();
  for (const entry of given) {
    const [, key = '', digits = ''] = /^([a-z]+)=(\d{1,10})$/.exec(entry) ?? [];
    if (!Object.hasOwn(task.sizes, key) || seen.has(key)) {
      const known = Object.keys(task.sizes).join(', ');
      return {
        rule: `${name} with some of its sizes (${known}), each once, as ${name}:lines=2000,seed=2`,
      };
    }
    seen.add(key);
    const { least, most } = task.sizes[key];
    const value = Number(digits);
    if (value < least || value > most) {
      return { rule: `${name} whose ${key} is a whole number from ${least} to ${most}` };
    }
    sizes[key] = value;
  }
  const { length, shortest } = sizes;
  if (shortest > length) return { rule: `${name} whose shortest is at most its length, ${length}` };
  return { name, task, sizes };
}

/** The sizes that a task has where nothing else is said. */
export const initialSizes = ({ sizes }: ToyTask): ToySizes =>
  Object.fromEntries(Object.entries(sizes).map(([key, { initial }]) => [key, initial]));

/**
 * How a data set is named that is a toy task of some sizes: `sort:length=5`, without those that need no word.
 *
 * @throws RangeError when there is no such task, or a size can't be what it is
 */
export function toyTaskName(name: string, sizes: ToySizes = {}): string {
  const initial = toyTasks.get(name)?.sizes ?? {};
  const entries = Object.entries(sizes).filter(([key, value]) => initial[key]?.initial !== value);
  const list = entries.map(([key, value]) => `${key}=${value}`).join(',');
  const source = list === '' ? name : `${name}:${list}`;
  const parsed = parseToyTask(source);
  if (parsed !== undefined && 'task' in parsed) return source;
  const rule = parsed?.rule ?? `a toy task (${[...toyTasks.keys()].join(', ')})`;
  throw new RangeError(`toyTaskName: it must be ${rule}; got ${source}`);
}

function size(
  about: string,
  [least, most, initial]: readonly [least: number, most: number, initial: number],
): ToySize {
  return { about, least, most, initial };
}

/** A task whose question is letters, and whose answer is made of these. */
function letters(
  about: string,
  answer: (question: readonly string[]) => readonly string[],
): ToyTask {
  return {
    about,
    sizes: { symbols, ...strings(8) },
    draw(sizes, draw) {
      const question = stringOf(sizes, draw, () =>
        String.fromCharCode(97 + draw(sizes['symbols'])),
      );
      return [question.join(''), answer(question).join('')];
    },
  };
}

/** Symbols of a length that is drawn first. */
function stringOf<T>({ length, shortest }: ToySizes, draw: Draw, symbol: () => T): T[] {
  const own = shortest + draw(length - shortest + 1);
  return Array.from({ length: own }, symbol);
}

/** A number that has as many digits at most, each number of digits as often. */
function numberOf(digits: number, draw: Draw): number {
  const own = 1 + draw(digits);
  const first = own === 1 ? draw(10) : 1 + draw(9);
  return Array.from({ length: own - 1 }, () => draw(10)).reduce(
    (n, digit) => 10 * n + digit,
    first,
  );
}

/** The beginning of a Dyck word, some of whose brackets are open, and its shortest end. */
function dyck(sizes: ToySizes, draw: Draw): readonly [string, string] {
  const length = sizes['shortest'] + draw(sizes['length'] - sizes['shortest'] + 1);
  const open: string[] = [];
  let word = '';
  for (let at = 1; at <= length; at++) {
    const mustOpen = open.length === 0 || (open.length === 1 && at === length);
    if (mustOpen || draw(2) === 0) {
      const [first, last] = BRACKETS[draw(sizes['brackets'])];
      word += first;
      open.push(last);
    } else word += open.pop() ?? '';
  }
  return [word, open.toReversed().join('')];
}
