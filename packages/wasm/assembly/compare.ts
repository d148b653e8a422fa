// Comparisons of float32, which give a byte for each value, 1 or 0; and the choice by such bytes.

/** The four masks as bytes of 1 and 0. */
// @ts-ignore: decorator
@inline
function storeBits(to: usize, mask: v128): void {
  const bytes = i8x16.shuffle(mask, mask, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
  v128.store32_lane(to, v128.and(bytes, i8x16.splat(1)), 0);
}

/** Strides are 1, or 0 for an operand that is one value. */
export function greater(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y), xStep = <usize>xStride << 2, yStep = <usize>yStride << 2;
  const end = to + <usize>n, wide = end - 3;
  for (; to < wide; to += 4) {
    storeBits(to, f32x4.gt(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += xStep << 2;
    y += yStep << 2;
  }
  for (; to < end; to++) {
    store<u8>(to, load<f32>(x) > load<f32>(y) ? 1 : 0);
    x += xStep;
    y += yStep;
  }
}

/** Strides are 1, or 0 for an operand that is one value. */
export function greaterEqual(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y), xStep = <usize>xStride << 2, yStep = <usize>yStride << 2;
  const end = to + <usize>n, wide = end - 3;
  for (; to < wide; to += 4) {
    storeBits(to, f32x4.ge(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += xStep << 2;
    y += yStep << 2;
  }
  for (; to < end; to++) {
    store<u8>(to, load<f32>(x) >= load<f32>(y) ? 1 : 0);
    x += xStep;
    y += yStep;
  }
}

/** Strides are 1, or 0 for an operand that is one value. */
export function equal(x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y), xStep = <usize>xStride << 2, yStep = <usize>yStride << 2;
  const end = to + <usize>n, wide = end - 3;
  for (; to < wide; to += 4) {
    storeBits(to, f32x4.eq(xStride ? v128.load(x) : x0, yStride ? v128.load(y) : y0));
    x += xStep << 2;
    y += yStep << 2;
  }
  for (; to < end; to++) {
    store<u8>(to, load<f32>(x) == load<f32>(y) ? 1 : 0);
    x += xStep;
    y += yStep;
  }
}

/** `condition[i] ? x[i] : y[i]`, the condition in bytes; strides are 1, or 0 for an operand that is one value. */
export function select(condition: usize, x: usize, xStride: i32, y: usize, yStride: i32, to: usize, n: i32): void {
  const x0 = v128.load32_splat(x), y0 = v128.load32_splat(y), xStep = <usize>xStride << 2, yStep = <usize>yStride << 2;
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
    const no = i32x4.eq(words, i32x4.splat(0));
    v128.store(to, v128.bitselect(yStride ? v128.load(y) : y0, xStride ? v128.load(x) : x0, no));
    condition += 4;
    x += xStep << 2;
    y += yStep << 2;
  }
  for (; to < end; to += 4) {
    store<f32>(to, load<u8>(condition++) ? load<f32>(x) : load<f32>(y));
    x += xStep;
    y += yStep;
  }
}
