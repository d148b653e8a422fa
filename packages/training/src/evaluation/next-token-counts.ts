import type { Dataset } from '@llm101/data';

/**
 * The windows of a data set with each distinct context once, beside how often each symbol follows it. A model gives
 * the same scores to the same context, so that an evaluation of these is exact and does less: of the 22,690 validation
 * windows of the lecture's names, 9,974 have a context of their own.
 */
export class NextTokenCounts {
  /** T: tokens of a context. */
  readonly contextSize: number;
  /** V: symbols that can follow. */
  readonly vocabSize: number;
  /** D: distinct contexts. */
  readonly length: number;
  /** `[D, T]` int32, in the order of their first occurrence. */
  readonly contexts: Int32Array;
  /** `[D + 1]`: the followers of context i are those from `firstFollower[i]` to before `firstFollower[i + 1]`. */
  readonly firstFollower: Int32Array;
  /** The symbols that follow a context, each once, in ascending order. */
  readonly followers: Int32Array;
  /** How often each of {@link followers} follows. */
  readonly times: Int32Array;

  /** @throws RangeError when a target isn't from 0 to vocabSize - 1 */
  constructor(dataset: Dataset, vocabSize: number) {
    const { inputs, targets, length, contextSize: T } = dataset;
    const wrong = targets.find((target) => target < 0 || target >= vocabSize);
    if (wrong !== undefined) {
      throw new RangeError(
        `NextTokenCounts: targets must be from 0 to ${vocabSize - 1}; got ${wrong}, pass the tokenizer's vocabSize`,
      );
    }
    const rows = new Map<string, { readonly context: Int32Array; readonly counts: Int32Array }>();
    for (let i = 0; i < length; i++) {
      const context = inputs.subarray(i * T, (i + 1) * T);
      const key = keyOf(context);
      const row = rows.get(key) ?? { context, counts: new Int32Array(vocabSize) };
      rows.set(key, row);
      row.counts[targets[i]]++;
    }
    this.contextSize = T;
    this.vocabSize = vocabSize;
    this.length = rows.size;
    this.contexts = new Int32Array(rows.size * T);
    for (const [i, { context }] of [...rows.values()].entries()) this.contexts.set(context, i * T);
    const found = Array.from(rows.values(), ({ counts }) =>
      [...counts.entries()].filter(isPositive),
    );
    this.firstFollower = runningTotals(found.map((followers) => followers.length));
    this.followers = Int32Array.from(found.flat(), ([v]) => v);
    this.times = Int32Array.from(found.flat(), ([, count]) => count);
  }
}

/** A call can't take much more than 100,000 arguments. */
const MOST_ARGUMENTS = 10_000;

/** A string that no other context has; numbers and commas would take five times the memory, so only where they must. */
function keyOf(context: Int32Array): string {
  return context.length <= MOST_ARGUMENTS ? String.fromCodePoint(...context) : context.join();
}

const isPositive = ([, count]: [v: number, count: number]): boolean => count > 0;

/** `[0, a, a + b, …]` of `[a, b, …]`. */
function runningTotals(values: readonly number[]): Int32Array {
  const totals = new Int32Array(values.length + 1);
  for (const [i, value] of values.entries()) totals[i + 1] = totals[i] + value;
  return totals;
}
