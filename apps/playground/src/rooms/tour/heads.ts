import type { AttentionMap } from '../../looks.js';

/** A head, and what it gathers from the token before. */
export interface Head {
  readonly layer: number;
  readonly head: number;
  /** The mean over all positions but the first, from 0 to 1. */
  readonly share: number;
}

/** The heads of a GPT by how much they look one token back, the one that does most first. */
export function looksBack(maps: readonly AttentionMap[]): Head[] {
  return maps
    .filter(({ part }) => part === 'layer')
    .flatMap(({ number, heads, labels, values }) =>
      Array.from({ length: heads }, (_, head) => ({
        layer: number,
        head: head + 1,
        share: backOf(values.subarray(head * labels.length ** 2), labels.length),
      })),
    )
    .toSorted((a, b) => b.share - a.share);
}

/** @param weights - `[T, T]` */
function backOf(weights: Float32Array, T: number): number {
  if (T < 2) return 0;
  let sum = 0;
  for (let to = 1; to < T; to++) sum += weights[to * T + to - 1];
  return sum / (T - 1);
}
