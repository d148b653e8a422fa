import { checkLines, encodeLine } from '../tokens/encode-line.js';
import type { Tokenizer } from '../tokens/tokenizer.js';

/**
 * Whole lines as examples: a line of `k` characters is read as padding and its characters, `k + 1` positions, and each
 * position has the next token as its target, the last one the end. Over all lines these are the rows of a
 * `NextTokenDataset`, each once, without their contexts written out. `SequenceLoader` makes batches of them.
 */
export class SequenceDataset {
  /** N: lines. */
  readonly length: number;
  /** Positions of all lines together. */
  readonly positions: number;
  /** Positions of the longest line. */
  readonly longest: number;
  /** The token that begins, ends and fills a line. */
  readonly paddingIndex: number;
  /** All lines, each as padding and its characters: `[positions]` int32. */
  readonly tokens: Int32Array;
  /** Where each line begins in `tokens`, and where the last one ends: `[N + 1]`. */
  readonly starts: Int32Array;

  /**
   * @throws TypeError when `lines` is no array
   * @throws DataError when there is no line, or a line holds a character that the tokenizer doesn't know
   */
  constructor(lines: readonly string[], tokenizer: Tokenizer) {
    checkLines('SequenceDataset', lines);
    const encoded = Array.from(lines.entries(), (line) =>
      encodeLine('SequenceDataset', line, tokenizer),
    );
    this.length = lines.length;
    this.paddingIndex = tokenizer.paddingIndex;
    this.starts = new Int32Array(this.length + 1);
    this.longest = 0;
    for (const [i, tokens] of encoded.entries()) {
      const positions = tokens.length + 1;
      this.starts[i + 1] = this.starts[i] + positions;
      this.longest = Math.max(this.longest, positions);
    }
    this.positions = this.starts[this.length];
    this.tokens = new Int32Array(this.positions).fill(tokenizer.paddingIndex);
    for (const [i, tokens] of encoded.entries()) this.tokens.set(tokens, this.starts[i] + 1);
  }
}
