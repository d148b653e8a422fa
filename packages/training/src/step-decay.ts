import { checkLearningRate } from './check-learning-rate.js';
import { checkNumber } from './check-number.js';
import { checkWhole } from './check-whole.js';
import type { Schedule } from './schedule.js';

/** Settings of {@link stepDecay}. */
export interface StepDecayOptions {
  /** The first. */
  readonly learningRate: number;
  /** Steps from one change to the next. */
  readonly stepSize: number;
  /** What the rate is multiplied by at a change; 0.1 unless given. */
  readonly gamma?: number;
}

/** A rate that falls in steps, `η γ^⌊n / stepSize⌋`: `torch.optim.lr_scheduler.StepLR`. */
export function stepDecay({ learningRate, stepSize, gamma = 0.1 }: StepDecayOptions): Schedule {
  checkLearningRate('stepDecay', learningRate);
  checkWhole('stepDecay: stepSize', stepSize, 1);
  checkNumber('stepDecay: gamma', gamma, { above: 0 });
  return (n) => learningRate * gamma ** Math.floor(n / stepSize);
}
