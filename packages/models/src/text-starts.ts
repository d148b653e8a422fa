import {
  add,
  cast,
  maximum,
  minimum,
  mul,
  neg,
  range,
  reshape,
  sub,
  type Rank,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { delay } from './delay.js';

/**
 * Where the text that each position belongs to begins: at the last token 0 up to it, which begins a text, else with the
 * row. Layers that look back no further give a text the same scores alone, after padding and after another text.
 *
 * @param tokens - `[B, T]` int32
 * @returns `[B, T]` int32, each from 0 to its position
 */
export function textStarts(tokens: Tensor2D): Tensor2D {
  const [B, T] = tokens.shape;
  const begins = sub<Tensor2D>(1, minimum(cast(tokens, 'float32'), 1)); // 1 where a text begins
  let latest = reshape<Rank.R3>(mul(begins, range(0, T)), [B, T, 1]);
  // The largest of 1, 2, 4, … positions up to each.
  for (let back = 1; back < T; back *= 2) latest = maximum<Tensor3D>(latest, delay(latest, back));
  return cast(reshape<Rank.R2>(latest, [B, T]), 'int32');
}

/**
 * The place of each position in its text, 0 where it begins: what a model looks up for it.
 *
 * @param starts - `[B, T]` int32, of {@link textStarts}
 * @returns `[B, T]` int32
 */
export function textPlaces(starts: Tensor2D): Tensor2D {
  // Not sub: compiled steps have kernels for a row that is added to each row, and for few sums of int32.
  const before = neg(cast(starts, 'float32'));
  return cast(add<Tensor2D>(before, range(0, starts.shape[1])), 'int32');
}
