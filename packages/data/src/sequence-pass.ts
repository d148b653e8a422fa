import type { Batch } from './batch.js';
import { checkBatchIndex } from './check-batch-index.js';
import type { Pass } from './pass.js';
import type { SequenceDataset } from './sequence-dataset.js';
import type { SequenceLayout } from './sequence-layout.js';

/** What a {@link SequencePass} goes over. */
export interface SequencePassOptions {
  readonly dataset: SequenceDataset;
  readonly layout: SequenceLayout;
  /** `[N]` line numbers; `undefined` for the lines as they lie. */
  readonly order: Int32Array | undefined;
}

/** A pass over whole lines in a fixed order; each iterator has buffers of one batch. */
export class SequencePass implements Pass {
  readonly length: number;
  readonly #dataset: SequenceDataset;
  readonly #order: Int32Array;
  readonly #packedSize: number | undefined;
  /** Where each batch begins in the order, and where the last one ends. */
  readonly #bounds: readonly number[];
  /** Positions of the largest batch. */
  readonly #capacity: number;

  constructor({ dataset, layout, order }: SequencePassOptions) {
    this.#dataset = dataset;
    this.#order = order ?? Int32Array.from({ length: dataset.length }, (_, i) => i);
    this.#packedSize = 'packedSize' in layout ? layout.packedSize : undefined;
    this.#bounds =
      'packedSize' in layout ? this.#fill(layout.packedSize) : this.#cut(layout.batchSize);
    this.#capacity =
      'packedSize' in layout
        ? layout.packedSize
        : Math.min(layout.batchSize, dataset.length) * dataset.longest;
    this.length = this.#bounds.length - 1;
  }

  [Symbol.iterator](): Iterator<Batch> {
    return this.#batches(0);
  }

  from(batchIndex: number): Iterable<Batch> {
    checkBatchIndex(batchIndex, this.length);
    return { [Symbol.iterator]: () => this.#batches(batchIndex) };
  }

  *#batches(start: number): Generator<Batch, void, undefined> {
    const buffers = [
      new Int32Array(this.#capacity),
      new Int32Array(this.#capacity),
      new Float32Array(this.#capacity),
    ] as const;
    for (let i = start; i < this.length; i++) yield this.#batch(i, buffers);
  }

  #batch(index: number, buffers: readonly [Int32Array, Int32Array, Float32Array]): Batch {
    const lines = this.#order.subarray(this.#bounds[index], this.#bounds[index + 1]);
    const isPacked = this.#packedSize !== undefined;
    const contextSize =
      this.#packedSize ?? lines.reduce((most, line) => Math.max(most, this.#positions(line)), 0);
    const size = isPacked ? 1 : lines.length;
    const count = size * contextSize;
    const [inputs, targets, weights] = buffers;
    const { tokens, starts, paddingIndex } = this.#dataset;
    inputs.fill(paddingIndex, 0, count);
    targets.fill(paddingIndex, 0, count);
    weights.fill(0, 0, count);
    let at = 0;
    for (const line of lines) {
      const [first, end] = [starts[line], starts[line + 1]];
      inputs.set(tokens.subarray(first, end), at);
      targets.set(tokens.subarray(first + 1, end), at); // then padding, which is the end
      weights.fill(1, at, at + end - first);
      at += isPacked ? end - first : contextSize;
    }
    return {
      size,
      contextSize,
      inputs: inputs.subarray(0, count),
      targets: targets.subarray(0, count),
      weights: weights.subarray(0, count),
    };
  }

  /** Bounds of batches with as many lines each; the last may have fewer. */
  #cut(batchSize: number): number[] {
    const { length } = this.#dataset;
    const batches = Math.ceil(length / batchSize);
    return Array.from({ length: batches + 1 }, (_, i) => Math.min(i * batchSize, length));
  }

  /** Bounds of batches with as many lines as so many positions hold. */
  #fill(packedSize: number): number[] {
    const bounds = [0];
    let room = packedSize;
    for (const [i, line] of this.#order.entries()) {
      const positions = this.#positions(line);
      if (positions > room) {
        bounds.push(i);
        room = packedSize;
      }
      room -= positions;
    }
    return [...bounds, this.#order.length];
  }

  #positions(line: number): number {
    return this.#dataset.starts[line + 1] - this.#dataset.starts[line];
  }
}
