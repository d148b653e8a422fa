import { resolveLeniently } from '@llm101/runs';
import type { Sweep } from '../sweep.js';
import { noScheduler } from './none.js';
import type { Scheduler } from './scheduler.js';
import { successiveHalving } from './successive-halving.js';

/** The scheduler of a sweep; where nothing is said of its first pause, there are three, or fewer between so few validations. */
export function makeScheduler({
  settings,
  scheduler,
}: Pick<Sweep, 'settings' | 'scheduler'>): Scheduler {
  if (scheduler.kind === 'none') return noScheduler;
  const { maxSteps, valInterval: interval } = resolveLeniently({ flags: settings }).settings;
  const { reduction } = scheduler;
  const { minSteps = Math.ceil(maxSteps / reduction ** 3) } = scheduler;
  return successiveHalving({ minSteps, maxSteps, reduction, interval });
}
