// Conversions between types.

/** bool, a byte each, to float32. */
export function castBool(x: usize, to: usize, n: i32): void {
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x)));
    v128.store(to, f32x4.convert_i32x4_s(words));
    x += 4;
  }
  for (; to < end; to += 4) store<f32>(to, <f32>load<u8>(x++));
}

/** float32 to int32 as JavaScript's `x | 0`: towards 0, modulo 2^32; 0 for NaN and infinities. */
export function castFloat(x: usize, to: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const value = load<f32>(x);
    // From 2^63 on float32 are multiples of 2^40.
    store<i32>(to, abs(value) < <f32>9223372036854775808.0 ? <i32>(<i64>value) : 0);
    x += 4;
    to += 4;
  }
}

/** 4-byte values to bool: 1 where `ignored` of the bits leaves any, so -0 is false and NaN true. */
export function castToBool(x: usize, to: usize, n: i32, ignored: i32): void {
  const bits = ~ignored;
  for (let i = 0; i < n; i++) {
    store<u8>(to + i, load<i32>(x) & bits ? 1 : 0);
    x += 4;
  }
}
