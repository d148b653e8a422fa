import type { Generator } from '@llm101/random';
import { checkWhole } from '../errors.js';
import { asTokenLines, checkTokenLines, type TokenLines } from '../tokens/token-lines.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { hashLines, type LoaderIdentity } from './identity.js';
import { cutLines, type Pieces, type SequenceLayout } from './line-pieces.js';
import { type Batch, checkBatchIndex, drawOrder, type Pass } from './pass.js';

/**
 * Whole lines as examples: a line of `k` characters is read as padding and its characters, `k + 1` positions, and each
 * position has the next token as its target, the last one the end. Over all lines these are the rows of a
 * `NextTokenDataset`, each once, without their contexts written out. {@link SequenceLoader} makes batches of them. Of lines that have
 * answers, only the positions of these count.
 */
export class SequenceDataset {
  /** N: lines. */
  readonly length: number;
  /** Positions of all lines together. */
  readonly positions: number;
  /** Positions of the longest line. */
  readonly longest: number;
  /** The tokens that the examples are read from. */
  readonly lines: TokenLines;

  /**
   * @param lines - strings, or what `encodeLines` made of them by the same tokenizer, which data sets can share
   * @throws TypeError when `lines` is no array
   * @throws DataError when there is no line, or a line holds a character that the tokenizer doesn't know
   */
  constructor(lines: readonly string[] | TokenLines, tokenizer: Tokenizer) {
    this.lines = asTokenLines(lines, tokenizer, 'SequenceDataset');
    this.length = this.lines.length;
    this.positions = this.lines.positions;
    this.longest = this.lines.longest;
  }
}

/** Options of {@link SequenceLoader}. */
export type SequenceLoaderOptions = SequenceLayout & {
  /** A new random order for each pass. Default: false. */
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
  readonly #lines: TokenLines;
  readonly #pieces: Pieces;
  readonly #layout: SequenceLayout;
  readonly #shuffle: boolean;

  /**
   * @throws RangeError when `batchSize` isn't a whole number from 1 on, `packedSize` can't hold the longest line and there is no
   * `lookBack` below it, or the data set's lines aren't such as they say
   * @throws TypeError when `shuffle` is true without a generator, or the data set is one of windows or blocks
   */
  constructor(dataset: SequenceDataset, options: SequenceLoaderOptions) {
    const { shuffle = false, generator, ...layout } = options;
    const { lines } = dataset;
    if ('copyRow' in dataset || typeof lines !== 'object') {
      throw new TypeError(
        'SequenceLoader: the data set must be one of whole lines, a SequenceDataset; got another; rows are for a DataLoader',
      );
    }
    checkTokenLines('SequenceLoader', lines);
    if ('packedSize' in layout) {
      checkWhole('SequenceLoader: packedSize', layout.packedSize, 1);
      if (layout.rows !== undefined) checkWhole('SequenceLoader: rows', layout.rows, 1);
      const { packedSize, lookBack } = layout;
      if (lookBack !== undefined) checkWhole('SequenceLoader: lookBack', lookBack, 0);
      if (packedSize < lines.longest && !(lookBack !== undefined && lookBack < packedSize)) {
        throw new RangeError(
          `SequenceLoader: packedSize must hold the longest line, ${lines.longest} positions` +
            (lookBack === undefined ? '' : `, or be above lookBack, ${lookBack}`) +
            `; got ${packedSize}`,
        );
      }
    } else checkWhole('SequenceLoader: batchSize', layout.batchSize, 1);
    if (shuffle && generator === undefined) {
      throw new TypeError(
        'SequenceLoader: shuffle needs a generator; got none; pass generator: Generator.seeded(seed)',
      );
    }
    this.#lines = lines;
    this.#pieces = cutLines(lines, layout);
    this.#layout = layout;
    this.#shuffle = shuffle;
    this.generator = generator;
  }

  /** A pass in an order that is drawn now and kept. Packed, the number of its batches depends on the order. */
  pass(): Pass {
    const { length, rowAt } = drawOrder(this.#pieces.firsts.length, {
      shuffle: this.#shuffle,
      generator: this.generator,
    });
    const order = Int32Array.from({ length }, (_, i) => rowAt(i));
    return new SequencePass({
      lines: this.#lines,
      pieces: this.#pieces,
      layout: this.#layout,
      order,
    });
  }

  /** What decides its batches beside the generator: the lines by a hash, and how they are laid out. */
  identity(): LoaderIdentity {
    const lines = this.#lines;
    return { data: hashLines(lines), lines: lines.length, shuffle: this.#shuffle, ...this.#layout };
  }

  /** A new pass. */
  [Symbol.iterator](): Iterator<Batch> {
    return this.pass()[Symbol.iterator]();
  }
}

/** What a {@link SequencePass} goes over. */
interface SequencePassOptions {
  readonly lines: TokenLines;
  readonly pieces: Pieces;
  readonly layout: SequenceLayout;
  /** `[N]` numbers of pieces. */
  readonly order: Int32Array;
}

/** The arrays of the largest batch of a pass. */
type BatchBuffers = Omit<Batch, 'size' | 'contextSize' | 'weights'> &
  Required<Pick<Batch, 'weights'>>;

/** A pass over whole lines in a fixed order; each iterator has buffers of one batch. */
class SequencePass implements Pass {
  readonly length: number;
  readonly #lines: TokenLines;
  readonly #pieces: Pieces;
  readonly #order: Int32Array;
  /** The shape of every batch where lines are packed. */
  readonly #packed: { readonly rows: number; readonly width: number } | undefined;
  /** Where each batch begins in the order, and where the last one ends. */
  readonly #bounds: readonly number[];
  /** Positions of the largest batch. */
  readonly #capacity: number;

  constructor({ lines, pieces, layout, order }: SequencePassOptions) {
    this.#lines = lines;
    this.#pieces = pieces;
    const { length } = pieces.firsts;
    this.#order = order;
    if ('packedSize' in layout) {
      const { rows = 1, packedSize: width } = layout;
      this.#packed = { rows, width };
      this.#bounds = this.#fill(rows, width);
      this.#capacity = rows * width;
    } else {
      this.#bounds = this.#cut(layout.batchSize);
      this.#capacity = Math.min(layout.batchSize, length) * pieces.longest;
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

  *#batches(start: number): Iterator<Batch, void, undefined> {
    const hasAnswers = this.#pieces.lines !== undefined;
    const buffers = {
      inputs: new Int32Array(this.#capacity),
      targets: new Int32Array(this.#capacity),
      weights: new Float32Array(this.#capacity),
      ...(hasAnswers && { answers: new Int32Array(this.#capacity) }),
    };
    for (let i = start; i < this.length; i++) yield this.#batch(i, buffers);
  }

  #batch(index: number, { inputs, targets, weights, answers }: BatchBuffers): Batch {
    const pieces = this.#order.subarray(this.#bounds[index], this.#bounds[index + 1]);
    const packed = this.#packed;
    const size = packed?.rows ?? pieces.length;
    const contextSize =
      packed?.width ?? pieces.reduce((most, i) => Math.max(most, this.#positions(i)), 0);
    const count = size * contextSize;
    const { tokens, paddingIndex } = this.#lines;
    const { firsts, ends, skipped, lines } = this.#pieces;
    inputs.fill(paddingIndex, 0, count);
    targets.fill(paddingIndex, 0, count);
    weights.fill(0, 0, count);
    answers?.fill(-1, 0, count);
    let at = 0;
    for (const piece of pieces) {
      const [first, end] = [firsts[piece], ends[piece]];
      if (packed !== undefined) at = this.#placeFor(end - first, at, contextSize);
      inputs.set(tokens.subarray(first, end), at);
      targets.set(tokens.subarray(first + 1, end + 1), at);
      weights.fill(1, at + skipped[piece], at + end - first);
      if (lines !== undefined) answers?.fill(lines[piece], at + skipped[piece], at + end - first);
      at += packed === undefined ? contextSize : end - first;
    }
    return {
      size,
      contextSize,
      inputs: inputs.subarray(0, count),
      targets: targets.subarray(0, count),
      weights: weights.subarray(0, count),
      ...(answers && { answers: answers.subarray(0, count) }),
    };
  }

  /** Bounds of batches with as many lines each; the last may have fewer. */
  #cut(batchSize: number): number[] {
    const { length } = this.#order;
    const batches = Math.ceil(length / batchSize);
    return Array.from({ length: batches + 1 }, (_, i) => Math.min(i * batchSize, length));
  }

  /** Bounds of batches with as many lines as `rows` rows hold. */
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

  /** Where a line of `positions` fits: at `at`, or else from the next row on. */
  #placeFor(positions: number, at: number, width: number): number {
    const used = at % width;
    // A row that is full to the brim looks like a new one, and is.
    return used + positions <= width ? at : at - used + width;
  }

  #positions(line: number): number {
    return this.#pieces.ends[line] - this.#pieces.firsts[line];
  }
}
