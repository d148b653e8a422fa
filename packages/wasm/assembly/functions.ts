// Transcendental functions of four float32, as polynomials with constants in the code: Mathf would bring tables, which
// as static data would overwrite memory that isn't ours.

/** e^x. Cody-Waite reduction to |r| <= ln 2 / 2, then Taylor's series to r^7; below 2 ulp. NaN stays NaN. */
export function exp4(x: v128): v128 {
  // Below -104 the result is 0, above 89 infinite; NaN passes through pmin and pmax in this order of operands.
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(89)), f32x4.splat(-104));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  // 2^n in two factors, so that subnormal results and 2^128 come out.
  const whole = i32x4.trunc_sat_f32x4_s(n);
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

/** tanh x: odd series below 0.2 in size, `1 - 2 / (e^2|x| + 1)` above; below 4 ulp. */
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x), one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp4(f32x4.add(size, size)), one)));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(62.0 / 2835);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-17.0 / 315));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 15));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-1.0 / 3));
  const near = f32x4.add(size, f32x4.mul(f32x4.mul(size, z), p));
  const y = v128.bitselect(near, far, f32x4.lt(size, f32x4.splat(0.2)));
  return v128.bitselect(x, y, f32x4.splat(-0.0)); // the sign bit of x
}
