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
  /** The shape of every batch where lines are packed. */
  readonly #packed: { readonly rows: number; readonly width: number } | undefined;
  /** Where each batch begins in the order, and where the last one ends. */
  readonly #bounds: readonly number[];
  /** Positions of the largest batch. */
  readonly #capacity: number;

  constructor({ dataset, layout, order }: SequencePassOptions) {
    this.#dataset = dataset;
    this.#order = order ?? Int32Array.from({ length: dataset.length }, (_, i) => i);
    if ('packedSize' in layout) {
      const { rows = 1, packedSize: width } = layout;
      this.#packed = { rows, width };
      this.#bounds = this.#fill(rows, width);
      this.#capacity = rows * width;
    } else {
      this.#bounds = this.#cut(layout.batchSize);
      this.#capacity = Math.min(layout.batchSize, dataset.length) * dataset.longest;
    }
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
    const packed = this.#packed;
    const size = packed?.rows ?? lines.length;
    const contextSize =
      packed?.width ?? lines.reduce((most, i) => Math.max(most, this.#positions(i)), 0);
    const count = size * contextSize;
    const [inputs, targets, weights] = buffers;
    const { tokens, starts, paddingIndex } = this.#dataset;
    inputs.fill(paddingIndex, 0, count);
    targets.fill(paddingIndex, 0, count);
    weights.fill(0, 0, count);
    let at = 0;
    for (const line of lines) {
      const [first, end] = [starts[line], starts[line + 1]];
      if (packed !== undefined) at = this.#placeFor(end - first, at, contextSize);
      inputs.set(tokens.subarray(first, end), at);
      targets.set(tokens.subarray(first + 1, end), at); // then padding, which is the end
      weights.fill(1, at, at + end - first);
      at += packed === undefined ? contextSize : end - first;
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

  /** Bounds of batches with as many lines as so many rows hold. */
  #fill(rows: number, width: number): number[] {
    const bounds = [0];
    let at = 0;
    for (const [i, line] of this.#order.entries()) {
      const positions = this.#positions(line);
      at = this.#placeFor(positions, at, width);
      if (at === rows * width) {
        bounds.push(i);
        at = 0;
      }
      at += positions;
    }
    return [...bounds, this.#order.length];
  }

  /** Where so many positions have room: at a place, or from the next row on. */
  #placeFor(positions: number, at: number, width: number): number {
    const used = at % width;
    // A row that is full to the brim looks like a new one, and is.
    return used + positions <= width ? at : at - used + width;
  }

  #positions(line: number): number {
    return this.#dataset.starts[line + 1] - this.#dataset.starts[line];
  }
}
