import { type Derivatives, type LogResiduals, newDerivatives, SIZE } from './log-residuals.js';
import type { Minimum } from './lbfgs.js';

/** How {@link polish} ends a descent. */
interface PolishOptions {
  /** Coordinates that stay as they are. Default: none. */
  readonly fixed?: readonly number[];
  /** At most as many. Default: 500. */
  readonly steps?: number;
}

/** A gain that no sum of doubles shows. */
const NOTHING = 1e-17;

/**
 * Ends a descent by Newton's method, damped as Levenberg and Marquardt do it. The sum is made of parabolas and lines that join smoothly, and
 * its floor is a narrow, curved valley along which A trades for alpha and B for beta: there a Newton step does what takes L-BFGS
 * thousands.
 *
 * @param start - [5]
 */
export function polish(
  sum: LogResiduals,
  start: Float64Array,
  { fixed = [], steps = 500 }: PolishOptions = {},
): Minimum {
  let at = Float64Array.from(start);
  let here = newDerivatives();
  let there = newDerivatives();
  const evaluate = (where: Float64Array, into: Derivatives): void => {
    sum.evaluate(where, into, true);
    for (const k of fixed) hold(into, k);
  };
  evaluate(at, here);
  let damping = 1e-6;
  const move = new Float64Array(SIZE);
  for (let step = 0; step < steps && damping < 1e12; step++) {
    const isSolved = solve(here, damping, move);
    if (isSolved) {
      let gain = 0; // at least half of what the parabola promises
      for (let k = 0; k < SIZE; k++) gain += 0.5 * move[k] * here.gradient[k];
      if (gain <= NOTHING * here.value) break;
      const next = at.map((value, k) => value - move[k]);
      evaluate(next, there);
      if (there.value < here.value) {
        at = next;
        [here, there] = [there, here];
        damping /= 10;
        continue;
      }
    }
    damping = Math.max(10 * damping, 1e-12);
  }
  return { at, value: here.value };
}

/** Makes a step leave a coordinate where it is. */
function hold({ gradient, hessian }: Derivatives, k: number): void {
  gradient[k] = 0;
  for (let l = 0; l < SIZE; l++) hessian[k * SIZE + l] = hessian[l * SIZE + k] = 0;
  hessian[k * SIZE + k] = 1;
}

/**
 * Solves `(H + damping · mean diagonal) x = gradient` by Cholesky's decomposition.
 *
 * @returns whether the matrix is positive definite
 */
function solve({ hessian, gradient }: Derivatives, damping: number, into: Float64Array): boolean {
  let trace = 0;
  for (let k = 0; k < SIZE; k++) trace += Math.abs(hessian[k * SIZE + k]);
  const ridge = (damping * trace) / SIZE;
  for (let k = 0; k < SIZE; k++) {
    for (let l = 0; l <= k; l++) {
      let value = hessian[k * SIZE + l] + (k === l ? ridge : 0);
      for (let m = 0; m < l; m++) value -= L[k * SIZE + m] * L[l * SIZE + m];
      if (k !== l) L[k * SIZE + l] = value / L[l * SIZE + l];
      else if (value > 0) L[k * SIZE + k] = Math.sqrt(value);
      else return false;
    }
  }
  for (let k = 0; k < SIZE; k++) {
    let value = gradient[k];
    for (let m = 0; m < k; m++) value -= L[k * SIZE + m] * into[m];
    into[k] = value / L[k * SIZE + k];
  }
  for (let k = SIZE - 1; k >= 0; k--) {
    let value = into[k];
    for (let m = k + 1; m < SIZE; m++) value -= L[m * SIZE + k] * into[m];
    into[k] = value / L[k * SIZE + k];
  }
  return true;
}

/** The lower triangle of a decomposition, written anew by each. */
const L = new Float64Array(SIZE * SIZE);
