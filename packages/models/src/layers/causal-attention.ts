import {
  add,
  cast,
  concat,
  greaterEqual,
  lessEqual,
  logicalAnd,
  matMul,
  mul,
  range,
  reshape,
  softmax,
  split,
  sub,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Rank, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { checkSizes } from '../checks.js';
import type { Mode } from '../language-model.js';
import type { Dropout } from './dropout.js';
import { hasKernel, runFused } from './fused-kernel.js';

/** Settings of {@link causalAttention}. */
export interface CausalAttentionOptions {
  /** Parts of the queries' channels that attend by themselves. */
  readonly heads: number;
  /** Parts of the keys' and values' channels, each for as many heads; default: one for each head. */
  readonly kvHeads?: number;
  /** `[B, T]` int32, the first position that each sees, {@link segmentStarts}; default: the row's first. */
  readonly starts?: Tensor2D | undefined;
  /** Of attention's weights; default: none. */
  readonly dropout?: Dropout | undefined;
  /** Default: `'evaluation'`. */
  readonly mode?: Mode;
}

/**
 * Each position gathers from itself and those before it, each head by itself: `softmax(Q Kᵀ / √d) V`, which is
 * `F.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=True)` with the heads side by side in the channels.
 *
 * Sources: Vaswani et al. (2017), "Attention Is All You Need", https://arxiv.org/abs/1706.03762; several heads to a key: Ainslie et al.
 * (2023), https://arxiv.org/abs/2305.13245
 *
 * @param query - `[B, T, C]`
 * @param key - `[B, T, C kvHeads / heads]`
 * @param value - as `key`
 * @returns `[B, T, C]`
 * @throws RangeError when heads don't divide the channels, kvHeads the heads, or the shapes don't fit
 */
export function causalAttention(
  query: Tensor3D,
  key: Tensor3D,
  value: Tensor3D,
  options: CausalAttentionOptions,
): Tensor3D {
  const { heads, kvHeads = heads } = options;
  const [, , C] = query.shape;
  checkHeads('causalAttention', { channels: C, heads, kvHeads });
  const wanted = [...query.shape.slice(0, 2), (C / heads) * kvHeads].join(', ');
  if (key.shape.join(', ') !== wanted || value.shape.join(', ') !== wanted) {
    throw new RangeError(
      `causalAttention: keys and values must have shape [${wanted}]; got [${key.shape.join(', ')}] and [${value.shape.join(', ')}]`,
    );
  }
  return attend('SeparateAttention', { query, key, value }, options);
}

/**
 * {@link causalAttention} of queries, keys and values side by side.
 *
 * @param qkv - `[B, T, 3 C]`; with fewer `kvHeads`, `[B, T, C (1 + 2 kvHeads / heads)]`
 * @returns `[B, T, C]`
 */
export function attendJointly(qkv: Tensor3D, options: CausalAttentionOptions): Tensor3D {
  return attend('CausalAttention', { qkv }, options);
}

/** Who is shown the weights of attention; nobody but within {@link showWeights}. */
let seeWeights: ((weights: Tensor4D) => void) | undefined;

/** Shows the weights of each attention, `[B, heads, T, T]`, that is computed while something runs; they aren't computed otherwise. */
export function showWeights<R>(see: (weights: Tensor4D) => void, run: () => R): R {
  const before = seeWeights;
  seeWeights = see;
  try {
    return run();
  } finally {
    seeWeights = before;
  }
}

/** @throws RangeError unless heads divide the channels, and the heads of keys those of queries */
export function checkHeads(
  where: string,
  { channels, heads, kvHeads }: { channels: number; heads: number; kvHeads: number },
): void {
  checkSizes(where, { channels, heads, kvHeads });
  if (channels % heads !== 0) {
    throw new RangeError(`${where}: heads must divide the ${channels} channels; got ${heads}`);
  }
  if (heads % kvHeads !== 0) {
    throw new RangeError(`${where}: kvHeads must divide the ${heads} heads; got ${kvHeads}`);
  }
}

/** Each head repeated `times`, one after the other: `[B, T, heads d]` to `[B, T, heads times d]`. */
function repeatHeads(x: Tensor3D, heads: number, times: number): Tensor3D {
  if (times === 1) return x;
  const [B, T, width] = x.shape;
  const rows = reshape<Rank.R2>(x, [B * T * heads, width / heads]);
  const repeated = concat(
    Array.from({ length: times }, () => rows),
    1,
  ); // [B T heads, times d]
  return reshape<Rank.R3>(repeated, [B, T, width * times]);
}

/** What the kernels of either name read. */
type Sources = { readonly qkv: Tensor3D } | Readonly<Record<'query' | 'key' | 'value', Tensor3D>>;

function attend(name: string, sources: Sources, options: CausalAttentionOptions): Tensor3D {
  const [B, T] = ('qkv' in sources ? sources.qkv : sources.query).shape;
  const starts = options.starts ?? zeros<Rank.R2>([B, T], 'int32');
  if (seeWeights !== undefined) seeWeights(weightsOf(byHeads(sources, options), starts));
  return fused(name, { ...sources, starts }, options) ?? composed(sources, starts, options);
}

function fused(
  name: string,
  inputs: NamedTensorMap,
  { heads, kvHeads = heads, dropout, mode = 'evaluation' }: CausalAttentionOptions,
): Tensor3D | undefined {
  const plain = { name, inputs, attrs: { heads, kvHeads } };
  if (dropout === undefined) return runFused(plain) as Tensor3D | undefined;
  // Without the kernel nothing is drawn: what is composed then draws.
  if (!hasKernel(`${name}Dropout`)) return undefined;
  return dropout.inside(mode, (mask) => {
    if (mask === undefined) return runFused(plain);
    const { counter, rate, seed } = mask;
    const attrs = { heads, kvHeads, rate, seed };
    return runFused({ name: `${name}Dropout`, inputs: { ...inputs, counter }, attrs });
  }) as Tensor3D | undefined;
}

function composed(sources: Sources, starts: Tensor2D, options: CausalAttentionOptions): Tensor3D {
  const { dropout, mode = 'evaluation' } = options;
  const parts = byHeads(sources, options);
  const [B, h, T, d] = parts[0].shape;
  const weights = weightsOf(parts, starts);
  const kept = dropout?.forward(weights, mode) ?? weights;
  const mixed = transpose(matMul(kept, parts[2]), [0, 2, 1, 3]); // [B, T, h, d]
  return reshape<Rank.R3>(mixed, [B, T, h * d]);
}

/** Queries, keys and values of each head, `[B, h, T, d]`; what several heads share is repeated. */
function byHeads(sources: Sources, { heads, kvHeads = heads }: CausalAttentionOptions) {
  const { query, key, value } = apart(sources, { heads, kvHeads });
  const [B, T, C] = query.shape;
  const split = (part: Tensor3D): Tensor4D =>
    transpose(reshape<Rank.R4>(part, [B, T, heads, C / heads]), [0, 2, 1, 3]);
  const shared = [key, value].map((part) => split(repeatHeads(part, kvHeads, heads / kvHeads)));
  return [split(query), shared[0], shared[1]] as const;
}

/** How much each position gathers from each, before dropout: `[B, h, T, T]`. */
function weightsOf([query, key]: readonly Tensor4D[], starts: Tensor2D): Tensor4D {
  const [B, , T, d] = query.shape;
  const position = range(0, T, 1, 'int32'); // [T]
  const seen = logicalAnd(
    greaterEqual(position, reshape(starts, [B, 1, T, 1])),
    lessEqual(position, reshape(position, [T, 1])),
  ); // [B, 1, T, T]
  const hidden = mul(sub(cast(seen, 'float32'), 1), 1e9); // 0, or far below every score
  const scores = mul(matMul<Tensor4D>(query, key, false, true), 1 / Math.sqrt(d)); // [B, h, T, T]
  return softmax(add<Tensor4D>(scores, hidden));
}

/** Queries, keys and values by themselves. */
function apart(sources: Sources, { heads, kvHeads }: { heads: number; kvHeads: number }) {
  if (!('qkv' in sources)) return sources;
  const d = sources.qkv.shape[2] / (heads + 2 * kvHeads);
  const widths = [heads, kvHeads, kvHeads].map((count) => count * d);
  const [query, key, value] = split<Tensor3D>(sources.qkv, widths, -1);
  return { query, key, value };
}
