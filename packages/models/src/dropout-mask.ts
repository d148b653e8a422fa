/** What decides a mask: it is a pure function of these. */
export interface DropoutMask {
  /** Share of values left out, from 0 to below 1. */
  readonly rate: number;
  /** uint32 */
  readonly seed: number;
  /** int32 */
  readonly counter: number;
  readonly size: number;
}

/**
 * What each value of a tensor is multiplied by: `1 / (1 - rate)` in float32 where it is kept, else 0. Bits come from a
 * hash of the element's index and a key of seed and counter, so that any element can be had without the others.
 *
 * Source of the hash: "lowbias32", https://github.com/skeeto/hash-prospector
 */
export function dropoutMask({ rate, seed, counter, size }: DropoutMask): Float32Array {
  const key = mix(seed ^ mix(counter));
  const threshold = Math.ceil(rate * 2 ** 24);
  const scale = 1 / (1 - rate);
  return Float32Array.from({ length: size }, (_, i) => {
    const bits = mix(mix(i ^ key) + key);
    return bits >>> 8 >= threshold ? scale : 0;
  });
}

/** uint32 to uint32, one to one. */
function mix(x: number): number {
  let bits = x >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
