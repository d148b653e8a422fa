import { checkLearningRate } from './check-learning-rate.js';
import type { Schedule } from './schedule.js';

/** The same rate at each step. */
export function constantRate(learningRate: number): Schedule {
  checkLearningRate('constantRate', learningRate);
  return () => learningRate;
}
