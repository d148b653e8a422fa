import { existsSync } from 'node:fs';

const INTERVAL_MS = 5;

/**
 * How long it takes until a file is there.
 *
 * @param {string} path
 * @returns {Promise<number>} milliseconds
 */
export function appearance(path) {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!existsSync(path)) return;
      clearInterval(timer);
      resolve(performance.now() - startMs);
    }, INTERVAL_MS);
  });
}
