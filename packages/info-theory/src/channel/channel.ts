import { checkDistribution, checkRectangular, checkSymbols } from '../checks.js';
import type { RandomSource } from '../random-source.js';

/**
 * A discrete channel without memory: what is received depends on the symbol sent alone, by fixed probabilities.
 *
 * Source: Shannon (1948), "A Mathematical Theory of Communication", section 11.
 */
export class Channel {
  /** The number of symbols that can be sent: 0 … inputs - 1. */
  readonly inputs: number;
  /** The number of symbols that can be received: 0 … outputs - 1. */
  readonly outputs: number;
  /** `[inputs, outputs]` p(received | sent), a row for each symbol sent. */
  readonly matrix: readonly Float64Array[];

  /**
   * @param matrix - `[inputs, outputs]` p(received | sent); each row is a distribution
   * @throws RangeError when the rows differ in length or one isn't a distribution (sum within 1e-6 of 1)
   */
  constructor(matrix: ArrayLike<ArrayLike<number>>) {
    checkRectangular('Channel', matrix);
    this.matrix = Array.from(matrix, (row, sent) => {
      checkDistribution('Channel', row, `probabilities of row ${sent}`);
      return new Float64Array(row);
    });
    this.inputs = matrix.length;
    this.outputs = matrix[0].length;
  }

  /**
   * Sends symbols, each of which may be changed.
   *
   * @param symbols - `[n]` 0 … inputs - 1
   * @param random - one draw per symbol
   * @returns `[n]` what is received, 0 … outputs - 1
   * @throws RangeError when a symbol can't be sent
   */
  transmit(symbols: ArrayLike<number>, random: RandomSource): number[] {
    checkSymbols('Channel', symbols, this.inputs);
    return Array.from(symbols, (sent) => draw(this.matrix[sent], random.nextDouble()));
  }
}

/**
 * The symbol whose part of [0, 1) contains a number; what rounding leaves at the end belongs to the last possible one.
 */
function draw(p: Float64Array, uniform: number): number {
  let rest = uniform;
  let last = 0;
  for (let y = 0; y < p.length; y++) {
    if (p[y] === 0) continue;
    if (rest < p[y]) return y;
    rest -= p[y];
    last = y;
  }
  return last;
}

/**
 * The fraction of symbols that differ, over pairs of sequences of the same length.
 *
 * @param sent - sequences of symbols
 * @param received - as many, each as long as its counterpart
 * @throws RangeError when they aren't, or have no symbol
 */
export function symbolErrorRate(
  sent: readonly ArrayLike<number>[],
  received: readonly ArrayLike<number>[],
): number {
  if (sent.length !== received.length) {
    throw new RangeError(
      `symbolErrorRate: there must be as many sequences received as sent; got ${received.length} and ${sent.length}`,
    );
  }
  let wrong = 0;
  let total = 0;
  for (const [i, sequence] of sent.entries()) {
    if (sequence.length !== received[i].length) {
      throw new RangeError(
        `symbolErrorRate: sequences must be as long as their counterparts; got ${sequence.length} and ${received[i].length} at index ${i}`,
      );
    }
    for (let j = 0; j < sequence.length; j++) if (sequence[j] !== received[i][j]) wrong++;
    total += sequence.length;
  }
  if (total === 0) {
    throw new RangeError('symbolErrorRate: the sequences must have a symbol; got none');
  }
  return wrong / total;
}
