import { CommanderError } from 'commander';
import { flagNames } from './flag-names.js';
import { oneLine } from './one-line.js';
import { UsageError, UserError } from '../settings/user-error.js';

/**
 * Writes an error as one line to stderr; with `LLM101_DEBUG` set, where it arose too.
 *
 * @param command - the command that was called, where it is one
 * @returns the exit status: 2 when the command line is wrong, otherwise 1
 */
export function reportError(error: unknown, command?: string): number {
  const isUsage = error instanceof CommanderError || error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  const line = isUsage || error instanceof UserError ? message : flagNames(message);
  const hint =
    command === undefined ? 'llm101 --help lists commands' : `llm101 ${command} --help lists flags`;
  const text = oneLine(line.replace(/^error: /, ''));
  process.stderr.write(`llm101: ${text}${isUsage ? `; ${hint}` : ''}\n`);
  if (process.env['LLM101_DEBUG'] && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return isUsage ? 2 : 1;
}
