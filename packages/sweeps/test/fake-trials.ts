import { Generator } from '@llm101/random';
import type { ExecuteJob, TrialJob } from '../src/index.js';

/** The loss of a trial that wasn't trained: a valley over its rate, a little lower with every step, with noise by its number. */
function lossOfJob({ settings, trial, repetition, until }: TrialJob): number {
  const step = until ?? settings.maxSteps;
  const noise = Generator.seeded(1000 * trial + repetition).nextDouble();
  return (Math.log10(settings.lr) + 1) ** 2 + 1 / Math.sqrt(step) + 0.05 * noise;
}

/** Does jobs that end in another order each time. */
export function fakeTrials(
  seed: number,
  { fails = () => false, log = [] }: { fails?: (job: TrialJob) => boolean; log?: string[] } = {},
): ExecuteJob {
  const generator = Generator.seeded(seed);
  return async (job, { signal }) => {
    const { trial, repetition, until, settings } = job;
    log.push(`${trial}/${repetition}/${until ?? 'end'}`);
    const turns = Math.floor(generator.nextDouble() * 12);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return undefined;
    const step = until ?? settings.maxSteps;
    if (fails(job)) return { status: 'failed', step, error: 'the loss must be finite' };
    return { status: until === undefined ? 'finished' : 'paused', step, value: lossOfJob(job) };
  };
}
