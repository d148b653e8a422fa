/**
 * `ln(a / b)` for `a, b >= 0`, not both 0. Near 1 a rounded quotient would lose the digits that make the
 * logarithm; there `a - b` is exact (Sterbenz 1974, "Floating-Point Computation") and log1p keeps them.
 */
export function logRatio(a: number, b: number): number {
  const ratio = a / b;
  if (ratio >= 0.5 && ratio <= 2) return Math.log1p((a - b) / b);
  return Math.log(a) - Math.log(b); // no quotient: it overflows for a subnormal b
}
