import { concat, split, zeros, type Rank, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Fetches the past: for each position of `x`, `[B, T, C]`, the value that stands `steps` positions before it, in the same
 * shape. Causal layers ask for nothing else of other positions.
 */
export type Recall = (x: Tensor3D, steps: number) => Tensor3D;

/** The past of a row by itself, zeros before its first position. */
export const recallRow: Recall = (x, steps) => {
  const [B, T, C] = x.shape;
  if (steps === 0) return x;
  if (steps >= T) return zeros<Rank.R3>([B, T, C]);
  // Not slice: its gradient is a padding, for which compiled steps have no kernel; that of split is concat.
  const [kept] = split<Tensor3D>(x, [T - steps, steps], 1); // [B, T - steps, C]
  return concat([zeros<Rank.R3>([B, steps, C]), kept], 1);
};
