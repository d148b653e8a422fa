import { describeFileError, fileErrorCode } from './describe-file-error.js';
import { flagNames } from './flag-names.js';
import { isOutOfMemory, LESS_MEMORY } from './out-of-memory.js';
import { UserError } from '../settings/user-error.js';

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space',
  EDQUOT: 'free some space',
  EFBIG: 'raise the limit (ulimit -f)',
  EACCES: 'mend its permissions',
  EPERM: 'mend its permissions',
  ENOENT: 'leave it in place until the run ends',
};

/** What ended a run, and what to do about it. */
export function describeFailure(error: unknown, runDir: string): string {
  if (error instanceof UserError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error)) return `the memory is used up (${message}); ${LESS_MEMORY}`;
  const code = fileErrorCode(error);
  if (code === undefined) return `${flagNames(message)}; LLM101_DEBUG=1 shows where it arose`;
  const remedy = REMEDIES[code] === undefined ? '' : `${REMEDIES[code]}, or `;
  const why = describeFileError(error);
  return `${runDir} can't be written: ${why}; ${remedy}choose another with --run-dir`;
}
