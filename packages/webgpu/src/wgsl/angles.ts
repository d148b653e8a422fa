/** Sine and its relatives, and their inverses: drivers' own lose digits of large angles. */
export const angles = {
  /**
   * An angle as a number of quarter turns and what is left, at most an eighth of a turn: of each float32, by the bits of 2/π that count for it.
   *
   * Source: Payne and Hanek (1983), "Radian reduction for trigonometric functions".
   */
  quarters: {
    calls: [],
    code: `struct Quarters { count: u32, rest: f32 }
fn quarters(x: f32) -> Quarters {
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  if (bits >= 0x7f800000u) { return Quarters(0u, nan()); }
  if (bits < 0x3f000000u) { return Quarters(0u, x); }
  var digits = array<u32, 8>(0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);
  // From the digit on that is worth 2 quarters when multiplied by the lowest bit of x: higher ones are whole turns.
  let first = (bits >> 23u) - 120u;
  let word = first / 32u;
  let shift = first % 32u;
  var high = digits[word];
  var middle = digits[word + 1u];
  if (shift > 0u) {
    high = (high << shift) | (middle >> (32u - shift));
    middle = (middle << shift) | (digits[word + 2u] >> (32u - shift));
  }
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let low = (mantissa & 0xffffu) * (middle >> 16u) + (((mantissa & 0xffffu) * (middle & 0xffffu)) >> 16u);
  let carried = (mantissa >> 16u) * (middle & 0xffffu);
  let sum = low + carried;
  let top = high * mantissa + (mantissa >> 16u) * (middle >> 16u) + (sum >> 16u) + select(0u, 0x10000u, sum < low);
  let count = (top + 0x20000000u) >> 30u;
  let next = mantissa * middle;
  let rest = f32(bitcast<i32>((top << 2u) | (next >> 30u))) * 3.6572952e-10f;
  if (x < 0.0f) { return Quarters((4u - count) & 3u, -rest); }
  return Quarters(count & 3u, rest);
}`,
  },
  /** The sine of an angle that is some quarter turns more. */
  sine: {
    calls: ['quarters'],
    code: `fn sine(x: f32, more: u32) -> f32 {
  let q = quarters(x);
  let z = q.rest * q.rest;
  let s = q.rest + q.rest * z * (-0.16666667f + z * (0.0083333333f + z * (-1.9841270e-4f + z * 2.7557319e-6f)));
  let c = 1.0f + z * (-0.5f + z * (0.041666667f + z * (-0.0013888889f + z * (2.4801587e-5f - z * 2.7557319e-7f))));
  let count = q.count + more;
  let size = select(s, c, (count & 1u) == 1u);
  return select(size, -size, (count & 2u) == 2u);
}`,
  },
  sin_: {
    calls: ['sine'],
    code: 'fn sin_(x: f32) -> f32 { return select(sine(x, 0u), x, x == 0.0f); }',
  },
  cos_: { calls: ['sine'], code: 'fn cos_(x: f32) -> f32 { return sine(x, 1u); }' },
  tan_: {
    calls: ['sine'],
    code: 'fn tan_(x: f32) -> f32 { return select(sine(x, 0u) / sine(x, 1u), x, x == 0.0f); }',
  },
  /** The angle of a point, from -π to π. */
  atan2_: {
    calls: [],
    code: `fn atan2_(y: f32, x: f32) -> f32 {
  if (is_nan(x) || is_nan(y)) { return nan(); }
  let a = abs(x);
  let b = abs(y);
  let larger = max(a, b);
  var t = select(min(a, b) / larger, select(1.0f, 0.0f, b == 0.0f), a == b);
  let isBeyond = t > 0.41421356f;
  t = select(t, (t - 1.0f) / (t + 1.0f), isBeyond);
  let z = t * t;
  var sum = 0.0f;
  for (var n = 19.0f; n > 1.0f; n -= 2.0f) { sum = (1.0f / n - sum) * z; }
  var angle = t - t * sum + select(0.0f, 0.78539816f, isBeyond);
  angle = select(angle, 1.57079633f - angle, b > a);
  angle = select(angle, 3.14159265f - angle, (bitcast<u32>(x) >> 31u) == 1u);
  return select(angle, -angle, (bitcast<u32>(y) >> 31u) == 1u);
}`,
  },
  atan_: { calls: ['atan2_'], code: 'fn atan_(x: f32) -> f32 { return atan2_(x, 1.0f); }' },
  asin_: {
    calls: ['atan2_'],
    code: `fn asin_(x: f32) -> f32 {
  if (abs(x) > 1.0f) { return nan(); }
  return atan2_(x, sqrt((1.0f - x) * (1.0f + x)));
}`,
  },
  acos_: {
    calls: ['atan2_'],
    code: `fn acos_(x: f32) -> f32 {
  if (abs(x) > 1.0f) { return nan(); }
  return atan2_(sqrt((1.0f - x) * (1.0f + x)), x);
}`,
  },
} as const;
