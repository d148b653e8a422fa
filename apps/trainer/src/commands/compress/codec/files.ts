import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '@llm101/runs';
import { describeFileError } from '../../../terminal/errors.js';
import { writeFileWholeSync } from '@llm101/training/node';

/** @throws UserError when it can't be read */
export function readInput(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new UserError(
      `${path} can't be read: ${describeFileError(cause)}; name the file to read`,
      { cause },
    );
  }
}

/**
 * Checks that a result can be written, before the work is done.
 *
 * @throws UserError when it can't, or would replace the input or something that isn't a file
 */
export function checkOutput(path: string, input: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (!existsSync(path)) return;
    if (!statSync(path).isFile()) throw new Error("it isn't a file");
    if (realpathSync(path) === realpathSync(input)) throw new Error('it is the file to read');
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** Writes a file wholly or not at all. @throws UserError when it can't be written */
export function writeOutput(path: string, content: Uint8Array): void {
  try {
    writeFileWholeSync(path, content);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

function notWritable(path: string, cause: unknown): UserError {
  return new UserError(
    `${path} can't be written: ${describeFileError(cause)}; choose another path with --output`,
    { cause },
  );
}
