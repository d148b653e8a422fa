import { checkLearningRate, checkNumber, checkWhole } from '../checks.js';

/** The learning rate of each step, a pure function of the number of steps done before: 0 for the first. */
export type Schedule = (stepsDone: number) => number;

/** The same rate at each step. */
export function constantRate(learningRate: number): Schedule {
  checkLearningRate('constantRate', learningRate);
  return () => learningRate;
}

/** Settings of {@link stepDecay}. */
export interface StepDecayOptions {
  /** The first. */
  readonly learningRate: number;
  /** Steps from one change to the next. */
  readonly stepSize: number;
  /** What the rate is multiplied by at a change. Default: 0.1. */
  readonly gamma?: number;
}

/** A rate that falls in steps, `η γ^⌊n / stepSize⌋`: `torch.optim.lr_scheduler.StepLR`. */
export function stepDecay({ learningRate, stepSize, gamma = 0.1 }: StepDecayOptions): Schedule {
  checkLearningRate('stepDecay', learningRate);
  checkWhole('stepDecay: stepSize', stepSize, 1);
  checkNumber('stepDecay: gamma', gamma, { above: 0 });
  return (n) => learningRate * gamma ** Math.floor(n / stepSize);
}

/** Settings of {@link cosineDecay} and {@link linearDecay}. */
export interface DecayOptions {
  /** The first, from which it falls. */
  readonly learningRate: number;
  /** Steps until the rate is the final one, where it stays. */
  readonly steps: number;
  /** Default: 0. */
  readonly finalLearningRate?: number;
}

/**
 * A rate that falls by half a cosine, `η' + (η - η') (1 + cos(π n / steps)) / 2`:
 * `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * Source: Loshchilov and Hutter (2016), "SGDR: Stochastic Gradient Descent with Warm Restarts",
 * https://arxiv.org/abs/1608.03983.
 */
export function cosineDecay(options: DecayOptions): Schedule {
  const { learningRate, steps, finalLearningRate = 0 } = options;
  checkDecay('cosineDecay', options);
  return (n) => halfCosine(learningRate, finalLearningRate, Math.min(n / steps, 1));
}

/**
 * A rate that falls in equal parts, `η + (η' - η) n / steps`:
 * `torch.optim.lr_scheduler.LinearLR(start_factor=1, end_factor=η' / η, total_iters=steps)`.
 */
export function linearDecay(options: DecayOptions): Schedule {
  const { learningRate, steps, finalLearningRate = 0 } = options;
  checkDecay('linearDecay', options);
  return (n) => learningRate + (finalLearningRate - learningRate) * Math.min(n / steps, 1);
}

function checkDecay(where: string, options: DecayOptions): void {
  const { learningRate, steps, finalLearningRate = 0 } = options;
  checkLearningRate(where, learningRate);
  checkWhole(`${where}: steps`, steps, 1);
  checkNumber(`${where}: finalLearningRate`, finalLearningRate, { least: 0 });
}

/** Settings of {@link oneCycle}. */
export interface OneCycleOptions {
  /** The highest. */
  readonly learningRate: number;
  /** Those of the whole cycle. */
  readonly steps: number;
  /** Fraction of the steps in which the rate rises. Default: 0.3. */
  readonly rise?: number;
  /** The highest rate over the first. Default: 25. */
  readonly divFactor?: number;
  /** The first rate over the last. Default: 10,000. */
  readonly finalDivFactor?: number;
}

/**
 * A rate that rises, then falls far below where it began, both by half a cosine: `torch.optim.lr_scheduler.OneCycleLR`
 * with `cycle_momentum=False`.
 *
 * Source: Smith and Topin (2017), "Super-Convergence", https://arxiv.org/abs/1708.07120.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { learningRate, steps, rise = 0.3, divFactor = 25, finalDivFactor = 1e4 } = options;
  checkLearningRate('oneCycle', learningRate);
  checkWhole('oneCycle: steps', steps, 1);
  checkNumber('oneCycle: rise', rise, { least: 0, below: 1 });
  checkNumber('oneCycle: divFactor', divFactor, { above: 0 });
  checkNumber('oneCycle: finalDivFactor', finalDivFactor, { above: 0 });
  const first = learningRate / divFactor;
  const top = rise * steps - 1; // PyTorch's: no whole step, and below 0 where nothing rises
  const end = steps - 1;
  return (n) =>
    n <= top
      ? halfCosine(first, learningRate, top === 0 ? 1 : n / top)
      : halfCosine(learningRate, first / finalDivFactor, Math.min((n - top) / (end - top), 1));
}

/**
 * Rises to a schedule's first rate in equal parts, then follows it:
 * `SequentialLR([LinearLR(start_factor=1 / (steps + 1), total_iters=steps), …], milestones=[steps])`.
 *
 * @param steps - those before the schedule begins; their rates are 1, 2, … parts of `steps + 1`
 */
export function warmUp(steps: number, schedule: Schedule): Schedule {
  checkWhole('warmUp: steps', steps, 0);
  return (n) => (n < steps ? (schedule(0) * (n + 1)) / (steps + 1) : schedule(n - steps));
}

/** Half a cosine from one value to another; `fraction` is 0 … 1. */
function halfCosine(from: number, to: number, fraction: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * fraction))) / 2;
}
