import type { Embedding, GRU, Linear, TokenStream } from '@llm101/models';
import {
  gather,
  tidy,
  variable,
  zeros,
  type Rank,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';

/** What a `GruModel` is made of. */
interface GruParts {
  readonly embedding: Embedding;
  readonly gru: GRU;
  readonly head: Linear;
}

/** A recurrent model that reads rows of texts, each from its begin, and keeps what it remembers. */
export class GruStream implements TokenStream {
  readonly #parts: GruParts;
  /** `[B, H]`, in a variable, so that a compiled step continues from it. */
  readonly #state: Variable<Rank.R2>;

  constructor(parts: GruParts, rows: number) {
    this.#parts = parts;
    this.#state = tidy(() => variable(zeros<Rank.R2>([rows, parts.gru.hiddenSize]), false));
  }

  next(tokens: Tensor1D): Tensor2D {
    const { embedding, gru, head } = this.#parts;
    const state = gru.next(gather<Tensor2D>(embedding.weight, tokens), this.#state); // [B, H]
    this.#state.assign(state);
    return head.forward(state); // [B, V]
  }

  dispose(): void {
    this.#state.dispose();
  }
}
