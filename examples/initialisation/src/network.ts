import { Module, randnParameter, type LanguageModel } from '@llm101/models';
import type { Generator } from '@llm101/random';
import {
  add,
  gather,
  matMul,
  reshape,
  tanh,
  type Rank,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** By how much each parameter is scaled when it is drawn: embedding, weights and bias of the hidden layer, of the scores. */
export type Scales = readonly [C: number, W1: number, b1: number, W2: number, b2: number];

/** Sizes of the lecture: 27 symbols, 16 numbers a letter, 256 hidden units. */
const [V, C, H] = [27, 16, 256];

/** T: letters that the network sees. */
export const T = 3;

/** The lecture's four ways to begin. */
export const scales = {
  /** All from a standard normal. */
  raw: [1, 1, 1, 1, 1],
  /** Scores near 0, so that no letter is preferred for no reason. */
  smallScores: [1, 1, 1, 0.1, 0.01],
  /** And sums before tanh near 0, where it has a slope. */
  smallSums: [0.1, 0.2, 0.1, 0.1, 0.01],
  /** The same by a rule: gain / √inputs (He et al. 2015). */
  kaiming: [1 / Math.sqrt(V * C), 5 / 3 / Math.sqrt(T * C), 0.1, 1 / Math.sqrt(H), 0.01],
} as const satisfies Record<string, Scales>;

/** The lecture's network, written with bare parameters: what `MLP` of `@llm101/models` is made of. */
export class Network extends Module implements LanguageModel {
  readonly vocabSize = V;
  readonly contextSize = T;
  readonly padsContexts = true;
  readonly C;
  readonly W1;
  readonly b1;
  readonly W2;
  readonly b2;

  /** @param generator - draws the parameters, in the order of the fields */
  constructor([ofC, ofW1, ofB1, ofW2, ofB2]: Scales, generator: Generator) {
    super();
    this.C = randnParameter<Rank.R2>([V, C], generator, ofC);
    this.W1 = randnParameter<Rank.R2>([T * C, H], generator, ofW1);
    this.b1 = randnParameter<Rank.R1>([H], generator, ofB1);
    this.W2 = randnParameter<Rank.R2>([H, V], generator, ofW2);
    this.b2 = randnParameter<Rank.R1>([V], generator, ofB2);
  }

  /** @param tokens - `[B, T]` */
  logits(tokens: Tensor2D): Tensor2D {
    const x = reshape<Rank.R2>(gather(this.C, tokens), [-1, T * C]); // [B, T C]
    const hidden = tanh(add(matMul(x, this.W1), this.b1)); // [B, H]
    return add<Tensor2D>(matMul<Tensor2D>(hidden, this.W2), this.b2); // [B, V]
  }
}
