/** @typedef {import('@llm101/random').Generator} Generator */

const LONGEST = 4096;

/**
 * A whole number, 0 … n - 1.
 *
 * @param {Generator} random
 * @param {number} n
 */
function below(random, n) {
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

/**
 * The bytes with a random change: bits flipped, bytes replaced, cut out, put in, exchanged, or the end cut off. Always
 * other bytes than those given.
 *
 * @param {Uint8Array} bytes - at least one
 * @param {Generator} random
 * @returns {Uint8Array}
 */
export function mutate(bytes, random) {
  for (;;) {
    const mutant = change([...bytes], random);
    if (mutant.length !== bytes.length || mutant.some((byte, i) => byte !== bytes[i])) {
      return Uint8Array.from(mutant);
    }
  }
}

/**
 * @param {number[]} bytes
 * @param {Generator} random
 * @returns {number[]}
 */
function change(bytes, random) {
  const at = below(random, bytes.length);
  const other = below(random, bytes.length);
  const some = 1 + below(random, 8);
  switch (below(random, 6)) {
    case 0:
      bytes[at] ^= 1 << below(random, 8);
      return bytes;
    case 1:
      for (let i = 0; i < some; i++) bytes[below(random, bytes.length)] = below(random, 256);
      return bytes;
    case 2:
      bytes.splice(at, some);
      return bytes;
    case 3:
      // bounded: eight at most
      bytes.splice(at, 0, ...Array.from({ length: some }, () => below(random, 256)));
      return bytes;
    case 4:
      [bytes[at], bytes[other]] = [bytes[other], bytes[at]];
      return bytes;
    default:
      return bytes.slice(0, at);
  }
}
