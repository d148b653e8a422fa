import type { Variable } from '@tensorflow/tfjs-core';
import { DataLoader, ArrayDataset } from '@llm101/data';
import { Generator } from '@llm101/random';
import {
  adamw,
  Checkpoints,
  cosineDecay,
  evaluate,
  InfiniteLoader,
  loaderPart,
  optimizerPart,
  train,
  variablesPart,
  type CheckpointParts,
  type CheckpointsOptions,
  type CheckpointStore,
  type Metrics,
  type Optimizer,
  type Resumed,
  type TrainOptions,
} from '../src/index.js';
import { bigram } from './toy.js';

const scores = [
  [0, 1, -1],
  [2, 0, 0],
  [0, 0, 1],
];

const dataset = (length: number, salt: number) =>
  new ArrayDataset({
    contextSize: 1,
    inputs: Int32Array.from({ length }, (_, i) => (i * i + salt) % 3),
    targets: Int32Array.from({ length }, (_, i) => (i * salt + 1) % 3),
  });

/** A run of a bigram model with AdamW and a new order in each pass; 7 rows in batches of 3, so that the last is smaller. */
export class ToyRun {
  readonly generator = Generator.seeded(5);
  readonly model = bigram(scores);
  readonly optimizer: Optimizer;
  readonly batches = new InfiniteLoader(
    new DataLoader(dataset(7, 2), { batchSize: 3, shuffle: true, generator: this.generator }),
    { reshuffle: true },
  );
  readonly validation = new DataLoader(dataset(9, 4), { batchSize: 4 });
  readonly parts: CheckpointParts;
  /** By step. */
  readonly losses: number[] = [];

  constructor(
    makeOptimizer = (parameters: Variable[]): Optimizer => adamw(parameters, { learningRate: 0.1 }),
  ) {
    this.optimizer = makeOptimizer(this.model.parameters());
    this.parts = {
      model: variablesPart(new Map([['weight', this.model.weight]])),
      optimizer: optimizerPart(this.optimizer),
      batches: loaderPart(this.batches),
    };
  }

  resume(
    store: CheckpointStore,
    options: Partial<CheckpointsOptions> = {},
  ): Promise<Resumed | undefined> {
    return this.checkpoints(store, options).resume();
  }

  checkpoints(store: CheckpointStore, options: Partial<CheckpointsOptions> = {}): Checkpoints {
    return new Checkpoints({
      store,
      interval: 5,
      parts: this.parts,
      config: { lr: 0.1 },
      ...options,
    });
  }

  train(options: Partial<TrainOptions> = {}): Promise<Metrics> {
    return train({
      model: this.model,
      optimizer: this.optimizer,
      batches: this.batches,
      schedule: cosineDecay({ learningRate: 0.1, steps: 40 }),
      maxSteps: 40,
      validation: this.validation,
      valInterval: 4,
      listeners: [
        (event) => {
          if (event.type === 'step') this.losses[event.step] = event.batchLoss;
        },
      ],
      ...options,
    });
  }

  /** The validation loss of the model as it is. */
  async evaluate(): Promise<number> {
    return (await evaluate(this.model, this.validation)).loss;
  }

  get weights(): number[] {
    return [...this.model.weight.dataSync()];
  }
}

/** Ends a run as a killed process would: nothing after this step happens. */
export class Killed extends Error {}

/** A listener that kills the run at a step. */
export const killAt =
  (step: number): NonNullable<TrainOptions['listeners']>[number] =>
  (event) => {
    if (event.type === 'step' && event.step === step) throw new Killed(`killed at step ${step}`);
  };
