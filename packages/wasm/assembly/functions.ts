// Transcendental functions of four float32, as polynomials: Mathf would bring tables, which as static data would overwrite
// memory that isn't ours. Their constants lie where `constants.ts` puts them, k.
import { BIAS, ERF, EXP, HALF, MINUS_ONE, ONE, TANH } from './constants';

/**
 * e^x. Cody-Waite reduction to |r| <= ln 2 / 2, then a minimax polynomial to r^6 (4e-9, exact to r²); below 2 ulp. NaN stays NaN.
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
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128, k: usize): v128 {
  const one = v128.load32_splat(k, ONE);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x), k)));
}

/** Between -1 and 1; a NaN stays. */
// @ts-ignore: decorator
@inline
function withinOne(x: v128, k: usize): v128 {
  return f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, ONE)), v128.load32_splat(k, MINUS_ONE));
}

/** tanh x: x P(x²) / Q(x²), minimax (2e-8) up to 9.01, where tanh rounds to 1; below 3 ulp. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128, k: usize): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, TANH)), v128.load32_splat(k, TANH + 4));
  const z = f32x4.mul(bounded, bounded), one = v128.load32_splat(k, ONE);
  let p = v128.load32_splat(k, TANH + 8), q = v128.load32_splat(k, TANH + 12);
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, TANH + 16));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, TANH + 20));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, TANH + 24));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, TANH + 28));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, TANH + 32));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, TANH + 36));
  p = f32x4.add(f32x4.mul(p, z), one);
  q = f32x4.add(f32x4.mul(q, z), one);
  return withinOne(f32x4.div(f32x4.mul(bounded, p), q), k);
}

/** The error function, in the same way (2e-8) up to 3.93; below 3 ulp. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128, k: usize): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, ERF)), v128.load32_splat(k, ERF + 4));
  const z = f32x4.mul(bounded, bounded);
  let p = v128.load32_splat(k, ERF + 8), q = v128.load32_splat(k, ERF + 12);
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, ERF + 16));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, ERF + 20));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, ERF + 24));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, ERF + 28));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, ERF + 32));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, ERF + 36));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, ERF + 40));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, ERF + 44));
  p = f32x4.add(f32x4.mul(p, z), v128.load32_splat(k, ERF + 48));
  q = f32x4.add(f32x4.mul(q, z), v128.load32_splat(k, ONE));
  return withinOne(f32x4.div(f32x4.mul(bounded, p), q), k);
}
