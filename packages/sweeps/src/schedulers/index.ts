import { resolveLeniently } from '@llm101/runs';
import type { Sweep } from '../sweep.js';
import { noScheduler } from './none.js';
import type { Scheduler } from './scheduler.js';
import { successiveHalving } from './successive-halving.js';

/** The scheduler of a sweep. */
export function makeScheduler({
  settings,
  scheduler,
}: Pick<Sweep, 'settings' | 'scheduler'>): Scheduler {
  if (scheduler.kind === 'none') return noScheduler;
  const { minSteps, reduction } = scheduler;
  const { maxSteps, valInterval: interval } = resolveLeniently({ flags: settings }).settings;
  return successiveHalving({ minSteps, maxSteps, reduction, interval });
}
