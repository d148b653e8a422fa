import { type LogResiduals, newDerivatives, SIZE } from './log-residuals.js';

/** A place where a minimiser stopped. */
export interface Minimum {
  /** [5] */
  readonly at: Float64Array;
  readonly value: number;
}

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 8;

/** Armijo's rule: a step must keep this share of what the slope promises; and Wolfe's: it must leave at most this share of the slope. */
const [DECREASE, CURVATURE] = [1e-4, 0.9];

/**
 * Descends by L-BFGS, whose steps are found by bisection under the weak Wolfe conditions.
 *
 * Source: Nocedal and Wright (2006), "Numerical Optimization", algorithms 7.4 and 7.5; Lewis and Overton (2013), for the steps, which
 * need no smooth second derivative.
 *
 * @param start - [5]
 * @param steps - at most as many
 */
export function descend(sum: LogResiduals, start: Float64Array, steps: number): Minimum {
  let at = Float64Array.from(start);
  let here = newDerivatives();
  let there = newDerivatives();
  sum.evaluate(at, here);
  const pairs: Pair[] = [];
  for (let step = 0; step < steps; step++) {
    const direction = directionOf(here.gradient, pairs);
    let slope = dot(direction, here.gradient);
    if (!(slope < 0)) {
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    // the first step has no curvature to go by: at most a tenth in any coordinate
    let length =
      pairs.length === 0
        ? 0.1 / direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
        : 1;
    let [shortest, longest] = [0, Infinity];
    let next = at;
    let isFound = false;
    for (let trial = 0; trial < 40 && !isFound; trial++) {
      next = at.map((value, k) => value + length * direction[k]);
      const value = sum.evaluate(next, there);
      if (!(value <= here.value + DECREASE * length * slope)) longest = length;
      else if (dot(direction, there.gradient) < CURVATURE * slope) shortest = length;
      else isFound = true;
      if (!isFound) length = longest === Infinity ? 2 * length : (shortest + longest) / 2;
    }
    if (!isFound) break;
    remember(pairs, {
      step: next.map((value, k) => value - at[k]),
      change: there.gradient.map((value, k) => value - here.gradient[k]),
    });
    const gained = here.value - there.value;
    at = next;
    [here, there] = [there, here];
    slope = 0;
    if (gained <= 1e-13 * here.value) break;
  }
  return { at, value: here.value };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

function remember(pairs: Pair[], pair: Pair): void {
  if (!(dot(pair.step, pair.change) > 0)) return;
  pairs.push(pair);
  if (pairs.length > MEMORY) pairs.shift();
}

/** Minus the gradient times the inverse Hessian that the pairs suggest. */
function directionOf(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change } of pairs.toReversed()) {
    const share = dot(step, direction) / dot(step, change);
    shares.push(share);
    for (let k = 0; k < SIZE; k++) direction[k] -= share * change[k];
  }
  const last = pairs.at(-1);
  if (last === undefined) return direction;
  const scale = dot(last.step, last.change) / dot(last.change, last.change);
  for (let k = 0; k < SIZE; k++) direction[k] *= scale;
  for (const { step, change } of pairs) {
    const share = (shares.pop() ?? 0) - dot(change, direction) / dot(step, change);
    for (let k = 0; k < SIZE; k++) direction[k] += share * step[k];
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
