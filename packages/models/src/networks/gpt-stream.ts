import {
  add,
  cast,
  mul,
  range,
  relu,
  reshape,
  slice,
  tidy,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { TokenStream } from '../language-model.js';
import { cachedAttention, positionsAtEnd, writeRows } from '../layers/cached-attention.js';
import { causalAttention } from '../layers/causal-attention.js';
import type { GPTBlock } from './gpt-block.js';
import type { ResolvedGPTConfig } from './gpt-config.js';

/** What a stream asks of a `GPT`. */
export interface StreamedGPT {
  readonly config: ResolvedGPTConfig;
  readonly blocks: readonly GPTBlock[];
  /** `[B, n]` tokens at their positions to `[B, n, C]`. */
  embed(tokens: Tensor2D, positions: Tensor2D): Tensor3D;
  /** `[B, C]` to `[B, V]` */
  score(x: Tensor2D): Tensor2D;
}

/** Keys and values of T positions of each row, `[B, T, kvHeads d]`; those after the newest belong to no text. */
interface Cache {
  readonly keys: Variable<Rank.R3>;
  readonly values: Variable<Rank.R3>;
}

/** Bytes that the caches of all rows may take. */
const MOST_BYTES = 2 ** 28;

/** How many rows a stream of a GPT may have. */
export function streamRowsOf(config: ResolvedGPTConfig): number {
  const { contextSize, channels, heads, kvHeads, layers } = config;
  const bytes = 2 * layers * contextSize * (channels / heads) * kvHeads * 4;
  return Math.max(1, Math.floor(MOST_BYTES / bytes));
}

/**
 * A GPT with a key/value cache, which reads rows token by token: a token costs one column of every layer, and attention over what is
 * cached. Scores are those of the whole context but for rounding.
 *
 * A text longer than T has to be read again for each token, as positions are counted from the first that is seen.
 */
export class GPTStream implements TokenStream {
  readonly capacity: number;
  readonly #gpt: StreamedGPT;
  /** One for each layer. */
  readonly #caches: readonly Cache[];

  constructor(gpt: StreamedGPT, rows: number) {
    const { contextSize, channels, heads, kvHeads, layers } = gpt.config;
    const width = (channels / heads) * kvHeads;
    const empty = (): Variable<Rank.R3> =>
      tidy(() => variable(zeros<Rank.R3>([rows, contextSize, width]), false));
    this.capacity = contextSize;
    this.#gpt = gpt;
    this.#caches = Array.from({ length: layers }, () => ({ keys: empty(), values: empty() }));
  }

  next(tokens: Tensor1D, positions: Tensor1D): Tensor2D {
    const [B] = tokens.shape;
    const columns = reshape<Rank.R2>(positions, [B, 1]);
    const { heads, kvHeads } = this.#gpt.config;
    let x = this.#gpt.embed(reshape<Rank.R2>(tokens, [B, 1]), columns); // [B, 1, C]
    for (const [i, block] of this.#gpt.blocks.entries()) {
      const normal = block.attentionNorm.forward(x);
      const { query, key, value } = block.attention.project(normal, columns);
      const cache = this.#caches[i];
      write(cache, { key, value, positions: columns });
      const gathered = cachedAttention(query, cache, columns, { heads, kvHeads });
      x = block.compute(add<Tensor3D>(x, block.attention.end(gathered)));
    }
    return this.#score(x);
  }

  read(tokens: Tensor2D, lengths: Tensor1D): Tensor2D {
    const [B, n] = tokens.shape;
    const { heads, kvHeads } = this.#gpt.config;
    const indices = positionsAtEnd(tokens, lengths); // [B, n]
    const written = cast(indices, 'int32');
    const positions = cast(relu(indices), 'int32');
    const starts = cast(add<Tensor2D>(mul(indices, -1), range(0, n, 1)), 'int32'); // [B, n]
    let x = this.#gpt.embed(tokens, positions); // [B, n, C]
    for (const [i, block] of this.#gpt.blocks.entries()) {
      const normal = block.attentionNorm.forward(x);
      const { query, key, value } = block.attention.project(normal, positions);
      write(this.#caches[i], { key, value, positions: written });
      const gathered = causalAttention(query, key, value, { heads, kvHeads, starts });
      x = block.compute(add<Tensor3D>(x, block.attention.end(gathered)));
    }
    return this.#score(slice(x, [0, n - 1, 0], [B, 1, -1]));
  }

  dispose(): void {
    for (const { keys, values } of this.#caches) {
      keys.dispose();
      values.dispose();
    }
  }

  /** `[B, 1, C]` to `[B, V]`. */
  #score(x: Tensor3D): Tensor2D {
    const [B, , C] = x.shape;
    return this.#gpt.score(reshape<Rank.R2>(x, [B, C]));
  }
}

/** Keys and values, `[B, n, kvHeads d]`, and where they belong, `[B, n]`. */
interface NewRows {
  readonly key: Tensor3D;
  readonly value: Tensor3D;
  readonly positions: Tensor2D;
}

function write({ keys, values }: Cache, { key, value, positions }: NewRows): void {
  tidy(() => {
    keys.assign(writeRows(keys, key, positions));
    values.assign(writeRows(values, value, positions));
  });
}
