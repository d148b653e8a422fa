import { portableLog } from '@llm101/info-theory';
import type { LogResiduals } from './log-residuals.js';

/** Exponents times the deviation of log N or log D, which makes them numbers without a unit. */
const EXPONENTS = [0.03, 0.1, 0.25, 0.6, 1.3, 3];

/** Shares of the mean loss that E has, beside the best one. */
const FLOORS = [1e-4, 0.5];

/** What stands for 0, whose logarithm no descent starts from. */
const LEAST = 1e-3;

/**
 * A grid of starts, each [5]: for each pair of exponents the A, B and E that fit best in the mean square of relative residuals, none of them
 * negative; and the same beside an E that is given.
 */
export function* startsOf(sum: LogResiduals): Iterable<Float64Array> {
  for (const p of EXPONENTS) {
    for (const q of EXPONENTS) {
      const columns = sum.columns(p, q);
      const target = new Float64Array(sum.points.length).fill(1);
      const startOf = ([a, b, e]: readonly number[]) =>
        Float64Array.of(logOf(a), logOf(b), logOf(e), p, q);
      yield startOf(nonNegative(columns, target));
      for (const floor of FLOORS) {
        const left = target.map((value, i) => value - floor * columns[2][i]);
        yield startOf([...nonNegative(columns.slice(0, 2), left), floor]);
      }
    }
  }
}

const logOf = (value: number): number => portableLog(Math.max(value, LEAST));

/** The coefficients, none negative, by which columns add up best to a target: the best subset of at most three columns. */
function nonNegative(columns: readonly Float64Array[], target: Float64Array): number[] {
  let best: number[] = columns.map(() => 0);
  let most = 0; // how much of the target's square is explained
  for (let subset = 1; subset < 1 << columns.length; subset++) {
    const chosen = columns.map((_, k) => k).filter((k) => (subset >> k) & 1);
    const coefficients = leastSquares(
      chosen.map((k) => columns[k]),
      target,
    );
    if (coefficients === undefined || coefficients.some((value) => !(value >= 0))) continue;
    let explained = 0;
    for (const [i, k] of chosen.entries()) explained += coefficients[i] * dot(columns[k], target);
    if (explained <= most) continue;
    most = explained;
    best = columns.map(() => 0);
    for (const [i, k] of chosen.entries()) best[k] = coefficients[i];
  }
  return best;
}

/** By Gauss' elimination of the normal equations; good enough for a start. */
function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
): number[] | undefined {
  const rows = columns.map((a) => [...columns.map((b) => dot(a, b)), dot(a, target)]);
  const n = columns.length;
  for (let k = 0; k < n; k++) {
    if (!(rows[k][k] > 1e-12)) return undefined;
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const solved = Array.from({ length: n }, () => 0);
  for (let k = n - 1; k >= 0; k--) {
    let value = rows[k][n];
    for (let j = k + 1; j < n; j++) value -= rows[k][j] * solved[j];
    solved[k] = value / rows[k][k];
  }
  return solved;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
