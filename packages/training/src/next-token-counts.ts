import type { Dataset } from '@llm101/data';

/**
 * The windows of a data set with each distinct context once, beside how often each symbol follows it. A model gives
 * the same scores to the same context, so that an evaluation of these is exact and does less: of the 22,690 validation
 * windows of the lecture's names, 9,974 have a context of their own.
 */
export class NextTokenCounts {
  readonly contextSize: number;
  readonly vocabSize: number;
  /** D: distinct contexts. */
  readonly length: number;
  /** `[D, T]` int32, in the order of their first occurrence. */
  readonly contexts: Int32Array;
  /** `[D, V]`: how often a symbol follows a context. */
  readonly counts: Int32Array;

  /** @throws RangeError when a target isn't from 0 to vocabSize - 1 */
  constructor(dataset: Dataset, vocabSize: number) {
    const { inputs, targets, length, contextSize: T } = dataset;
    const wrong = targets.find((target) => target < 0 || target >= vocabSize);
    if (wrong !== undefined) {
      throw new RangeError(
        `NextTokenCounts: targets must be from 0 to ${vocabSize - 1}; got ${wrong}, pass the tokenizer's vocabSize`,
      );
    }
    const rows = new Map<string, number>();
    const rowOf = Int32Array.from({ length }, (_, i) => {
      const context = String.fromCodePoint(...inputs.subarray(i * T, (i + 1) * T));
      const row = rows.get(context) ?? rows.size;
      rows.set(context, row);
      return row;
    });
    this.contextSize = T;
    this.vocabSize = vocabSize;
    this.length = rows.size;
    this.contexts = new Int32Array(rows.size * T);
    this.counts = new Int32Array(rows.size * vocabSize);
    for (const [i, row] of rowOf.entries()) {
      this.contexts.set(inputs.subarray(i * T, (i + 1) * T), row * T);
      this.counts[row * vocabSize + targets[i]]++;
    }
  }
}
