import { BatchNorm1d, Dropout, Embedding, GRU, Linear, Module, type Mode } from '@llm101/models';
import { Generator } from '@llm101/random';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import type { SequenceModel } from '../src/index.js';

/** Symbols. */
export const V = 7;
/** Positions of a row. */
export const T = 4;

/** Which layers a {@link NoisyModel} has. */
export interface NoisyModelOptions {
  readonly recurrent?: boolean;
  /** Of the embedding; default: 0. */
  readonly dropout?: number;
  readonly batchNorm?: boolean;
}

/** A model of positions with the layers that draw and measure: dropout, BatchNorm, a GRU. */
export class NoisyModel extends Module implements SequenceModel {
  readonly embedding: Embedding;
  readonly gru: GRU | undefined;
  readonly dropout: Dropout;
  readonly norm: BatchNorm1d | undefined;
  readonly head: Linear;

  constructor(options: NoisyModelOptions, generator: Generator) {
    super();
    const { recurrent = false, dropout = 0, batchNorm = false } = options;
    this.embedding = new Embedding(V, 6, generator);
    this.gru = recurrent ? new GRU(6, 6, generator) : undefined;
    this.dropout = new Dropout(dropout, generator);
    this.norm = batchNorm ? new BatchNorm1d(6) : undefined;
    this.head = new Linear(6, V, generator);
  }

  sequenceLogits(tokens: Tensor2D, mode?: Mode): Tensor3D {
    const embedded = this.embedding.forward(tokens); // [B, T, 6]
    const read = this.dropout.forward(this.gru?.forward(embedded) ?? embedded, mode);
    return this.head.forward(this.norm?.forward(read, mode) ?? read); // [B, T, V]
  }
}

/** Random rows, each with weights from 0 to 2; with a target for each row, or for each of its positions. */
export function randomBatch(
  rows: number,
  perPosition: boolean,
): Batch & { readonly weights: Float32Array } {
  const generator = Generator.seeded(rows);
  const below = (limit: number): number => Math.floor(generator.nextDouble() * limit);
  const tokens = (n: number): Int32Array => Int32Array.from({ length: n }, () => below(V));
  const N = perPosition ? rows * T : rows;
  const weights = Float32Array.from({ length: N }, () => below(3));
  weights[0] = 1;
  return { size: rows, contextSize: T, inputs: tokens(rows * T), targets: tokens(N), weights };
}
