import type { Batch } from '@llm101/data';
import type { Generator } from '@llm101/random';
import { adam, cosineDecay, train, type TrainingListener } from '@llm101/training';
import { compile } from '@llm101/wasm';
import { Bigram } from './bigram.js';

const STEPS = 1000;
const LEARNING_RATE = 0.3;

/** What {@link byGradients} is given. */
export interface GradientOptions {
  readonly generator: Generator;
  readonly listeners?: readonly TrainingListener[];
}

/**
 * The bigram model that starts from noise and lowers its loss, step by step. Each step sees all of the text at once: every
 * pair of symbols is one example that weighs as much as its count.
 *
 * @param counts - `[V, V]`
 */
export async function byGradients(
  counts: readonly number[][],
  { generator, listeners = [] }: GradientOptions,
): Promise<Bigram> {
  const model = new Bigram(counts.length, generator);
  const optimizer = adam(model.parameters(), { learningRate: LEARNING_RATE });
  await train({
    model,
    optimizer,
    batches: Array<Batch>(STEPS).fill(pairsAsBatch(counts)),
    maxSteps: STEPS,
    schedule: cosineDecay({ learningRate: LEARNING_RATE, steps: STEPS }),
    compile,
    listeners,
  });
  optimizer.dispose();
  return model;
}

/** Each pair `[i, j]` once, in the order of the table. */
function pairsAsBatch(counts: readonly number[][]): Batch {
  const V = counts.length;
  return {
    size: V * V,
    contextSize: 1,
    inputs: Int32Array.from({ length: V * V }, (_, pair) => Math.floor(pair / V)),
    targets: Int32Array.from({ length: V * V }, (_, pair) => pair % V),
    weights: Float32Array.from(counts.flat()),
  };
}
