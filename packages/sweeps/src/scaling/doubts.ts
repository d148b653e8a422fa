import { sizesOf } from './checks.js';
import { power, predictLoss, type ScalingLaw, type ScalingPoint } from './scaling-law.js';

/** A share of the loss that doesn't show. */
const TINY = 0.001;

/** Logarithms of N and D that rise together so closely can't be told apart. */
const CORRELATED = 0.99;

/** What points leave open of a law that was fitted to them, a sentence each. */
export function doubtsAbout(law: ScalingLaw, points: readonly ScalingPoint[]): string[] {
  const { E, A, B, alpha, beta } = law;
  const least = points.reduce((low, point) => Math.min(low, predictLoss(law, point)), Infinity);
  const doubts: string[] = [];
  const correlation = correlationOf(points);
  if (Math.abs(correlation) > CORRELATED)
    doubts.push(
      `N and D change together (correlation of their logarithms ${correlation.toFixed(3)}), so that A and alpha can hardly be told from B and beta`,
    );
  if (E / least < TINY) doubts.push('E is at its bound, 0: the points show no floor');
  for (const [letter, coefficient, exponent, key] of [
    ['N', A, alpha, 'parameters'],
    ['D', B, beta, 'tokens'],
  ] as const) {
    const names = letter === 'N' ? 'A and alpha' : 'B and beta';
    const name = letter === 'N' ? 'alpha' : 'beta';
    const terms = points.map((point) => coefficient * power(point[key], -exponent));
    if (!(spreadOf(terms) >= TINY * least)) {
      doubts.push(`no loss depends on ${letter} by more than 0.1 %: ${names} aren't decided`);
      continue;
    }
    if (exponent <= 0) {
      doubts.push(`${name} isn't above 0: the points show no gain from a larger ${letter}`);
      continue;
    }
    const { ids } = sizesOf(points.map((point) => point[key]));
    if (spreadOf(terms.filter((_, i) => ids[i] > 0)) < TINY * least)
      doubts.push(`only the smallest ${letter} costs anything: ${names} aren't decided`);
  }
  return doubts;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The largest less the smallest. */
function spreadOf(values: readonly number[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low;
}

/** Pearson's, of log N and log D. */
function correlationOf(points: readonly ScalingPoint[]): number {
  const n = centred(points.map(({ parameters }) => Math.log(parameters)));
  const d = centred(points.map(({ tokens }) => Math.log(tokens)));
  return dot(n, d) / Math.sqrt(dot(n, n) * dot(d, d));
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((value) => value - mean);
}
