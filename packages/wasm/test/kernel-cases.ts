/** Lengths for every kernel: nothing, less than a register, whole ones, and tails behind them. */
export const SIZES: readonly number[] = [0, 1, 3, 4, 5, 7, 8, 15, 16, 17, 27, 64];

/** Values at which arithmetic may go wrong: zeros, infinities, NaN, subnormal and large numbers, the ends of exp. */
export const SPECIAL: readonly number[] = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  Number.NaN,
  1e-40,
  3e38,
  -3e38,
  88,
  -88,
  100,
  -104,
];
