/** `n` values between -1 and 1 without a pattern that sizes could hide; another `salt` gives others. */
export const values = (n: number, salt = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(salt * 12.9898 + i * 78.233));

/** The number of elements of a shape. */
export const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
