/** What a mask of dropout depends on. */
export interface DropoutMask {
  /** The share that is dropped, from 0 to below 1. */
  readonly rate: number;
  /** uint32 */
  readonly seed: number;
  /** Another one at each call; int32. */
  readonly counter: number;
}

/** `x / (1 - rate)` in float32 where the mask keeps it, else 0; exactly what the kernel gives. */
export function seededDropoutReference(x: ArrayLike<number>, mask: DropoutMask): Float32Array {
  const scale = Math.fround(1 / (1 - mask.rate));
  const kept = keeper(mask);
  return Float32Array.from(x, (value, i) =>
    kept(i) ? Math.fround(Math.fround(value) * scale) : 0,
  );
}

/** Tells which places a mask keeps: those whose 24 random bits are at least `⌈rate 2^24⌉`. */
function keeper({ rate, seed, counter }: DropoutMask): (i: number) => boolean {
  const key = mix(seed ^ mix(counter));
  const threshold = Math.ceil(rate * 2 ** 24);
  return (i) => mix((mix(i ^ key) + key) | 0) >>> 8 >= threshold;
}

/**
 * A bijection of 32-bit words after which each bit depends on all.
 *
 * Source: lowbias32, https://github.com/skeeto/hash-prospector
 */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
