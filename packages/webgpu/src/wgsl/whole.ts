/** Functions of whole numbers, and between them and float32. */
export const wholeFunctions = {
  /** Towards 0, modulo 2^32; 0 of NaN and infinities: as JavaScript's `x | 0`. */
  whole: {
    calls: [],
    code: `fn whole(x: f32) -> i32 {
  let bits = bitcast<u32>(x);
  let shift = i32((bits >> 23u) & 0xffu) - 150i;
  if (shift <= 7i) { return i32(x); }
  if (shift > 31i) { return 0i; }
  let size = bitcast<i32>(((bits & 0x7fffffu) | 0x800000u) << u32(shift));
  return select(size, -size, (bits >> 31u) == 1u);
}`,
  },
  /** The rest of a division, of the sign of y; of one by 0 it is 0. */
  whole_rest: {
    calls: [],
    code: `fn whole_rest(x: i32, y: i32) -> i32 {
  if (y == 0i) { return 0i; }
  let rest = x % y;
  return select(rest, rest + y, rest != 0i && (x < 0i) != (y < 0i));
}`,
  },
  /** A quotient, rounded down; of a division by 0 it is 0. */
  whole_quotient: {
    calls: [],
    code: `fn whole_quotient(x: i32, y: i32) -> i32 {
  if (y == 0i) { return 0i; }
  return x / y - select(0i, 1i, x % y != 0i && (x < 0i) != (y < 0i));
}`,
  },
  /** x^y, towards 0. */
  whole_power: {
    calls: [],
    code: `fn whole_power(x: i32, y: i32) -> i32 {
  if (y < 0i) {
    if (x * x != 1i) { return 0i; }
    return select(x, 1i, (y & 1i) == 0i);
  }
  var power = 1i;
  var square = x;
  for (var n = y; n > 0i; n >>= 1u) {
    if ((n & 1i) == 1i) { power *= square; }
    square *= square;
  }
  return power;
}`,
  },
  /** The rest of a division, of the sign of x, without an error: a division of mantissas, bit by bit. */
  rest_: {
    calls: [],
    code: `fn rest_(x: f32, y: f32) -> f32 {
  let a = bitcast<u32>(x) & 0x7fffffffu;
  let b = bitcast<u32>(y) & 0x7fffffffu;
  if (a >= 0x7f800000u || b > 0x7f800000u || b == 0u) { return nan(); }
  if (a < b) { return x; }
  let shift = max(b >> 23u, 1u);
  let divisor = (b & 0x7fffffu) | select(0x800000u, 0u, b < 0x800000u);
  var rest = ((a & 0x7fffffu) | select(0x800000u, 0u, a < 0x800000u)) % divisor;
  for (var n = max(a >> 23u, 1u); n > shift; n--) {
    rest <<= 1u;
    if (rest >= divisor) { rest -= divisor; }
  }
  let sign = bitcast<u32>(x) & 0x80000000u;
  if (rest == 0u) { return bitcast<f32>(sign); }
  let zeros = countLeadingZeros(rest) - 8u;
  if (zeros >= shift) { return bitcast<f32>(sign | (rest << (shift - 1u))); }
  return bitcast<f32>(sign | ((shift - zeros) << 23u) | ((rest << zeros) & 0x7fffffu));
}`,
  },
  /** The rest of a division, of the sign of y; just below 0 it rounds to y. By an infinity of the other sign it is NaN, as tfjs has it. */
  modulo: {
    calls: ['rest_'],
    code: `fn modulo(x: f32, y: f32) -> f32 {
  let rest = rest_(x, y);
  if (is_infinite(y) && (x < 0.0f) != (y < 0.0f)) { return nan(); }
  return select(rest, rest + y, rest != 0.0f && (rest < 0.0f) != (y < 0.0f));
}`,
  },
  /** A quotient, rounded down. One that is whole comes out so, though drivers' division may be off. */
  quotient: {
    calls: [],
    code: `fn quotient(x: f32, y: f32) -> f32 {
  let near = round(x / y);
  return select(floor(x / y), near, near * y == x);
}`,
  },
} as const;
