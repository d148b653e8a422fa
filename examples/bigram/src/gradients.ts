import type { Batch } from '@llm101/data';
import { Module, randnParameter, type LanguageModel } from '@llm101/models';
import type { Generator } from '@llm101/random';
import { sgd, train } from '@llm101/training';
import { compile } from '@llm101/wasm';
import { add, matMul, oneHot, reshape, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import { tokenizer } from './counting.js';

const V = tokenizer.vocabSize;

/** A linear layer on one-hot rows: row i of `W` and `b` say what follows symbol i. */
export class OneHotBigram extends Module implements LanguageModel {
  readonly vocabSize = V;
  readonly contextSize = 1;
  readonly padsContexts = true;
  readonly W;
  readonly b;

  constructor(generator: Generator) {
    super();
    this.W = randnParameter<Rank.R2>([V, V], generator);
    this.b = randnParameter<Rank.R1>([V], generator);
  }

  logits(tokens: Tensor2D): Tensor2D {
    const rows = oneHot(reshape<Rank.R1>(tokens, [-1]), V); // [B, V]
    return add(matMul<Tensor2D>(rows, this.W), this.b);
  }
}

/**
 * Learns by plain gradient descent on all names at once.
 *
 * @param counts - of {@link OneHotBigram}'s pairs: each of the 27 x 27 is one example, which weighs as much as its count
 * @returns the loss before each step, in nats
 */
export async function learn(
  model: OneHotBigram,
  counts: Float64Array,
  { steps = 100, learningRate = 10 } = {},
): Promise<number[]> {
  const batch: Batch = {
    size: V * V,
    contextSize: 1,
    inputs: Int32Array.from(counts, (_, pair) => Math.floor(pair / V)),
    targets: Int32Array.from(counts, (_, pair) => pair % V),
    weights: Float32Array.from(counts),
  };
  const losses: number[] = [];
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate }),
    batches: Array.from({ length: steps }, () => batch),
    maxSteps: steps,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
  });
  return losses;
}
