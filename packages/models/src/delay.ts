import { concat, split, zeros, type Rank, type Tensor3D } from '@tensorflow/tfjs-core';

/** What stood so many positions before, zeros before the first: `[B, T, C]` to the same. */
export function delay(x: Tensor3D, steps: number): Tensor3D {
  const [B, T, C] = x.shape;
  if (steps === 0) return x;
  if (steps >= T) return zeros<Rank.R3>([B, T, C]);
  // Not slice: its gradient is a padding, for which compiled steps have no kernel; that of split is concat.
  const [kept] = split<Tensor3D>(x, [T - steps, steps], 1); // [B, T - steps, C]
  return concat([zeros<Rank.R3>([B, steps, C]), kept], 1);
}
