import { logRatio } from './log-ratio.js';

/**
 * A summand of a divergence in nats, `p ln(p/q) - p + q`. It is 0 where p = q, else positive, and Infinity
 * where q = 0 < p.
 *
 * Over two distributions `-p + q` sums to 0, so it changes no result. But without it the summands are of both
 * signs and of first order in `p - q`, and two float32 distributions whose sums differ by 1e-7 would seem to
 * diverge by that much, one way or the other.
 */
export function divergenceTerm(p: number, q: number): number {
  if (p === 0) return q; // 0 ln 0 = 0
  return p * logRatio(p, q) - (p - q);
}
