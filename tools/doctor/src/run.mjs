import { spawnSync } from 'node:child_process';

const LONGEST_MS = 20_000;

/**
 * What a program prints, or `undefined` when it isn't there, fails or takes too long.
 *
 * @param {string} program
 * @param {readonly string[]} args - fixed words: on Windows npm runs by a shell
 * @param {string} folder
 * @returns {string | undefined}
 */
export function run(program, args, folder) {
  const shell = process.platform === 'win32' && program === 'npm';
  const { status, stdout } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: LONGEST_MS,
    maxBuffer: 2 ** 26,
    shell,
  });
  return status === 0 ? stdout.trimEnd() : undefined;
}
