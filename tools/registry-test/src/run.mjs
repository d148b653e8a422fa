import { spawn } from 'node:child_process';

/**
 * How to run a command.
 *
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] - beside this process' own
 */

/** Variables of `npm run` and nx, which another npm would take for settings. */
const LEFT_OUT = /^(npm_|INIT_CWD|FORCE_COLOR|NX_)/i;

/**
 * Runs a command to its end.
 *
 * @param {readonly [string, ...string[]]} command
 * @param {RunOptions} options
 * @returns {Promise<string>} what it wrote to stdout
 * @throws {Error} with all that it wrote, when its status isn't 0
 */
export function run([program, ...args], { cwd, env = {} }) {
  const own = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let all = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
    all += String(chunk);
  });
  child.stderr.on('data', (chunk) => (all += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve(stdout);
      return reject(new Error(`${[program, ...args].join(' ')}: status ${status}\n${all}`));
    });
  });
}
