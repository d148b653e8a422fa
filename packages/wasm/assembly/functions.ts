// Transcendental functions of four float32, as polynomials: Mathf would bring tables, which as static data would overwrite
// memory that isn't ours. Their constants lie where `constants.ts` puts them, k.
import { BIAS, ERF, EXP, HALF, ONE, TANH } from './constants';

/**
 * e^x. Cody-Waite reduction to |r| <= ln 2 / 2, then a minimax polynomial to r^6 (4e-9, exact to r²); below 1 ulp. NaN stays NaN.
 * `pmin` and `pmax` are one instruction where `min` and `max` are seven; with x first they hand a NaN on.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128, k: usize): v128 {
  // Below -104 the result is 0, above 89 infinite.
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, EXP)), v128.load32_splat(k, EXP + 4));
  const shifted = f32x4.add(f32x4.mul(bounded, v128.load32_splat(k, EXP + 8)), v128.load32_splat(k, EXP + 12));
  const whole = i32x4.sub(shifted, v128.load32_splat(k, EXP + 12)), n = f32x4.sub(shifted, v128.load32_splat(k, EXP + 12));
  let r = f32x4.sub(bounded, f32x4.mul(n, v128.load32_splat(k, EXP + 16)));
  r = f32x4.add(r, f32x4.mul(n, v128.load32_splat(k, EXP + 20)));
  let p = v128.load32_splat(k, EXP + 24);
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(k, EXP + 28));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(k, EXP + 32));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(k, EXP + 36));
  p = f32x4.add(f32x4.mul(p, r), v128.load32_splat(k, HALF));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), v128.load32_splat(k, ONE));
  // 2^n in two factors, so that subnormal results and 2^128 come out.
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, power2(half, k)), power2(i32x4.sub(whole, half), k));
}

// @ts-ignore: decorator
@inline
function power2(n: v128, k: usize): v128 {
  return i32x4.shl(i32x4.add(n, v128.load32_splat(k, BIAS)), 23);
}

/**
 * ln x. `x = 2^e m` with m in [√½, √2), then `ln m = 2 artanh((m - 1) / (m + 1))` as a series; below 1 ulp.
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

/** 1 / (1 + e^-x), of which only e^-x and the end are rounded; below 1.6 ulp. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128, k: usize): v128 {
  const e = exp4(f32x4.neg(x), k), one = f64x2.splat(1);
  const low = f64x2.div(one, f64x2.add(one, f64x2.promote_low_f32x4(e)));
  return narrow(low, f64x2.div(one, f64x2.add(one, f64x2.promote_low_f32x4(upper(e)))));
}

/** The upper two of four values, where `promote_low_f32x4` takes them. */
// @ts-ignore: decorator
@inline
function upper(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 2, 3, 0, 1);
}

/** Two and two float64 as four float32. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/**
 * tanh x by way of double precision, so that 999 of 1,000 results are the nearest float32: near 1 the slope 1 - tanh² is a few steps
 * of tanh. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128, k: usize): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, TANH)), v128.load32_splat(k, TANH + 4));
  return narrow(tanh2(f64x2.promote_low_f32x4(bounded), k), tanh2(f64x2.promote_low_f32x4(upper(bounded)), k));
}

/** x P(x²) / Q(x²), minimax (4e-11) up to 9.1, where tanh rounds to 1. */
// @ts-ignore: decorator
@inline
function tanh2(x: v128, k: usize): v128 {
  const z = f64x2.mul(x, x);
  let p = v128.load64_splat(k, TANH + 8), q = v128.load64_splat(k, TANH + 16);
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, TANH + 24));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, TANH + 32));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, TANH + 40));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, TANH + 48));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, TANH + 56));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, TANH + 64));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, TANH + 72));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, TANH + 80));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, TANH + 88));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(1));
  return f64x2.div(f64x2.mul(x, p), q);
}

/** The error function, in the same way: below 0.52 ulp. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128, k: usize): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, ERF)), v128.load32_splat(k, ERF + 4));
  return narrow(erf2(f64x2.promote_low_f32x4(bounded), k), erf2(f64x2.promote_low_f32x4(upper(bounded)), k));
}

/** x P(x²) / Q(x²), minimax (8e-10) up to 3.95, where erf rounds to 1. */
// @ts-ignore: decorator
@inline
function erf2(x: v128, k: usize): v128 {
  const z = f64x2.mul(x, x);
  let p = v128.load64_splat(k, ERF + 8), q = v128.load64_splat(k, ERF + 16);
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, ERF + 24));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, ERF + 32));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, ERF + 40));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, ERF + 48));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, ERF + 56));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, ERF + 64));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, ERF + 72));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, ERF + 80));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, ERF + 88));
  q = f64x2.add(f64x2.mul(q, z), v128.load64_splat(k, ERF + 96));
  p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(k, ERF + 104));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(1));
  return f64x2.div(f64x2.mul(x, p), q);
}
