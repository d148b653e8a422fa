/**
 * The sum of the values, added from first to last. Not compensated: for `n` values that aren't negative the error is at
 * most n · 1.1e-16 of the sum, and in practice far less.
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** The largest value, -Infinity for none; without spreading, which fails for long arrays. */
export function largest(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  return most;
}

/** @returns `[Y]` the sum of each column of a rectangular `[X, Y]` table */
export function columnSums(table: ArrayLike<ArrayLike<number>>): Float64Array {
  const sums = new Float64Array(table[0].length);
  for (let x = 0; x < table.length; x++) {
    for (let y = 0; y < sums.length; y++) sums[y] += table[x][y];
  }
  return sums;
}

/** `-Σ p ln p` in nats over values already checked, with 0 ln 0 = 0; they need not sum to 1. */
export function entropyOf(p: ArrayLike<number>): number {
  let nats = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] > 0) nats -= p[i] * Math.log(p[i]);
  }
  return nats;
}

/**
 * `ln(a / b)` for `a, b >= 0`, not both 0. Near 1 a rounded quotient would lose the digits that make the
 * logarithm; there `a - b` is exact (Sterbenz 1974, "Floating-Point Computation") and log1p keeps them.
 */
export function logRatio(a: number, b: number): number {
  const ratio = a / b;
  if (ratio >= 0.5 && ratio <= 2) return Math.log1p((a - b) / b);
  return Math.log(a) - Math.log(b); // no quotient: it overflows for a subnormal b
}

/**
 * A term of a divergence in nats, `p ln(p/q) - p + q`. It is 0 where p = q, else positive, and Infinity
 * where q = 0 < p.
 *
 * Over two distributions `-p + q` sums to 0, so it changes no result. But without it the terms have both signs and are
 * of first order in `p - q`, and two float32 distributions whose sums differ by 1e-7 would seem to diverge by that
 * much, one way or the other.
 */
export function divergenceTerm(p: number, q: number): number {
  if (p === 0) return q; // 0 ln 0 = 0
  return p * logRatio(p, q) - (p - q);
}
