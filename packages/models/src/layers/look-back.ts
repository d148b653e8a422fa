import {
  add,
  cast,
  maximum,
  minimum,
  mul,
  neg,
  pad,
  range,
  reshape,
  slice,
  sub,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Reads the past for a causal layer: for each position of `x`, `[B, T, C]`, the values n steps before it, one tensor of the
 * shape of x for each n of `steps`.
 */
export type LookBack = (x: Tensor3D, steps: readonly number[]) => Tensor3D[];

/** The past of each row, zeros before its first position. */
export const lookBackInRow: LookBack = (x, steps) => steps.map((back) => delay(x, back));

/**
 * The past back to the last token 0, which begins a sequence: zeros before it, as before a row. So neither padding on the
 * left nor another sequence before it in the same row makes a difference.
 *
 * @param tokens - `[B, T]` int32
 */
export function lookBackInSequence(tokens: Tensor2D): LookBack {
  // 1 where a position continues the sequence of the one before; further back, products of delayed factors.
  const continues = reshape<Rank.R3>(minimum(cast(tokens, 'float32'), 1), [...tokens.shape, 1]);
  const known = new Map([[1, continues]]);
  /** `[B, T, 1]`: 1 where the position n steps back belongs to the same sequence. */
  const visible = (back: number): Tensor3D => {
    const found = known.get(back);
    if (found !== undefined) return found;
    const later = Math.ceil(back / 2);
    const made = mul<Tensor3D>(visible(later), delay(visible(back - later), later));
    known.set(back, made);
    return made;
  };
  return (x, steps) =>
    steps.map((back) => (back === 0 ? x : mul<Tensor3D>(delay(x, back), visible(back))));
}

/** `[B, T, C]` moved n steps later, zeros at first. */
function delay(x: Tensor3D, steps: number): Tensor3D {
  const [B, T, C] = x.shape;
  if (steps === 0) return x;
  if (steps >= T) return zeros<Rank.R3>([B, T, C]);
  return pad(slice(x, [0, 0, 0], [B, T - steps, C]), [
    [0, 0],
    [steps, 0],
    [0, 0],
  ]);
}

/**
 * Where the sequence of each position begins: at the last token 0 up to it, or with the row. Layers that look back no
 * further give a sequence the same scores alone, after padding and after another sequence.
 *
 * @param tokens - `[B, T]` int32
 * @returns `[B, T]` int32, each from 0 to its position
 */
export function segmentStarts(tokens: Tensor2D): Tensor2D {
  const [B, T] = tokens.shape;
  const begins = sub<Tensor2D>(1, minimum(cast(tokens, 'float32'), 1)); // 1 where a sequence begins
  let latest = reshape<Rank.R3>(mul(begins, range(0, T)), [B, T, 1]);
  // The maximum over 1, 2, 4, … positions up to each.
  for (let back = 1; back < T; back *= 2) latest = maximum<Tensor3D>(latest, delay(latest, back));
  return cast(reshape<Rank.R2>(latest, [B, T]), 'int32');
}

/**
 * The index of each position in its sequence, from 0: what a model looks up a position's embedding by.
 *
 * @param starts - `[B, T]` int32, of {@link segmentStarts}
 * @returns `[B, T]` int32
 */
export function positionIds(starts: Tensor2D): Tensor2D {
  // Not sub: compiled steps have a kernel that adds a row to each row, in float32.
  const before = neg(cast(starts, 'float32'));
  return cast(add<Tensor2D>(before, range(0, starts.shape[1])), 'int32');
}

/** What a model has made of the last position of each row: `[B, T, C]` to `[B, C]`. */
export function lastPosition(x: Tensor3D): Tensor2D {
  const [B, T, C] = x.shape;
  return reshape<Rank.R2>(slice(x, [0, T - 1, 0], [B, 1, C]), [B, C]);
}
