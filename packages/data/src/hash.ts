// FNV-1a with 32 bits, over whole numbers instead of bytes: http://www.isthe.com/chongo/tech/comp/fnv/
/** The hash of nothing. */
export const START = 0x811c9dc5;
const PRIME = 0x01000193;

/** A hash with some more numbers after those that it is of. */
export function hashNumbers(hash: number, values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) hash = Math.imul(hash ^ values[i], PRIME);
  return hash;
}

/** A hash as eight hex digits. */
export const digits = (hash: number): string => (hash >>> 0).toString(16).padStart(8, '0');
