import { type Generator, permutation } from '@llm101/random';
import { count } from './count.js';
import { DataError } from './data-error.js';

/** Options of {@link trainTestSplit}. */
export interface TrainTestSplitOptions {
  /** The fraction held out, strictly between 0 and 1. */
  readonly testSize: number;
  /** Draws the order. */
  readonly generator: Generator;
  /**
   * Splits the distinct items, in order of their first occurrence, and sends every copy of an item to its
   * side, right after one another: nothing held out occurs in training. `testSize` is then the fraction of
   * distinct items. `false` unless given.
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
 * item, with `Generator.seeded(seed)`. A count in place of the fraction isn't supported.
 *
 * @throws RangeError when `testSize` is no such fraction
 * @throws DataError when either side would be empty
 */
export function trainTestSplit<T>(
  items: readonly T[],
  { testSize, generator, distinct = false }: TrainTestSplitOptions,
): TrainTestSplit<T> {
  if (!(testSize > 0 && testSize < 1)) {
    throw new RangeError(
      `trainTestSplit: testSize must be a fraction strictly between 0 and 1; got ${testSize}; ` +
        'for a count, pass the count divided by the number of items',
    );
  }
  if (!distinct) return split(items, testSize, generator);
  const copies = new Map<T, T[]>();
  for (const item of items) {
    const same = copies.get(item);
    if (same === undefined) copies.set(item, [item]);
    else same.push(item);
  }
  const { train, test } = split([...copies.values()], testSize, generator);
  return { train: train.flat(), test: test.flat() };
}

function split<T>(items: readonly T[], testSize: number, generator: Generator): TrainTestSplit<T> {
  const n = items.length;
  const nTest = Math.ceil(testSize * n); // in double, as scikit-learn computes it
  if (nTest === 0 || nTest === n) {
    throw new DataError(
      `trainTestSplit: both sides must have an item; testSize ${testSize} of ${count(n)} leaves ` +
        `${count(nTest)} for test and ${count(n - nTest)} for training; ` +
        (n < 2 ? 'give at least 2' : 'give more items or choose a smaller testSize'),
    );
  }
  const order = permutation(generator, n);
  const pick = (indices: Int32Array): T[] => Array.from(indices, (i) => items[i]);
  return { train: pick(order.subarray(nTest)), test: pick(order.subarray(0, nTest)) };
}
