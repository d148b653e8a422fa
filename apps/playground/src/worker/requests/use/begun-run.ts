import { type Run, UserError } from '@llm101/runs';

/** @throws UserError when there is none yet */
export function begunRun(run: Run | undefined): Run {
  if (run === undefined) throw new UserError('the run has no model yet; wait until it begins');
  return run;
}
