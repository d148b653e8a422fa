import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * How a command ended.
 *
 * @typedef {object} Outcome
 * @property {boolean} isSuccess
 * @property {string} stdout
 * @property {string} output - both streams, and what ended the command if it wasn't itself
 */

const LONGEST_MS = 300_000;

/**
 * Variables of `npm run`, which another npm would take for settings, and those by which nx makes its tasks print colours,
 * which aren't in a README.
 */
const LEFT_OUT =
  /^(npm_(package|lifecycle|command|execpath|node)|npm_config_(local_prefix|workspace)|INIT_CWD|FORCE_COLOR)/i;

/**
 * Runs a program to its end, without a shell.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} folder - where it runs
 * @returns {Outcome}
 */
export function runCommand(program, args, folder) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name)),
  );
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  const output = [stdout, stderr, error?.message].filter(Boolean).join('\n');
  return { isSuccess: status === 0, stdout: stdout ?? '', output };
}

/**
 * The file of a program that npm has linked for this tool's dependencies.
 *
 * @param {string} program - `publint`
 * @returns {string}
 * @throws {Error} when it isn't installed
 */
export function findProgram(program) {
  const folders = createRequire(import.meta.url).resolve.paths(program) ?? [];
  const found = folders
    .map((folder) => join(folder, '.bin', program))
    .find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(`package-test: ${program} is not installed; run npm install`);
  }
  return found;
}
