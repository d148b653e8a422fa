import { divergenceTerm } from './divergence-term.js';

/** The Jensen–Shannon divergence in nats, 0 … ln 2, of two distributions already checked. */
export function jensenShannonOf(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let quadruple = 0;
  for (let i = 0; i < p.length; i++) {
    const twiceMean = p[i] + q[i]; // doubled, since half of the smallest subnormal is 0
    // The two terms are added first: that commutes, so swapping p and q changes no bit of the sum.
    const ofBoth = divergenceTerm(2 * p[i], twiceMean) + divergenceTerm(2 * q[i], twiceMean);
    quadruple += ofBoth;
  }
  // Rounding, and sums that are up to 1e-6 above 1, can lead past either bound.
  return Math.min(Math.max(quadruple / 4, 0), Math.LN2);
}
