import { below } from './random-file.mjs';

/** @typedef {import('@llm101/random').Generator} Generator */

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
      bytes.splice(at, 0, ...Array.from({ length: some }, () => below(random, 256)));
      return bytes;
    case 4:
      [bytes[at], bytes[other]] = [bytes[other], bytes[at]];
      return bytes;
    default:
      return bytes.slice(0, at);
  }
}
