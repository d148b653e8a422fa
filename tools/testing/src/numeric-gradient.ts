/**
 * Gradient of a scalar function by central differences, `(f(x + h) - f(x - h)) / 2h` for each coordinate.
 *
 * @param f - reads `x`, returns one number; called `2 n` times
 * @param x - the point, float32; put back as it was
 * @param h - the step; 1e-2 suits float32 arithmetic, whose rounding a smaller step would amplify
 */
export function numericGradient(
  f: (x: Float32Array) => number,
  x: Float32Array,
  h = 1e-2,
): number[] {
  return Array.from(x, (value, i) => {
    x[i] = value + h;
    const upper = x[i];
    const above = f(x);
    x[i] = value - h;
    const lower = x[i];
    const below = f(x);
    x[i] = value;
    return (above - below) / (upper - lower);
  });
}
