import {
  add,
  cast,
  lessEqual,
  matMul,
  mul,
  oneHot,
  ones,
  range,
  reshape,
  softmax,
  sub,
  sum,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { runFused } from './fused-kernel.js';

/**
 * A cache with new rows at their positions. A compiled step that assigns it to a variable writes the new rows alone.
 *
 * @param cache - `[B, T, W]`
 * @param rows - `[B, n, W]`
 * @param positions - `[B, n]` int32, different ones in a row; one below 0 isn't written
 * @returns `[B, T, W]`
 */
export function writeRows(cache: Tensor3D, rows: Tensor3D, positions: Tensor2D): Tensor3D {
  const inputs = { x: cache, rows, positions };
  const fused = runFused({ name: 'WriteRows', inputs, attrs: {} }) as Tensor3D | undefined;
  if (fused !== undefined) return fused;
  const [B, T] = cache.shape;
  const isAt = cast(oneHot(positions, T), 'float32') as Tensor3D; // [B, n, T]
  const stays = sub(1, reshape(sum(isAt, 1), [B, T, 1]));
  return add(mul(cache, stays), matMul(isAt, rows, true));
}

/**
 * The index of each position in its text, where texts stand at the ends of rows: below 0 before a text.
 *
 * @param tokens - `[B, n]`
 * @param lengths - `[B]` int32
 * @returns `[B, n]` whole numbers, float32
 */
export function positionsAtEnd({ shape: [B, n] }: Tensor2D, lengths: Tensor1D): Tensor2D {
  const column = reshape<Rank.R2>(cast(lengths, 'float32'), [B, 1]);
  return add(mul<Tensor2D>(ones([B, n]), column), range(-n, 0, 1));
}

/** Keys and values of a text's positions, `[B, T, C kvHeads / heads]` each. */
export interface KeysAndValues {
  readonly keys: Tensor3D;
  readonly values: Tensor3D;
}

/**
 * What the newest position of each row gathers from cached keys and values, as `causalAttention` gives it for that position.
 *
 * @param query - `[B, 1, C]`
 * @param positions - `[B, 1]` int32: positions 0 to this one are seen
 * @returns `[B, 1, C]`
 */
export function cachedAttention(
  query: Tensor3D,
  { keys, values }: KeysAndValues,
  positions: Tensor2D,
  { heads, kvHeads }: { readonly heads: number; readonly kvHeads: number },
): Tensor3D {
  const inputs = { query, keys, values, positions };
  const call = { name: 'CachedAttention', inputs, attrs: { heads, kvHeads } };
  const fused = runFused(call) as Tensor3D | undefined;
  if (fused !== undefined) return fused;
  const [B, T, width] = keys.shape;
  const d = width / kvHeads;
  const byHead = (cache: Tensor3D): Tensor =>
    transpose(reshape(cache, [B, T, kvHeads, d]), [0, 2, 1, 3]); // [B, kvHeads, T, d]
  const queries = reshape(mul(query, 1 / Math.sqrt(d)), [B, kvHeads, heads / kvHeads, d]);
  const seen = cast(lessEqual(range(0, T, 1, 'int32'), positions), 'float32'); // [B, T]
  const hidden = reshape(mul(sub(seen, 1), 1e9), [B, 1, 1, T]); // 0, or far below every score
  const scores = matMul(queries, byHead(keys), false, true); // [B, kvHeads, heads / kvHeads, T]
  const mixed = matMul(softmax(add(scores, hidden)), byHead(values));
  return reshape<Rank.R3>(mixed, query.shape);
}
