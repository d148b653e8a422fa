// Transcendental functions of four float32, as polynomials with constants in the code: Mathf would bring tables, which
// as static data would overwrite memory that isn't ours.

/** Added and taken away again, it rounds to a whole number, which then stands in the low bits: 1.5 2^23. */
const ROUNDER: f32 = 12582912;

/**
 * e^x. Cody-Waite reduction to |r| <= ln 2 / 2, then a minimax polynomial to r^6 (4e-9, exact to r²); below 2 ulp. NaN stays NaN.
 * `pmin` and `pmax` are one instruction where `min` and `max` are seven; with x first they hand a NaN on.
 */
export function exp4(x: v128): v128 {
  // Below -104 the result is 0, above 89 infinite.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const shifted = f32x4.add(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)), f32x4.splat(ROUNDER));
  const whole = i32x4.sub(shifted, f32x4.splat(ROUNDER)), n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(0.0013863766);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0083675));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.041667238));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.16666535));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  // 2^n in two factors, so that subnormal results and 2^128 come out.
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, power2(half)), power2(i32x4.sub(whole, half)));
}

// @ts-ignore: decorator
@inline
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * ln x. `x = 2^e m` with m in [√½, √2), then `ln m = 2 artanh((m - 1) / (m + 1))` as a series; below 3 ulp.
 * ln 0 is -∞, of a negative NaN, of ∞ ∞.
 */
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  // The exponent counted from √½, by integer arithmetic on the bits.
  const shifted = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  let e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  e = f32x4.sub(e, v128.and(tiny, f32x4.splat(23)));
  const f = f32x4.sub(m, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 9);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 7));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 5));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 3));
  // ln m = f - s (f - z p) keeps the leading term exact.
  const lnM = f32x4.sub(f, f32x4.mul(s, f32x4.sub(f, f32x4.mul(z, p))));
  const low = f32x4.mul(e, f32x4.splat(-2.12194440e-4));
  let y = f32x4.add(f32x4.mul(e, f32x4.splat(0.693359375)), f32x4.add(low, lnM));
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0)));
  y = v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(Infinity)));
  return v128.bitselect(f32x4.splat(NaN), y, v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.ne(x, x)));
}

/** 1 / (1 + e^-x); below 4 ulp. */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** Between -1 and 1; a NaN stays. */
// @ts-ignore: decorator
@inline
function withinOne(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(1)), f32x4.splat(-1));
}

/** tanh x: x P(x²) / Q(x²), minimax (2e-8) up to 9.01, where tanh rounds to 1; below 3 ulp. */
export function tanh4(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(9.01)), f32x4.splat(-9.01));
  const z = f32x4.mul(bounded, bounded), one = f32x4.splat(1);
  let p = f32x4.splat(1.3336846e-8), q = f32x4.splat(7.7692823e-7);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0596271e-5));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.0003284363));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.003494811));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.025874026));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.13380371));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.46713686));
  p = f32x4.add(f32x4.mul(p, z), one);
  q = f32x4.add(f32x4.mul(q, z), one);
  return withinOne(f32x4.div(f32x4.mul(bounded, p), q));
}

/** The error function, in the same way (2e-8) up to 3.93; below 3 ulp. */
export function erf4(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(3.93)), f32x4.splat(-3.93));
  const z = f32x4.mul(bounded, bounded);
  let p = f32x4.splat(2.041988e-6), q = f32x4.splat(3.800422e-5);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.0002848079));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.0011652001));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.0037795526));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.014997323));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.05279011));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.114256956));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.19078243));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.5024092));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.1283791));
  q = f32x4.add(f32x4.mul(q, z), f32x4.splat(1));
  return withinOne(f32x4.div(f32x4.mul(bounded, p), q));
}
