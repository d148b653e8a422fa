import { Dropout, Embedding, GRU, lastPosition, Linear, Module } from '@llm101/models';
import type { LanguageModel, Mode, TokenStream } from '@llm101/models';
import type { Generator } from '@llm101/random';
import { cast, gather, minimum, reshape, tidy, variable, zeros } from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';

/** Sizes of a {@link GruModel}. */
export interface GruModelSizes {
  /** V: number of symbols. */
  readonly vocabSize: number;
  /** C: numbers that represent a symbol. */
  readonly dEmbed: number;
  /** H: numbers that the model remembers. */
  readonly dHidden: number;
  /** Fraction of remembered numbers that the scores don't see in training; default: 0. */
  readonly dropout?: number;
}

/** How far a window reaches back where the model isn't read as a stream; whole names are shorter. */
const WINDOW = 32;

/**
 * A recurrent language model: it reads a text symbol by symbol into a state of H numbers, and scores from that state what
 * comes next. Token 0 begins a text, so there the state is zeros again.
 */
export class GruModel extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize = WINDOW;
  /** Token 0 begins a text: padding before it makes no difference. */
  readonly padsContexts = true;
  readonly embedding: Embedding;
  readonly gru: GRU;
  readonly head: Linear;
  readonly dropout: Dropout;

  /** @param generator - draws the initial values, in the order of the layers */
  constructor(sizes: GruModelSizes, generator: Generator) {
    super();
    const { vocabSize, dEmbed, dHidden, dropout = 0 } = sizes;
    this.vocabSize = vocabSize;
    this.embedding = new Embedding(vocabSize, dEmbed, generator);
    this.gru = new GRU(dEmbed, dHidden, generator);
    this.head = new Linear(dHidden, vocabSize, generator);
    this.dropout = new Dropout(dropout, generator);
  }

  /** Scores of what follows each position: `[B, T]` tokens to `[B, T, V]`. */
  sequenceLogits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor3D {
    return this.head.forward(this.dropout.forward(this.#states(tokens), mode)); // [B, T, V]
  }

  /** Scores of what follows each row: `[B, T]` tokens to `[B, V]`. */
  logits(tokens: Tensor2D): Tensor2D {
    return this.head.forward(lastPosition(this.#states(tokens))); // [B, V]
  }

  /** Reads texts symbol by symbol and keeps the state alone, so that a text of any length can be drawn. */
  stream(rows: number): TokenStream {
    return new GruStream(this, rows);
  }

  #states(tokens: Tensor2D): Tensor3D {
    const [B, T] = tokens.shape;
    const kept = reshape<Rank.R3>(minimum(cast(tokens, 'float32'), 1), [B, T, 1]); // 0 where a text begins
    return this.gru.forward(this.embedding.forward(tokens), kept); // [B, T, H]
  }
}

/** A recurrent model that reads rows of texts, each from its beginning, and keeps what it remembers. */
class GruStream implements TokenStream {
  readonly #model: GruModel;
  /** `[B, H]`, in a variable, so that a compiled step continues from it. */
  readonly #state: Variable<Rank.R2>;

  constructor(model: GruModel, rows: number) {
    this.#model = model;
    this.#state = tidy(() => variable(zeros<Rank.R2>([rows, model.gru.hiddenSize]), false));
  }

  next(tokens: Tensor1D): Tensor2D {
    const { embedding, gru, head } = this.#model;
    const state = gru.next(gather<Tensor2D>(embedding.weight, tokens), this.#state); // [B, H]
    this.#state.assign(state);
    return head.forward(state); // [B, V]
  }

  dispose(): void {
    this.#state.dispose();
  }
}
