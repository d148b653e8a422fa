import type { Generator } from '@llm101/random';
import type { Batch } from './batch.js';
import { checkWhole } from './check-whole.js';
import { drawOrder } from './draw-order.js';
import type { Pass } from './pass.js';
import type { SequenceDataset } from './sequence-dataset.js';
import type { SequenceLayout } from './sequence-layout.js';
import { SequencePass } from './sequence-pass.js';

/** Options of {@link SequenceLoader}. */
export type SequenceLoaderOptions = SequenceLayout & {
  /** A new random order for each pass; `false` unless given. */
  readonly shuffle?: boolean;
  /** Where orders are drawn from; needed to shuffle. */
  readonly generator?: Generator;
};

/**
 * Whole lines in batches, with a target for each position and weights of 0 where there is padding. `for (const batch of
 * loader)` is one pass; {@link SequenceLoader.pass} makes one that can be repeated in the same order. A batch's arrays are
 * used again for the next one of the same iterator. Draws what `DataLoader` draws.
 */
export class SequenceLoader implements Iterable<Batch> {
  /** Where orders are drawn from. */
  readonly generator: Generator | undefined;
  readonly #dataset: SequenceDataset;
  readonly #layout: SequenceLayout;
  readonly #shuffle: boolean;

  /**
   * @throws RangeError when `batchSize` isn't a whole number from 1 on, or `packedSize` can't hold the longest line
   * @throws TypeError when `shuffle` is true without a generator
   */
  constructor(dataset: SequenceDataset, options: SequenceLoaderOptions) {
    const { shuffle = false, generator, ...layout } = options;
    if ('packedSize' in layout) {
      checkWhole('SequenceLoader: packedSize', layout.packedSize, 1);
      if (layout.rows !== undefined) checkWhole('SequenceLoader: rows', layout.rows, 1);
      if (layout.packedSize < dataset.longest) {
        throw new RangeError(
          `SequenceLoader: packedSize must hold the longest line, ${dataset.longest} positions; got ${layout.packedSize}`,
        );
      }
    } else checkWhole('SequenceLoader: batchSize', layout.batchSize, 1);
    if (shuffle && generator === undefined) {
      throw new TypeError(
        'SequenceLoader: shuffle needs a generator; got none; pass generator: Generator.seeded(seed)',
      );
    }
    this.#dataset = dataset;
    this.#layout = layout;
    this.#shuffle = shuffle;
    this.generator = generator;
  }

  /** A pass in an order that is drawn now and kept. Packed, the number of its batches depends on the order. */
  pass(): Pass {
    const order = drawOrder(this.#dataset.length, {
      shuffle: this.#shuffle,
      generator: this.generator,
    });
    return new SequencePass({ dataset: this.#dataset, layout: this.#layout, order });
  }

  /** A new pass. */
  [Symbol.iterator](): Iterator<Batch> {
    return this.pass()[Symbol.iterator]();
  }
}
