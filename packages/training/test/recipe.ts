import { ArrayDataset, DataLoader } from '@llm101/data';
import { Generator } from '@llm101/random';
import {
  Checkpoints,
  InfiniteLoader,
  loaderPart,
  optimizerPart,
  sgd,
  train,
  variablesPart,
  type CheckpointStore,
  type Optimizer,
  type Schedule,
  type TrainOptions,
} from '../src/index.js';
import { bigram } from './toy.js';

/** What may differ between two runs. */
export interface Recipe {
  readonly seed?: number;
  readonly learningRate?: number;
  readonly batchSize?: number;
  readonly tokens?: readonly number[];
  readonly reshuffle?: boolean;
  readonly symbols?: number;
  readonly makeOptimizer?: (rate: number, model: ReturnType<typeof bigram>) => Optimizer;
  readonly schedule?: Schedule;
  readonly config?: { readonly [key: string]: number };
  readonly maxSteps?: number;
  readonly interval?: number;
  readonly onError?: (error: unknown) => void;
  readonly mayRoundOtherwise?: boolean;
}

export const TOKENS = [0, 1, 2, 0, 1, 1, 2, 0];

/** The README's recipe: nothing is named but the store and the parts. */
export function recipe(store: CheckpointStore, options: Recipe = {}) {
  const { seed = 1, learningRate = 0.1, batchSize = 2, tokens = TOKENS, symbols = 3 } = options;
  const generator = Generator.seeded(seed);
  const scores = Array.from({ length: symbols }, () =>
    Array.from({ length: symbols }, () => generator.nextDouble()),
  );
  const model = bigram(scores);
  const inputs = Int32Array.from(tokens.slice(0, -1));
  const targets = Int32Array.from(tokens.slice(1));
  const loader = new DataLoader(new ArrayDataset({ contextSize: 1, inputs, targets }), {
    batchSize,
    shuffle: true,
    generator,
  });
  const batches = new InfiniteLoader(loader, { reshuffle: options.reshuffle ?? false });
  const { makeOptimizer = (rate) => sgd(model.parameters(), { learningRate: rate }) } = options;
  const optimizer = makeOptimizer(learningRate, model);
  const checkpoints = new Checkpoints({
    store,
    interval: options.interval ?? 5,
    parts: {
      model: variablesPart(new Map([['weight', model.weight]])),
      optimizer: optimizerPart(optimizer),
      batches: loaderPart(batches),
    },
    ...(options.config && { config: options.config }),
    ...(options.onError && { onError: options.onError }),
    ...(options.mayRoundOtherwise && { mayRoundOtherwise: () => true }),
  });
  const { schedule, maxSteps = 10 } = options;
  const run = (more: Partial<TrainOptions> = {}) =>
    train({
      model,
      optimizer,
      batches,
      maxSteps,
      checkpoints,
      ...(schedule && { schedule }),
      ...more,
    });
  return { checkpoints, run, weights: () => [...model.weight.dataSync()] };
}
