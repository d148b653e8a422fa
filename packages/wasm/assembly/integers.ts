// The little that is computed with int32: counts.

/** `to = x + y`; strides are 1, or 0 for an operand that is one value. `to` may be an operand. */
export function addIntegers(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const xStep = <usize>xStride << 2, yStep = <usize>yStride << 2;
  for (let i = 0; i < n; i++) {
    store<i32>(to, load<i32>(x) + load<i32>(y));
    x += xStep;
    y += yStep;
    to += 4;
  }
}
