import { LESS_MEMORY, flagOf, otherNames, settingKeys, UsageError, UserError } from '@llm101/runs';
import { OtherRunError, WorkerError } from '@llm101/training';
import { MemoryError } from '@llm101/wasm';
import { GpuError } from '@llm101/webgpu';
import { CommanderError } from 'commander';
import { complain, ignoreMessageErrors, onOutputError, oneLine } from './streams.js';

/** A training that failed; `result` is what `--json` says of it. */
export class RunFailed extends UserError {
  readonly result: object;

  constructor(message: string, result: object, options: ErrorOptions) {
    super(message, options);
    this.result = result;
  }
}

/**
 * Writes an error as one line to stderr; with `LLM101_DEBUG` set, its stack too.
 *
 * @param command - the command that was called, where it is one
 * @returns the exit status: 2 when the command line is wrong, otherwise 1
 */
export function reportError(error: unknown, command?: string): number {
  const isUsage = isOfUsage(error);
  const hint =
    command === undefined ? 'llm101 --help lists commands' : `llm101 ${command} --help lists flags`;
  const text = oneLine(messageOf(error));
  complain(`llm101: ${text}${isUsage ? `; ${hint}` : ''}`);
  if (process.env['LLM101_DEBUG'] && error instanceof Error) {
    complain((error.stack ?? '').split('\n'));
  }
  return isUsage ? 2 : 1;
}

/** What went wrong, in the command line's words. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = isOfUsage(error) || error instanceof UserError ? message : flagNames(message);
  return line.replace(/^error: /, '');
}

const isOfUsage = (error: unknown): boolean =>
  error instanceof CommanderError || error instanceof UsageError;

/**
 * Output that can't be written ends no run. A reader that has gone, as in `llm101 sample | head -1`, is no failure; a full
 * disk is reported once on stderr, and in the exit status.
 */
export function guardOutput(): void {
  let isReported = false;
  onOutputError((error) => {
    if (error.code === 'EPIPE' || isReported) return;
    isReported = true;
    const why = describeFileError(error);
    const message = `the output can't be written: ${why}; free some space, or send it elsewhere`;
    process.exitCode = reportError(new UserError(message, { cause: error }));
  });
  ignoreMessageErrors();
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space',
  EDQUOT: 'free some space',
  EFBIG: 'raise the limit (ulimit -f)',
  EACCES: 'correct its permissions',
  EPERM: 'correct its permissions',
  ENOENT: 'leave it in place until the run ends',
};

/** What ended a run, and what to do about it. */
export function describeFailure(error: unknown, runDir: string): string {
  if (error instanceof UserError || error instanceof OtherRunError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WorkerError) {
    return `${message}; llm101 train --resume ${runDir} resumes from the newest checkpoint`;
  }
  if (error instanceof GpuError) {
    return `${message}; llm101 train --resume ${runDir} resumes from the newest checkpoint, or begins again where there is none; --device wasm does without the GPU`;
  }
  if (isOutOfMemory(error)) return `the memory is used up (${message}); ${LESS_MEMORY}`;
  const code = fileErrorCode(error);
  if (code === undefined) return `${flagNames(message)}; LLM101_DEBUG=1 shows where it arose`;
  const remedy = REMEDIES[code] === undefined ? '' : `${REMEDIES[code]}, or `;
  const why = describeFileError(error);
  return `${runDir} can't be written: ${why}; ${remedy}choose another with --run-dir`;
}

/** Whether the backend or JavaScript has run out of memory. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof MemoryError) return true;
  // tfjs' own kernels allocate memory too, and don't check whether they got it.
  if (error instanceof WebAssembly.RuntimeError) return true;
  return (
    error instanceof RangeError &&
    /allocation failed|Invalid typed array length/.test(error.message)
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file would be larger than is allowed',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of that name',
  ENAMETOOLONG: 'the path is too long',
};

/** Why a file can't be read or written: `the disk is full`. */
export function describeFileError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return REASONS[fileErrorCode(error) ?? ''] ?? message;
}

/** The system's name of a file error, `ENOSPC`; undefined for other errors. */
function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return String(error.code);
}

/** Settings whose name isn't a word of the language too. */
const SETTINGS = settingKeys.filter((key) => /[A-Z]/.test(key));

/** `choose a smaller testSize` → `choose a smaller --val-size`: an error of a package, for the command line. */
export function flagNames(message: string): string {
  let text = message.replace('pass the new hash as sha256 if', 'name the text by --data if');
  for (const key of SETTINGS) text = text.replaceAll(new RegExp(`\\b${key}\\b`, 'g'), flagOf(key));
  for (const [name, key] of Object.entries(otherNames)) {
    text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), flagOf(key));
  }
  return text;
}
