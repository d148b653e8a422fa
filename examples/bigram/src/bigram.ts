import { type LanguageModel, Embedding, Module } from '@llm101/models';
import type { Generator } from '@llm101/random';
import { reshape, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';

/** A table of scores: row i says what follows symbol i. All that a model can know that sees one symbol. */
export class Bigram extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize = 1;
  /** `[V, V]` */
  readonly table: Embedding;

  constructor(vocabSize: number, generator: Generator) {
    super();
    this.vocabSize = vocabSize;
    this.table = new Embedding(vocabSize, vocabSize, generator);
  }

  /** @param tokens - `[B, 1]` */
  logits(tokens: Tensor2D): Tensor2D {
    return reshape<Rank.R2>(this.table.forward(tokens), [-1, this.vocabSize]); // [B, V]
  }
}
