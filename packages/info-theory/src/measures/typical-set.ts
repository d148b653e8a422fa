import { checkDistribution, checkSize } from '../checks.js';
import { entropyOf } from '../sums.js';
import { inUnit, type UnitOptions } from '../units.js';

export interface TypicalSetOptions extends UnitOptions {
  /** The number of symbols in a sequence, from 1 on. */
  readonly length: number;
  /** How far a sequence's surprisal per symbol may be from the entropy, in the requested unit; positive. */
  readonly epsilon: number;
}

/** The sequences whose surprisal per symbol is within `epsilon` of the entropy. */
export interface TypicalSet {
  /** The probability that a sequence is one of them: near 1 for long sequences. */
  readonly probability: number;
  /** The logarithm of their number, in the requested unit; -Infinity if there are none. */
  readonly logSize: number;
  /** An upper bound of `logSize`: `length (H + epsilon)`. */
  readonly upperBound: number;
  /** A lower bound, given their probability: `length (H - epsilon) + ln probability`. */
  readonly lowerBound: number;
}

/** At most this many types are visited: a few seconds. */
const MOST_TYPES = 5e6;

/**
 * The number of typical sequences of independent symbols, and their total probability: almost all of the probability is
 * in about `e^(n H)` of the `k^n` sequences, which is why `n H` nats suffice for a code. Counted exactly, by types:
 * sequences with the same counts of symbols are equally likely.
 *
 * Source: Cover and Thomas (2006), "Elements of Information Theory", theorem 3.1.2; types in section 11.1.
 *
 * @param p - `[k]` probabilities of a symbol
 * @throws RangeError when `p` isn't a distribution (sum within 1e-6 of 1), the length isn't a whole number from 1 on,
 *   epsilon isn't positive, there are more than 5,000,000 types to visit or the unit is unknown
 */
export function typicalSet(p: ArrayLike<number>, options: TypicalSetOptions): TypicalSet {
  checkDistribution('typicalSet', p);
  const { length, epsilon } = options;
  checkSize('typicalSet', length, 'length');
  if (!(epsilon > 0)) throw new RangeError(`typicalSet: epsilon must be positive; got ${epsilon}`);
  const inOption = (nats: number) => inUnit('typicalSet', nats, options);
  const nats = epsilon / inOption(1);
  const surprisals = Array.from(p)
    .filter((value) => value > 0)
    .map((value) => 0 - Math.log(value));
  const types = compositions(length, surprisals.length);
  if (types > MOST_TYPES) {
    throw new RangeError(
      `typicalSet: there must be at most ${MOST_TYPES} ways to count the symbols of a sequence; got ${types}; take a shorter sequence or fewer symbols`,
    );
  }
  const { probability, size } = sumOverTypical(surprisals, length, nats);
  const h = entropyOf(p);
  return {
    probability: Math.min(probability, 1),
    logSize: inOption(size),
    upperBound: inOption(length * (h + nats)),
    lowerBound: inOption(length * (h - nats) + Math.log(Math.min(probability, 1))),
  };
}

/** The probability of all typical sequences, and the logarithm of their number. */
function sumOverTypical(
  surprisals: readonly number[],
  length: number,
  epsilon: number,
): { probability: number; size: number } {
  const h = surprisals.reduce((mean, s) => mean + Math.exp(-s) * s, 0);
  const logFactorials = new Float64Array(length + 1);
  for (let n = 1; n <= length; n++) logFactorials[n] = logFactorials[n - 1] + Math.log(n);
  // A sequence exactly at the edge belongs to the set; rounding errors of n terms must not exclude it.
  const allowed = length * epsilon * (1 + 1e-12) + length * 1e-14;
  const sizes: number[] = [];
  let probability = 0;
  forEachComposition(length, surprisals.length, (counts) => {
    let surprisal = 0;
    let logSize = logFactorials[length];
    for (const [i, count] of counts.entries()) {
      surprisal += count * surprisals[i];
      logSize -= logFactorials[count];
    }
    if (Math.abs(surprisal - length * h) > allowed) return;
    probability += Math.exp(logSize - surprisal);
    sizes.push(logSize);
  });
  let largest = -Infinity;
  for (const size of sizes) largest = Math.max(largest, size);
  let scaled = 0;
  for (const size of sizes) scaled += Math.exp(size - largest);
  return { probability, size: sizes.length === 0 ? -Infinity : largest + Math.log(scaled) };
}

/** The number of ways to write `total` as an ordered sum of `parts` whole numbers from 0 on. */
function compositions(total: number, parts: number): number {
  let ways = 1;
  for (let i = 1; i < parts; i++) ways = (ways * (total + i)) / i;
  return Math.round(ways);
}

/** Calls `visit` with each of them; the array is reused. */
function forEachComposition(
  total: number,
  parts: number,
  visit: (counts: readonly number[]) => void,
): void {
  const counts = Array.from({ length: parts }, () => 0);
  const place = (part: number, rest: number): void => {
    if (part === parts - 1) {
      counts[part] = rest;
      visit(counts);
      return;
    }
    for (let count = 0; count <= rest; count++) {
      counts[part] = count;
      place(part + 1, rest - count);
    }
  };
  place(0, total);
}
