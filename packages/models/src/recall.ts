import {
  cast,
  minimum,
  mul,
  reshape,
  type Rank,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { delay } from './delay.js';

/**
 * Fetches the past, of which causal layers see nothing else: for each position of `x`, `[B, T, C]`, the values that stand
 * so many steps before it, one tensor of the shape of x for each of `steps`.
 */
export type Recall = (x: Tensor3D, steps: readonly number[]) => Tensor3D[];

/** The past of each row by itself, zeros before its first position. */
export const recallRow: Recall = (x, steps) => steps.map((back) => delay(x, back));

/**
 * The past back to the last token 0, which begins a name: zeros before it, as before a row. So neither padding on the left
 * nor another name that stands before in the same row makes a difference.
 *
 * @param tokens - `[B, T]` int32
 */
export function recallName(tokens: Tensor2D): Recall {
  // Where a name goes on its first position is visible from its second, and so forth: products of delayed factors.
  const goesOn = reshape<Rank.R3>(minimum(cast(tokens, 'float32'), 1), [...tokens.shape, 1]);
  const known = new Map([[1, goesOn]]);
  /** `[B, T, 1]`: 1 where the position so many steps before belongs to the same name. */
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
