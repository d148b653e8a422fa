import { checkRate } from '../checks.js';
import { scaledFrequencies, type FrequencyTable } from './frequency-table.js';
import { portableExp } from './portable-math.js';

/** Settings of {@link frequenciesFromLogits}. */
export interface LogitOptions {
  /** The sum of the frequencies, a power of two, at most 65,536; default: 65,536. */
  readonly total?: number;
  /**
   * The probability of an additional last symbol, "none of these", for what the network's alphabet lacks. Below 1; it
   * must be the same on both sides, such as `(escapes so far + 1) / (symbols so far + 2)`.
   */
  readonly escape?: number;
}

/** Below this a symbol's part of 65,536 is 0 anyway: e^-30 is 1e-13. */
const LEAST = -30;

/**
 * The softmax of a network's logits as a coder's frequencies, by operations that are the same in every engine:
 * differences and products of doubles, and an exponential made of them. So the same logits, bit for bit, give the same
 * frequencies everywhere.
 *
 * Logits that differ in the last bit can still give other frequencies, as every rounding has edges. Sender and receiver
 * therefore have to compute logits by the same operations in the same order, with the same number of rows in a batch if
 * that affects the order (`codeInLanes`). Plain WebAssembly SIMD then gives the same bits on every machine; relaxed
 * SIMD and `Math.exp` don't. A checksum detects a difference.
 *
 * @param logits - `[n]` finite
 * @returns a table of `n` symbols, or `n + 1` with `escape`
 * @throws RangeError when a logit isn't finite, there is none, the total isn't allowed or `escape` isn't in [0, 1)
 */
export function frequenciesFromLogits(
  logits: ArrayLike<number>,
  { total, escape }: LogitOptions = {},
): FrequencyTable {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (!Number.isFinite(logits[i])) {
      throw new RangeError(
        `frequenciesFromLogits: logits must be finite; got ${logits[i]} at index ${i}`,
      );
    }
    highest = Math.max(highest, logits[i]);
  }
  const weights = new Float64Array(logits.length + (escape === undefined ? 0 : 1));
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    weights[i] = portableExp(Math.max(logits[i] - highest, LEAST));
    sum += weights[i];
  }
  if (escape !== undefined) {
    checkRate('frequenciesFromLogits', escape, 'escape');
    if (escape === 1) throw new RangeError('frequenciesFromLogits: escape must be below 1; got 1');
    weights[logits.length] = (sum * escape) / (1 - escape);
  }
  return scaledFrequencies(weights, total);
}
