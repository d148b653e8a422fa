import { portableLog } from '@llm101/info-theory';
import { boundedExp } from './bounded-exp.js';

/**
 * The quantile of Student's t, where the distribution function reaches `probability`: `scipy.stats.t.ppf`, within 1e-10. By
 * bisection of the distribution, which is a regularised incomplete beta function.
 *
 * @param probability - above 0.5, below 1
 * @param degrees - of freedom, a whole number from 1 on
 */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > 1 - probability && high < 1e12) high *= 2;
  for (let step = 0; step < 200 && low < high; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (upperTail(middle, degrees) > 1 - probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability of a value above `t`, for t from 0 on: half of the incomplete beta function of n/2 and 1/2 at n / (n + t²). */
function upperTail(t: number, n: number): number {
  const x = n / (n + t * t);
  return 0.5 * incompleteBeta(x, n);
}

/** The regularised `I_x(n/2, 1/2)`, by the continued fraction on the side where it converges fast. */
function incompleteBeta(x: number, n: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const [a, b] = [n / 2, 0.5];
  // x^a (1 - x)^b / B(a, b), which is 1 / B(n/2, 1/2) = Γ((n+1)/2) / (Γ(n/2) √π)
  const front = boundedExp(a * portableLog(x)) * Math.sqrt(1 - x) * gammaRatio(n);
  return x < (a + 1) / (a + b + 2)
    ? (front * fraction(x, a, b)) / a
    : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** `Γ((n + 1) / 2) / (Γ(n / 2) √π)`, which is 1/π at 1, 1/2 at 2, and grows by n / (n - 1) in steps of two. */
function gammaRatio(n: number): number {
  let ratio = n % 2 === 1 ? 1 / Math.PI : 0.5;
  for (let k = n % 2 === 1 ? 1 : 2; k < n; k += 2) ratio *= (k + 1) / k;
  return ratio;
}

/** The continued fraction of the incomplete beta function, from its front on, by Lentz's rule; DLMF 8.17.22. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const notZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / notZero(1 + term * d);
      c = notZero(1 + term / c);
      change = c * d;
      result *= change;
    }
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
}
