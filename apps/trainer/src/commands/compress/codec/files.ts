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
      `${path} can't be read: ${describeFileError(cause)}; name the file that is to be read`,
      { cause },
    );
  }
}

/**
 * Looks before much work is done whether its result can be written.
 *
 * @throws UserError when it can't, or would take the place of the input or of something that is no file
 */
export function checkOutput(path: string, input: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (!existsSync(path)) return;
    if (!statSync(path).isFile()) throw new Error('it is no file');
    if (realpathSync(path) === realpathSync(input)) throw new Error('it is what is to be read');
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
    `${path} can't be written: ${describeFileError(cause)}; choose another place with --output`,
    { cause },
  );
}
