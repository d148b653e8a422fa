import { CommanderError } from 'commander';
import { UsageError } from './user-error.js';

/**
 * Writes an error as one line to stderr; with `LLM101_DEBUG` set, where it arose too.
 *
 * @returns the exit status: 2 when the command line is wrong, otherwise 1
 */
export function reportError(error: unknown): number {
  const isUsage = error instanceof CommanderError || error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  const line = message
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
  const hint = isUsage ? '; llm101 --help lists commands, llm101 train --help flags' : '';
  process.stderr.write(`llm101: ${line}${hint}\n`);
  if (process.env['LLM101_DEBUG'] && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return isUsage ? 2 : 1;
}
