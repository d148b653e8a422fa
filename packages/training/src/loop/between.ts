import type { Checkpoints } from '../checkpoints/checkpoints.js';
import type { RunState } from './run-state.js';

/** A run between two steps, or before its first: weights are whole, and those that training goes on with. */
export interface Between {
  /** Steps done. */
  readonly step: number;
  /**
   * Writes a checkpoint of this step, also where none is due; where there is one already, or the run has no checkpoints, it writes
   * nothing. What is saved is the state at the time of the call. A checkpoint that can't be written is reported as any other is.
   *
   * @throws Error once the run has gone on
   */
  readonly save: () => Promise<void>;
}

/** What happens between steps. */
export type BetweenSteps = (at: Between) => Promise<void> | undefined;

/** What {@link waitBetween} needs besides. */
interface WaitOptions {
  readonly run: RunState;
  readonly checkpoints?: Pick<Checkpoints, 'save'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lets others do what they want to between two steps, until their promise settles or the signal is aborted. */
export async function waitBetween(
  between: BetweenSteps,
  { run, checkpoints, signal }: WaitOptions,
): Promise<void> {
  const sinceMs = performance.now();
  const { step } = run;
  let isOver = false;
  try {
    const work = between({
      step,
      save: async () => {
        if (isOver) throw new Error(`train: ${GONE_ON}; got a call for step ${step}`);
        await checkpoints?.save(run);
      },
    });
    if (work !== undefined) await unlessAborted(work, signal);
  } finally {
    isOver = true;
    run.leaveOut(performance.now() - sinceMs);
  }
}

const GONE_ON = 'save() must be called before the promise of between settles';

/** Waits for work, but no longer than until the signal is aborted. */
function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const letGo = (): void => signal.removeEventListener('abort', stop);
    work.then(resolve, reject).finally(letGo);
  });
}
