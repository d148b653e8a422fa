// FNV-1a with 32 bits, over whole numbers instead of bytes: http://www.isthe.com/chongo/tech/comp/fnv/
/** The hash of nothing. */
export const START = 0x811c9dc5;
const PRIME = 0x01000193;

/** A hash with some more numbers, `start` … `end - 1` of an array, after those that it is of. */
export function hashNumbers(
  hash: number,
  values: ArrayLike<number>,
  start: number = 0,
  end: number = values.length,
): number {
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ values[i], PRIME);
  return hash;
}

/** Hashes of every fourth number, which don't wait for each other. */
export const LANES = 4;

/** Hashes of the first `count` numbers of an array, of each fourth one, after those that they are of. */
export function hashLanes(lanes: Int32Array, values: Int32Array, count: number): void {
  let [a, b, c, d] = [lanes[0], lanes[1], lanes[2], lanes[3]];
  let i = 0;
  for (; i + LANES <= count; i += LANES) {
    a = Math.imul(a ^ values[i], PRIME);
    b = Math.imul(b ^ values[i + 1], PRIME);
    c = Math.imul(c ^ values[i + 2], PRIME);
    d = Math.imul(d ^ values[i + 3], PRIME);
  }
  lanes.set([a, b, c, d]);
  for (let lane = 0; i < count; i++, lane++) {
    lanes[lane] = Math.imul(lanes[lane] ^ values[i], PRIME);
  }
}

/** A hash as eight hex digits. */
export const digits = (hash: number): string => (hash >>> 0).toString(16).padStart(8, '0');
