import { type Generator, permutation } from '@llm101/random';
import { count, DataError } from '../errors.js';

/** Options of {@link trainTestSplit}. */
export interface TrainTestSplitOptions {
  /** The fraction held out, strictly between 0 and 1. */
  readonly testSize: number;
  /** Draws the order. */
  readonly generator: Generator;
  /**
   * Splits the distinct items, in order of their first occurrence, and sends every copy of an item to its
   * side, right after one another: nothing held out occurs in training. `testSize` is then the fraction of
   * distinct items. Default: false.
   */
  readonly distinct?: boolean;
}

/** The two sides of a split. */
export interface TrainTestSplit<T> {
  /** What is left to train on. */
  readonly train: T[];
  /** What is held out. */
  readonly test: T[];
}

/**
 * Splits at random: scikit-learn's `train_test_split(items, test_size=testSize, random_state=seed)`, item by
 * item, with `Generator.seeded(seed)`. A count instead of the fraction isn't supported.
 *
 * @throws RangeError when `testSize` is no such fraction
 * @throws DataError when either side would be empty
 */
export function trainTestSplit<T>(
  items: readonly T[],
  { testSize, generator, distinct = false }: TrainTestSplitOptions,
): TrainTestSplit<T> {
  if (!distinct) return pick(items, splitOrder(items.length, { testSize, generator }));
  const copies = new Map<T, T[]>();
  for (const item of items) {
    const same = copies.get(item);
    if (same === undefined) copies.set(item, [item]);
    else same.push(item);
  }
  const groups = [...copies.values()];
  const { train, test } = pick(groups, splitOrder(groups.length, { testSize, generator }));
  return { train: train.flat(), test: test.flat() };
}

function pick<T>(items: readonly T[], { train, test }: SplitOrder): TrainTestSplit<T> {
  const those = (indices: Int32Array): T[] => Array.from(indices, (i) => items[i]);
  return { train: those(train), test: those(test) };
}

/** The numbers of some items by the side of a split, in its order. */
export interface SplitOrder {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits the numbers 0 … n - 1 as {@link trainTestSplit} does items.
 *
 * @throws RangeError, DataError as it does
 */
export function splitOrder(
  n: number,
  { testSize, generator }: Pick<TrainTestSplitOptions, 'testSize' | 'generator'>,
): SplitOrder {
  if (!(testSize > 0 && testSize < 1)) {
    throw new RangeError(
      `trainTestSplit: testSize must be a fraction strictly between 0 and 1; got ${testSize}; ` +
        'for a count, pass the count divided by the number of items',
    );
  }
  const nTest = Math.ceil(testSize * n); // in double, as scikit-learn computes it
  if (nTest === 0 || nTest === n) {
    throw new DataError(
      `trainTestSplit: both sides must have an item; testSize ${testSize} of ${count(n)} leaves ` +
        `${count(nTest)} for test and ${count(n - nTest)} for training; ` +
        (n < 2 ? 'give at least 2' : 'give more items or choose a smaller testSize'),
    );
  }
  const order = permutation(generator, n);
  return { train: order.subarray(nTest), test: order.subarray(0, nTest) };
}

/**
 * The lines of a text that aren't empty, without their ends (`\n` or `\r\n`).
 *
 * Like `[line for line in text.splitlines() if line]` in Python, except that Python also breaks lines at a lone
 * `\r` and at rarer characters (`\v`, `\f`, U+0085, U+2028 …); here those are characters of the line.
 */
export function splitLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
