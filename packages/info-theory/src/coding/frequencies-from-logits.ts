import type { FrequencyTable } from './frequency-table.js';
import { portableExp } from './portable-exp.js';
import { scaledFrequencies } from './scaled-frequencies.js';

/** Below this a symbol's share of 65,536 is 0 anyway: e^-30 is 1e-13. */
const LEAST = -30;

/**
 * The softmax of a network's logits as a coder's frequencies, by operations that are exact in each engine: differences
 * and products of doubles, and an exponential made of them. So the same logits, bit for bit, give the same frequencies
 * everywhere.
 *
 * Logits that differ in a last bit can still give other frequencies: no rounding can prevent that, as there is always a
 * value right at its edge. Sender and receiver therefore have to compute logits by the same operations in the same
 * order, with the same number of rows in a batch if its kernels depend on it; plain WebAssembly SIMD then gives the same
 * bits on each machine, relaxed SIMD and `Math.exp` don't. A checksum tells if they didn't.
 *
 * @param logits - `[n]` finite
 * @param total - a power of two, at most 65,536, which it is unless given
 * @throws RangeError when a logit isn't finite, there is none, or the total doesn't suit
 */
export function frequenciesFromLogits(logits: ArrayLike<number>, total?: number): FrequencyTable {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (!Number.isFinite(logits[i])) {
      throw new RangeError(
        `frequenciesFromLogits: logits must be finite; got ${logits[i]} at index ${i}`,
      );
    }
    highest = Math.max(highest, logits[i]);
  }
  const weights = Float64Array.from(logits, (logit) =>
    portableExp(Math.max(logit - highest, LEAST)),
  );
  return scaledFrequencies(weights, total);
}
