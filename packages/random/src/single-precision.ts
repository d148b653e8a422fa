/**
 * Logarithm, sine and cosine in float32 arithmetic, step for step as in PyTorch's vectorised CPU code, so
 * that `normal` gives the same bits; `Math.log` and `Math.cos` would differ, and differ between engines too.
 *
 * The polynomials are those of Cephes (Moshier 1989, "Methods and Programs for Mathematical Functions"),
 * `logf.c` and `sinf.c`; the order of operations is that of AVX2 machines with fused multiply-add.
 */
const { fround } = Math;

const word = new DataView(new ArrayBuffer(4));

/** `a b + c` with one rounding: the product of two float32 is exact in double. */
const fma = (a: number, b: number, c: number): number => fround(a * b + c);

const HALF_SQRT2 = fround(Math.SQRT1_2);
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.1219444e-4);
const LOG_POLYNOMIAL = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);

/** Natural logarithm of a positive, normal float32. */
export function log32(x: number): number {
  word.setFloat32(0, x);
  const bits = word.getUint32(0);
  word.setUint32(0, (bits & 0x007fffff) | 0x3f000000);
  const mantissa = word.getFloat32(0); // 0.5 … 1
  const isLow = mantissa < HALF_SQRT2;
  const exponent = (bits >>> 23) - 126 - (isLow ? 1 : 0);
  const m = fround(fround(mantissa - 1) + (isLow ? mantissa : 0));
  const square = fround(m * m);

  let y = LOG_POLYNOMIAL[0];
  for (let i = 1; i < LOG_POLYNOMIAL.length; i++) y = fma(y, m, LOG_POLYNOMIAL[i]);
  y = fma(fround(y * m), square, fround(exponent * LN2_LOW));
  y = fma(-square, 0.5, y);
  return fma(exponent, LN2_HIGH, fround(m + y));
}

const FOUR_OVER_PI = fround(4 / Math.PI);
/** π/4 in three parts, the first two short enough that a multiple of them is exact. */
const QUARTER_PI = [0.78515625, 2.4187564849853515625e-4, fround(3.774894977445941e-8)];
const COS_POLYNOMIAL = Float32Array.of(
  2.443315711809948e-5,
  -1.388731625493765e-3,
  4.166664568298827e-2,
);
const SIN_POLYNOMIAL = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);

/** Sine and cosine of a float32, 0 … 8192. */
export function sincos32(angle: number): { sin: number; cos: number } {
  const octant = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  const x = QUARTER_PI.reduce((rest, part) => fma(-octant, part, rest), angle);
  const z = fround(x * x);

  let c = fma(COS_POLYNOMIAL[0], z, COS_POLYNOMIAL[1]);
  c = fround(fma(c, z, COS_POLYNOMIAL[2]) * z);
  c = fround(fma(c, z, -fround(z * 0.5)) + 1);

  let s = fma(SIN_POLYNOMIAL[0], z, SIN_POLYNOMIAL[1]);
  s = fround(fma(s, z, SIN_POLYNOMIAL[2]) * z);
  s = fma(s, x, x);

  const swapped = (octant & 2) !== 0;
  const sinSign = octant & 4 ? -1 : 1;
  const cosSign = (octant - 2) & 4 ? 1 : -1;
  return { sin: sinSign * (swapped ? c : s), cos: cosSign * (swapped ? s : c) };
}
