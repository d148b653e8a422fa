import {
  add,
  cast,
  concat,
  matMul,
  minimum,
  mul,
  ones,
  range,
  relu,
  reshape,
  slice,
  softmax,
  tidy,
  transpose,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { TokenStream } from '../language-model.js';
import { causalAttention } from '../layers/causal-attention.js';
import type { GPTBlock } from './gpt-block.js';
import type { GPTParts } from './gpt-config.js';

/** What a GPT is made of. */
export interface StreamedGPT {
  readonly config: GPTParts;
  readonly blocks: readonly GPTBlock[];
  /** `[B, n]` tokens at their positions to `[B, n, C]`. */
  embed(tokens: Tensor2D, positions: Tensor2D): Tensor3D;
  /** `[B, C]` to `[B, V]` */
  score(x: Tensor2D): Tensor2D;
}

/** Keys and values of the last T positions of each row, the newest last: `[B kvHeads, T d]`, in variables. */
interface Past {
  readonly keys: Variable<Rank.R2>;
  readonly values: Variable<Rank.R2>;
}

/** Bytes that the past of all rows may take. */
const MOST_BYTES = 2 ** 28;

/** How many rows a stream of a GPT may have. */
export function streamRowsOf(config: GPTParts): number {
  const { contextSize, channels, heads, kvHeads, layers } = config;
  const bytes = 2 * layers * contextSize * (channels / heads) * kvHeads * 4;
  return Math.max(1, Math.floor(MOST_BYTES / bytes));
}

/**
 * A GPT that reads rows token by token and keeps the keys and values of what it has read: a token costs one column of every layer, and
 * attention over the past. Scores are those of the whole context but for rounding.
 *
 * A text longer than T has to be read anew for each token, as positions are counted from the first that is seen.
 */
export class GPTStream implements TokenStream {
  readonly capacity: number;
  readonly #gpt: StreamedGPT;
  readonly #pasts: readonly Past[];

  constructor(gpt: StreamedGPT, rows: number) {
    const { contextSize, channels, heads, kvHeads, layers } = gpt.config;
    const empty = (): Variable<Rank.R2> =>
      tidy(() =>
        variable(zeros<Rank.R2>([rows * kvHeads, (contextSize * channels) / heads]), false),
      );
    this.capacity = contextSize;
    this.#gpt = gpt;
    this.#pasts = Array.from({ length: layers }, () => ({ keys: empty(), values: empty() }));
  }

  next(tokens: Tensor1D, positions: Tensor1D): Tensor2D {
    const [B] = tokens.shape;
    const places = reshape<Rank.R2>(positions, [B, 1]);
    const hidden = this.#hiddenBefore(places);
    let x = this.#gpt.embed(reshape<Rank.R2>(tokens, [B, 1]), places); // [B, 1, C]
    for (const [i, block] of this.#gpt.blocks.entries()) {
      const { query, key, value } = block.attention.project(block.attentionNorm.forward(x), places);
      const { keys, values } = this.#pasts[i];
      append(keys, key);
      append(values, value);
      const gathered = block.attention.end(this.#attend(query, this.#pasts[i], hidden));
      x = block.compute(add<Tensor3D>(x, gathered));
    }
    return this.#score(x);
  }

  read(tokens: Tensor2D, lengths: Tensor1D): Tensor2D {
    const [B, n] = tokens.shape;
    const { heads, kvHeads } = this.#gpt.config;
    const lasts = mul<Tensor2D>(ones([B, n]), reshape(cast(lengths, 'float32'), [B, 1])); // [B, n]
    const places = cast(relu(add<Tensor2D>(lasts, range(-n, 0, 1))), 'int32'); // [B, n]
    const starts = cast(add<Tensor2D>(mul(lasts, -1), n), 'int32'); // [B, n]
    let x = this.#gpt.embed(tokens, places); // [B, n, C]
    for (const [i, block] of this.#gpt.blocks.entries()) {
      const { query, key, value } = block.attention.project(block.attentionNorm.forward(x), places);
      const { keys, values } = this.#pasts[i];
      replace(keys, key);
      replace(values, value);
      const gathered = causalAttention(query, key, value, { heads, kvHeads, starts });
      x = block.compute(add<Tensor3D>(x, block.attention.end(gathered)));
    }
    return this.#score(slice(x, [0, n - 1, 0], [B, 1, -1]));
  }

  dispose(): void {
    for (const { keys, values } of this.#pasts) {
      keys.dispose();
      values.dispose();
    }
  }

  /** `[B heads, T]`: 0 for the positions that a row has read, and far below every score for those before them. */
  #hiddenBefore(places: Tensor2D): Tensor2D {
    const [B] = places.shape;
    const [T, { heads }] = [this.capacity, this.#gpt.config];
    // Not sums of a column and a row, which compiled steps have no kernel for.
    const byHead = mul<Tensor2D>(ones([B, heads]), cast(places, 'float32'));
    const last = mul<Tensor2D>(ones([B * heads, T]), reshape(byHead, [B * heads, 1]));
    const place = add<Tensor2D>(last, range(1 - T, 1, 1)); // negative before a text's first
    return mul(minimum<Tensor2D>(place, 0), 1e9);
  }

  /** What the newest position of each row, `[B, 1, C]`, gathers from the past. */
  #attend(query: Tensor3D, { keys, values }: Past, hidden: Tensor2D): Tensor3D {
    const [B, , C] = query.shape;
    const { heads, kvHeads } = this.#gpt.config;
    const [T, d, N] = [this.capacity, C / heads, B * kvHeads];
    const queries = reshape<Rank.R3>(mul(query, 1 / Math.sqrt(d)), [N, heads / kvHeads, d]);
    const scores = matMul(queries, reshape<Rank.R3>(keys, [N, T, d]), false, true);
    const weights = softmax(add<Tensor2D>(reshape(scores, [B * heads, T]), hidden));
    const mixed = matMul(
      reshape<Rank.R3>(weights, [N, heads / kvHeads, T]),
      reshape<Rank.R3>(values, [N, T, d]),
    );
    return reshape<Rank.R3>(mixed, [B, 1, C]);
  }

  /** `[B, 1, C]` to `[B, V]`. */
  #score(x: Tensor3D): Tensor2D {
    const [B, , C] = x.shape;
    return this.#gpt.score(reshape<Rank.R2>(x, [B, C]));
  }
}

/** Makes what is new, `[B, 1, kvHeads d]`, the newest; the oldest is forgotten. */
function append(past: Variable<Rank.R2>, newest: Tensor3D): void {
  const [rows, width] = past.shape; // [B kvHeads, T d]
  const d = newest.size / rows;
  tidy(() => {
    const kept = width === d ? [] : [slice(past, [0, d], [rows, width - d])];
    past.assign(concat([...kept, reshape<Rank.R2>(newest, [rows, d])], 1));
  });
}

/** Makes `[B, n, kvHeads d]` the newest, and forgets all else. */
function replace(past: Variable<Rank.R2>, newest: Tensor3D): void {
  const [rows, width] = past.shape; // [B kvHeads, T d]
  const [B, n, channels] = newest.shape;
  const [kvHeads, d] = [rows / B, channels / (rows / B)];
  tidy(() => {
    const byHead = transpose(reshape<Rank.R4>(newest, [B, n, kvHeads, d]), [0, 2, 1, 3]);
    const read = reshape<Rank.R2>(byHead, [rows, n * d]);
    const before = width - n * d;
    past.assign(before === 0 ? read : concat([zeros<Rank.R2>([rows, before]), read], 1));
  });
}
