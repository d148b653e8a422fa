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
 * @param {(ended: AbortSignal) => Promise<void>} [untilKilled] - SIGKILL is sent after it, unless the command has ended
 * @returns {Promise<Ended>}
 */
export function train(args, untilKilled) {
  const startMs = performance.now();
  const child = spawn(process.execPath, [bin, 'train', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: '1' },
  });
  const ended = new AbortController();
  void untilKilled?.(ended.signal).then(() => ended.signal.aborted || child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      ended.abort();
      resolve({ status, stderr, durationMs: performance.now() - startMs });
    });
  });
}
