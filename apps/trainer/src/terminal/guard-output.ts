import { describeFileError } from './describe-file-error.js';
import { reportError } from './report-error.js';
import { UserError } from '../settings/user-error.js';

/**
 * What can't be printed ends no run. A reader that has gone, as in `llm101 sample | head -1`, is no failure at all; a full
 * disk is told on stderr, once, and in the exit status.
 */
export function guardOutput(): void {
  let told = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || told) return;
    told = true;
    const why = describeFileError(error);
    const message = `what is printed can't be written: ${why}; free some space, or send it elsewhere`;
    process.exitCode = reportError(new UserError(message, { cause: error }));
  });
  process.stderr.on('error', () => {}); // there is nowhere to tell it
}
