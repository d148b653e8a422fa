import { checkWhole, count, DataError } from '../errors.js';
import type { TokenArray } from '../tokens/token-lines.js';
import { asTokenSource, type TokenBuffer, type TokenSource } from '../tokens/token-source.js';
import type { Dataset } from './dataset.js';

/** Options of {@link BlockDataset}. */
export interface BlockDatasetOptions {
  /** T: tokens of a row. */
  readonly contextSize: number;
  /** How many tokens after a row the next one begins; with T, rows don't overlap. Default: 1. */
  readonly stride?: number;
  /** Whether each position of a row has a target, or the last one alone. Default: `'each'`. */
  readonly targets?: 'each' | 'last';
}

/**
 * Stretches of one text as examples: row i is the T tokens from `i * stride` on, and its targets are what follows each of them,
 * or what follows the row. Nothing is filled: there are only whole rows. With `T = 3` and stride 1, `abcde` makes `abc --> bcd`
 * and `bcd --> cde`: as many rows as nanoGPT's `randint(len(data) - T)` draws from.
 */
export class BlockDataset implements Dataset {
  /** `floor((tokens.length - T - 1) / stride) + 1` */
  readonly length: number;
  readonly contextSize: number;
  readonly targetsPerRow: number;
  /** The text that rows are read from. */
  readonly tokens: TokenSource;
  readonly #stride: number;

  /**
   * @param tokens - of the text; an array is read in place
   * @throws RangeError when `contextSize` or `stride` isn't a whole number from 1 on, or `targets` is another word
   * @throws DataError when the text has fewer than T + 1 tokens
   */
  constructor(
    tokens: TokenSource | TokenArray,
    { contextSize, stride = 1, targets = 'each' }: BlockDatasetOptions,
  ) {
    checkWhole('BlockDataset: contextSize', contextSize, 1);
    checkWhole('BlockDataset: stride', stride, 1);
    if (targets !== 'each' && targets !== 'last') {
      throw new RangeError(
        `BlockDataset: targets must be 'each' or 'last'; got '${String(targets)}'`,
      );
    }
    if (tokens.length <= contextSize) {
      throw new DataError(
        `BlockDataset: a text must have at least ${count(contextSize + 1)} tokens, a block of ${count(contextSize)} and what ` +
          `follows it; got ${count(tokens.length)}; give a longer text or a smaller contextSize`,
      );
    }
    this.tokens = asTokenSource(tokens);
    this.length = Math.floor((tokens.length - contextSize - 1) / stride) + 1;
    this.contextSize = contextSize;
    this.targetsPerRow = targets === 'each' ? contextSize : 1;
    this.#stride = stride;
  }

  copyRow(row: number, into: TokenBuffer, at: number): void {
    this.tokens.copy(row * this.#stride, this.contextSize, into, at);
  }

  copyTargets(row: number, into: TokenBuffer, at: number): void {
    const K = this.targetsPerRow;
    this.tokens.copy(row * this.#stride + this.contextSize + 1 - K, K, into, at);
  }

  /** A hash of the tokens and of the stride. */
  hash(): string {
    return `${this.tokens.hash()} stride ${this.#stride}`;
  }
}
