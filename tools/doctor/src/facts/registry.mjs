import { run } from '../run.mjs';

/**
 * @typedef {object} Registry
 * @property {string} url
 * @property {string | undefined} trouble - why it doesn't answer
 */

const LONGEST_MS = 5000;

/**
 * @param {string} root
 * @returns {Promise<Registry>} the one that npm is set to here
 */
export async function readRegistry(root) {
  const url = run('npm', ['config', 'get', 'registry'], root) ?? 'https://registry.npmjs.org/';
  try {
    const { status } = await fetch(new URL('-/ping', url), {
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    return { url, trouble: status < 500 ? undefined : `answers ${status}` };
  } catch (error) {
    const { cause } = /** @type {{ cause?: unknown }} */ (error);
    const reason = cause instanceof Error ? cause : error;
    return { url, trouble: reason instanceof Error ? reason.message : String(reason) };
  }
}
