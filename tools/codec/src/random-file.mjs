/** @typedef {import('@llm101/random').Generator} Generator */

const LONGEST = 4096;

/**
 * A whole number, 0 … n - 1.
 *
 * @param {Generator} random
 * @param {number} n
 */
export function below(random, n) {
  return Math.floor(random.nextDouble() * n);
}

/**
 * Bytes of a random kind and length, 0 … 4,096: any bytes, a few of them, steps from one to the next, or stretches that
 * come again.
 *
 * @param {Generator} random
 * @returns {Uint8Array}
 */
export function randomFile(random) {
  // Every eighth file is very short, where ends are most of it.
  const length = below(random, (below(random, 8) === 0 ? 8 : LONGEST) + 1);
  const bytes = new Uint8Array(length);
  const kind = below(random, 4);
  const few = 1 + below(random, 16);
  const start = below(random, 256);
  for (let i = 0; i < length; i++) {
    if (kind === 0) bytes[i] = below(random, 256);
    else if (kind === 1) bytes[i] = start + below(random, few);
    else if (kind === 2) bytes[i] = (i === 0 ? start : bytes[i - 1]) + below(random, few);
    else if (i > 8 && below(random, 8) > 0) bytes[i] = bytes[i - few];
    else bytes[i] = below(random, 256);
  }
  return bytes;
}
