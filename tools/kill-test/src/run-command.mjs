import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(
  new URL('bin/llm101.js', import.meta.resolve('@llm101/trainer/package.json')),
);

/**
 * How a command ended.
 *
 * @typedef {object} Ended
 * @property {number | null} status - null where it was killed
 * @property {string} stderr
 * @property {number} durationMs
 */

/**
 * Runs `llm101 train`.
 *
 * @param {readonly string[]} args
 * @param {number} [killAfterMs] - sends SIGKILL then, if it is still running
 * @returns {Promise<Ended>}
 */
export function train(args, killAfterMs) {
  const startMs = performance.now();
  const child = spawn(process.execPath, [bin, 'train', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: '1' },
  });
  const timer =
    killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, stderr, durationMs: performance.now() - startMs });
    });
  });
}
