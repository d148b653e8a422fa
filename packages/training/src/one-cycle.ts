import { checkLearningRate } from './check-learning-rate.js';
import { checkNumber } from './check-number.js';
import { checkWhole } from './check-whole.js';
import { halfCosine } from './half-cosine.js';
import type { Schedule } from './schedule.js';

/** Settings of {@link oneCycle}. */
export interface OneCycleOptions {
  /** The highest. */
  readonly learningRate: number;
  /** Those of the whole cycle. */
  readonly steps: number;
  /** Share of the steps in which the rate rises; 0.3 unless given. */
  readonly rise?: number;
  /** The highest rate over the first; 25 unless given. */
  readonly divFactor?: number;
  /** The first rate over the last; 10,000 unless given. */
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
