import { Generator } from '@llm101/random';

/** How long a reader may take for an input of a few thousand bytes, in milliseconds, on a machine that is busy. */
const MOST_MS = 10_000;

/** How many bytes the process may have at any time. */
const MOST_BYTES = 2e9;

/**
 * Gives a reader one input.
 *
 * @param {import('./targets.mjs').Target} target
 * @param {number} seed
 * @param {number} number - of the case
 * @returns {Promise<{ refused: boolean } | { problem: string, input: Uint8Array }>}
 */
export async function tryCase(target, seed, number) {
  const input = target.input(Generator.seeded((seed * 1_000_003 + number) % 2 ** 32));
  const start = performance.now();
  let refused = false;
  try {
    await target.read(input.slice());
  } catch (error) {
    if (!target.refuses.some((kind) => error instanceof kind)) {
      return {
        problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
        input,
      };
    }
    refused = true;
  }
  const ms = performance.now() - start;
  if (ms > MOST_MS) return { problem: `it took ${ms.toFixed(0)} ms`, input };
  const { rss } = process.memoryUsage();
  if (rss > MOST_BYTES) return { problem: `the process has ${rss} bytes`, input };
  return { refused };
}
