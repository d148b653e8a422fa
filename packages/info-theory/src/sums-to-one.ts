/**
 * Whether a sum of probabilities is 1 within 1e-6. The slack is for float32: each value is rounded by 6e-8 of
 * itself, and all of them by the error of their common divisor. Measured for a softmax whose divisor is added up
 * one by one in float32, worst of 30: 1.3e-7 for 27 classes, 9e-7 for 1,000, 4e-6 for 10,000.
 */
export function sumsToOne(sum: number): boolean {
  return Math.abs(sum - 1) <= 1e-6;
}
