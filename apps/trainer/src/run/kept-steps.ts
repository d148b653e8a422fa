import { isPatienceUsed, type Resumed } from '@llm101/training';
import type { Settings } from '../settings/settings.js';

/** Up to which step the logs of a run that goes on keep their lines. */
export interface KeptSteps {
  readonly metrics: number;
  readonly samples: number;
  readonly statistics: number;
}

/**
 * The last steps that an unbroken run would have logged by now. A run that was stopped logs its last step, and draws
 * samples, whatever the intervals say; those lines are dropped when it goes on.
 *
 * @param resumed - where it goes on; nothing where it begins anew
 */
export function keptSteps(resumed: Resumed | undefined, settings: Settings): KeptSteps {
  const { valInterval, logInterval, sampleInterval, maxSteps, patience } = settings;
  const { step } = resumed ?? { step: 0 };
  const isOver =
    resumed !== undefined && (step === maxSteps || isPatienceUsed(resumed.best, patience));
  const until = (...intervals: number[]): number =>
    isOver || intervals.some((interval) => interval > 0 && step % interval === 0) ? step : step - 1;
  return {
    metrics: until(logInterval, valInterval),
    samples: until(sampleInterval),
    statistics: step,
  };
}
