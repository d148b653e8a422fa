import { describeFailure } from '../../terminal/describe-failure.js';
import { Stopped } from '../../terminal/stop-signal.js';
import { UserError } from '../../settings/user-error.js';

/** What ended the closing validation and samples of a run that is saved already, `saved` says where. */
export function closingError(error: unknown, saved: string, runDir: string): unknown {
  if (error instanceof Stopped) return error;
  const why = describeFailure(error, runDir);
  return new UserError(`${saved}, but could not be validated: ${why}`, { cause: error });
}
