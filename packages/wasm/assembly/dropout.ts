// Dropout whose mask is a pure function of (seed, counter, index), all in uint32 arithmetic.
import { loadPart, storePart } from './lanes';

/** lowbias32; https://github.com/skeeto/hash-prospector. */
function mix(x: u32): u32 {
  x ^= x >>> 16;
  x *= 0x7feb352d;
  x ^= x >>> 15;
  x *= 0x846ca68b;
  return x ^ (x >>> 16);
}

/** The same of four. */
// @ts-ignore: decorator
@inline
function mix4(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** All bits set where an index is kept. */
// @ts-ignore: decorator
@inline
function kept4(place: v128, key: v128, threshold: v128): v128 {
  const bits = mix4(i32x4.add(mix4(v128.xor(place, key)), key));
  return i32x4.ge_s(i32x4.shr_u(bits, 8), threshold); // both below 2^25
}

/** The key of all indices. */
export function dropoutKey(counter: usize, seed: u32): u32 {
  return mix(seed ^ mix(load<u32>(counter)));
}

/** What n values from an index on are multiplied by: `1 / (1 - rate)` where they are kept, else 0. */
export function keptFactors(to: usize, index: i32, rate: f64, key: u32, n: i32): void {
  const keys = i32x4.splat(key), four = i32x4.splat(4);
  const threshold = i32x4.splat(<i32>ceil<f64>(rate * 16777216)), scale = f32x4.splat(<f32>(1 / (1 - rate)));
  let place = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, v128.and(scale, kept4(place, keys, threshold)));
    place = i32x4.add(place, four);
  }
  const lanes = n & 3;
  if (lanes) storePart(to, v128.and(scale, kept4(place, keys, threshold)), lanes);
}

/**
 * `to[i] = x[i] / (1 - rate)` where i is kept, else 0: with `key = mix(seed ^ mix(counter))` it is kept if
 * `mix(mix(i ^ key) + key) >>> 8 >= ⌈rate 2^24⌉`. `counter` is the address of one int32; `to` may be x.
 */
export function seededDropout(x: usize, counter: usize, to: usize, rate: f64, seed: u32, n: i32): void {
  const key = i32x4.splat(dropoutKey(counter, seed));
  const threshold = i32x4.splat(<i32>ceil<f64>(rate * 16777216)), scale = f32x4.splat(<f32>(1 / (1 - rate)));
  const four = i32x4.splat(4);
  let place = i32x4(0, 1, 2, 3);
  const end = to + (<usize>n << 2), wide = end - 15;
  for (; to < wide; to += 16) {
    v128.store(to, v128.and(f32x4.mul(v128.load(x), scale), kept4(place, key, threshold)));
    place = i32x4.add(place, four);
    x += 16;
  }
  const lanes = n & 3;
  if (lanes) {
    storePart(to, v128.and(f32x4.mul(loadPart(x, lanes), scale), kept4(place, key, threshold)), lanes);
  }
}
