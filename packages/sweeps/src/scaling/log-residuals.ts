import { portableLog } from '@llm101/info-theory';
import { boundedExp } from './bounded-exp.js';
import type { ScalingLaw, ScalingPoint } from './scaling-law.js';

/** How many numbers a law has. */
export const SIZE = 5;

/** The logarithm of an E of 0. */
export const NO_FLOOR = -1000;

/** A sum with its derivatives. */
export interface Derivatives {
  value: number;
  /** [5] */
  readonly gradient: Float64Array;
  /** [5, 5] */
  readonly hessian: Float64Array;
}

/**
 * The sum of Huber losses of a law's log residuals, as a function of five numbers `[a, b, e, p, q]`: with centred and scaled logarithms
 * `u` of N and `v` of D, the predicted loss is `exp(a - p u) + exp(b - q v) + exp(e)`, in units of the points' geometric mean loss.
 * So neither the units of N, D and L nor the order of the points changes what a minimiser sees: points are sorted.
 */
export class LogResiduals {
  readonly #u: Float64Array;
  readonly #v: Float64Array;
  readonly #logs: Float64Array;
  readonly #weights: Float64Array;
  readonly #delta: number;
  readonly #scales: Scales;
  /** The points, sorted by N, D and L: the order of the weights. */
  readonly points: readonly ScalingPoint[];

  /**
   * @param points - [n]
   * @param delta - where a Huber loss turns from a parabola into a line
   */
  static of(points: readonly ScalingPoint[], delta: number): LogResiduals {
    const sorted = [...points].sort(
      (a, b) => a.parameters - b.parameters || a.tokens - b.tokens || a.loss - b.loss,
    );
    const logsOf = (key: keyof ScalingPoint) =>
      Float64Array.from(sorted, (point) => portableLog(point[key]));
    const [n, d, logs] = [logsOf('parameters'), logsOf('tokens'), logsOf('loss')];
    const [u, v] = [standardise(n), standardise(d)];
    const meanLog = mean(logs);
    return new LogResiduals(
      { u: u.values, v: v.values, logs: logs.map((log) => log - meanLog) },
      { points: sorted, n: u, d: v, meanLog },
      { delta, weights: new Float64Array(points.length).fill(1) },
    );
  }

  private constructor(
    { u, v, logs }: Readonly<Record<'u' | 'v' | 'logs', Float64Array>>,
    scales: Scales,
    { delta, weights }: { readonly delta: number; readonly weights: Float64Array },
  ) {
    this.#u = u;
    this.#v = v;
    this.#logs = logs;
    this.#scales = scales;
    this.points = scales.points;
    this.#delta = delta;
    this.#weights = weights;
  }

  /** The same points, each counted as often as its weight says. */
  weighted(weights: Float64Array): LogResiduals {
    const columns = { u: this.#u, v: this.#v, logs: this.#logs };
    return new LogResiduals(columns, this.#scales, { delta: this.#delta, weights });
  }

  /** The law of five numbers, in the points' own units. */
  lawOf([a, b, e, p, q]: Float64Array): ScalingLaw {
    const { n, d, meanLog } = this.#scales;
    const [alpha, beta] = [p / n.scale, q / d.scale];
    return {
      E: boundedExp(e + meanLog),
      A: boundedExp(a + meanLog + alpha * n.mean),
      B: boundedExp(b + meanLog + beta * d.mean),
      alpha,
      beta,
    };
  }

  /** [2] p and q beyond which A and B are no doubles any more, or close to it. */
  get limits(): readonly number[] {
    const { n, d } = this.#scales;
    return [n, d].map(({ mean: middle, scale }) => (600 * scale) / Math.max(1, Math.abs(middle)));
  }

  /** [3, n] columns of a linear fit of relative residuals at given exponents: `exp(-p u) / L`, `exp(-q v) / L`, `1 / L`. */
  columns(p: number, q: number): readonly Float64Array[] {
    const [u, v] = [this.#u, this.#v];
    return [
      this.#logs.map((log, i) => boundedExp(-p * u[i] - log)),
      this.#logs.map((log, i) => boundedExp(-q * v[i] - log)),
      this.#logs.map((log) => boundedExp(-log)),
    ];
  }

  /** The sum of Huber losses, with its gradient and, where asked for, its Hessian, written into `into`. */
  evaluate(at: Float64Array, into: Derivatives, withHessian = false): number {
    const { gradient, hessian } = into;
    gradient.fill(0);
    if (withHessian) hessian.fill(0);
    const weights = this.#weights;
    const delta = this.#delta;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i];
      if (weight === 0) continue;
      const residual = this.#residual(at, i);
      const size = Math.abs(residual);
      const isNear = size <= delta;
      sum += weight * (isNear ? 0.5 * residual * residual : delta * (size - 0.5 * delta));
      const slope = weight * (isNear ? residual : residual < 0 ? -delta : delta);
      for (let k = 0; k < SIZE; k++) gradient[k] += slope * J[k];
      if (withHessian) this.#curve(hessian, i, { slope, outer: (isNear ? weight : 0) - slope });
    }
    if (withHessian)
      for (let k = 0; k < SIZE; k++)
        for (let l = 0; l < k; l++) hessian[l * SIZE + k] = hessian[k * SIZE + l];
    into.value = sum;
    return sum;
  }

  /** A point's log residual, by a log-sum-exp; its gradient goes into {@link J}. */
  #residual(at: Float64Array, i: number): number {
    const u = this.#u[i];
    const v = this.#v[i];
    const ofN = at[0] - at[3] * u;
    const ofD = at[1] - at[4] * v;
    const most = Math.max(ofN, ofD, at[2]);
    const x = boundedExp(ofN - most);
    const y = boundedExp(ofD - most);
    const z = boundedExp(at[2] - most);
    const total = x + y + z;
    J[0] = x / total;
    J[1] = y / total;
    J[2] = z / total;
    J[3] = -J[0] * u;
    J[4] = -J[1] * v;
    return most + portableLog(total) - this.#logs[i];
  }

  /** Adds a point's share of the Hessian, below its diagonal: `outer` times J ⊗ J, and what the log-sum-exp bends along each of its terms. */
  #curve(
    hessian: Float64Array,
    i: number,
    { slope, outer }: Readonly<Record<'slope' | 'outer', number>>,
  ): void {
    for (let k = 0; k < SIZE; k++)
      for (let l = 0; l <= k; l++) hessian[k * SIZE + l] += outer * J[k] * J[l];
    hessian[0] += slope * J[0];
    hessian[SIZE + 1] += slope * J[1];
    hessian[2 * SIZE + 2] += slope * J[2];
    hessian[3 * SIZE] += slope * J[3];
    hessian[3 * SIZE + 3] -= slope * J[3] * this.#u[i];
    hessian[4 * SIZE + 1] += slope * J[4];
    hessian[4 * SIZE + 4] -= slope * J[4] * this.#v[i];
  }
}

/** The gradient of one residual, written anew for each. */
const J = new Float64Array(SIZE);

/** A place for {@link LogResiduals.evaluate} to write to. */
export const newDerivatives = (): Derivatives => ({
  value: Number.NaN,
  gradient: new Float64Array(SIZE),
  hessian: new Float64Array(SIZE * SIZE),
});

interface Scales {
  readonly points: readonly ScalingPoint[];
  readonly n: Standardised;
  readonly d: Standardised;
  readonly meanLog: number;
}

interface Standardised {
  readonly values: Float64Array;
  readonly mean: number;
  readonly scale: number;
}

function standardise(logs: Float64Array): Standardised {
  const middle = mean(logs);
  const scale = Math.sqrt(mean(logs.map((log) => (log - middle) * (log - middle))));
  return { values: logs.map((log) => (log - middle) / scale), mean: middle, scale };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
