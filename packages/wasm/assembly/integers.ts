// The little that is computed with int32: counts, places.

const ADD: i32 = 0, SUBTRACT: i32 = 1, MULTIPLY: i32 = 2;

// @ts-ignore: decorator
@inline
function run(operation: i32, x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const xStep = <usize>xStride << 2, yStep = <usize>yStride << 2;
  for (let i = 0; i < n; i++) {
    const a = load<i32>(x), b = load<i32>(y);
    store<i32>(to, operation == ADD ? a + b : operation == SUBTRACT ? a - b : a * b);
    x += xStep;
    y += yStep;
    to += 4;
  }
}

/** `to = x + y`; strides are 1, or 0 for an operand that is one value. `to` may be an operand. All wrap around. */
export function addIntegers(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  run(ADD, x, xStride, y, yStride, to, n);
}

export function subtractIntegers(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  run(SUBTRACT, x, xStride, y, yStride, to, n);
}

export function multiplyIntegers(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  run(MULTIPLY, x, xStride, y, yStride, to, n);
}
