import { checkLearningRate } from './check-learning-rate.js';
import { checkNumber } from './check-number.js';
import { checkWhole } from './check-whole.js';
import { halfCosine } from './half-cosine.js';
import type { Schedule } from './schedule.js';

/** Settings of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** The first, from which it falls. */
  readonly learningRate: number;
  /** Steps until the rate is the final one, where it stays. */
  readonly steps: number;
  /** 0 unless given. */
  readonly finalLearningRate?: number;
}

/**
 * A rate that falls by half a cosine, `η' + (η - η') (1 + cos(π n / steps)) / 2`:
 * `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * Source: Loshchilov and Hutter (2016), "SGDR: Stochastic Gradient Descent with Warm Restarts",
 * https://arxiv.org/abs/1608.03983.
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const { learningRate, steps, finalLearningRate = 0 } = options;
  checkLearningRate('cosineDecay', learningRate);
  checkWhole('cosineDecay: steps', steps, 1);
  checkNumber('cosineDecay: finalLearningRate', finalLearningRate, { least: 0 });
  return (n) => halfCosine(learningRate, finalLearningRate, Math.min(n / steps, 1));
}
