/**
 * The error function, `2 / √π ∫₀ˣ e^(-t²) dt`, to some 1e-15: its series below 3 in size, above a continued fraction of
 * `1 - erf`.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  return Math.sign(x) * (size < 3 ? series(size) : 1 - complement(size));
}

/** `2 / √π e^(-x²) Σ 2^n x^(2n+1) / (1 · 3 · … (2n+1))`, all terms above 0. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** `1 - erf x` for x from 3 on, from its end inwards. */
function complement(x: number): number {
  if (x > 27) return 0; // below 1e-300
  let tail = x;
  for (let n = 60; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
