import { Generator } from '@llm101/random';
import {
  adamw,
  Checkpoints,
  everyPosition,
  optimizerPart,
  train,
  variablesPart,
} from '../src/index.js';
import type { CheckpointStore, Optimizer, TrainingEvent, TrainOptions } from '../src/index.js';
import { memoryStore } from './memory-store.js';
import { forever } from './toy.js';
import { randomBatch } from './workers/batches.js';
import { NoisyModel } from './workers/replicas.mjs';

/** An event without the time that it took. */
export const untimed = (event: TrainingEvent): TrainingEvent =>
  event.type === 'log' ? { ...event, metrics: { ...event.metrics, stepsPerSecond: 0 } } : event;

/** A store that is never behind, so that none of the checkpoints that are due is left out. */
function quickStore(): ReturnType<typeof memoryStore> {
  const store = memoryStore();
  const write: CheckpointStore['write'] = (name, bytes) =>
    Promise.resolve(void store.files.set(name, bytes.slice()));
  return { ...store, write };
}

/** A run of a model that draws and measures, with all that looks at it on the way. */
export class NoisyRun {
  readonly model = new NoisyModel({ dropout: 0.3, batchNorm: true }, Generator.seeded(3));
  readonly optimizer: Optimizer;
  readonly store = quickStore();
  readonly events: TrainingEvent[] = [];
  readonly #trained = everyPosition(this.model);

  constructor(
    make = (parameters: ReturnType<NoisyModel['parameters']>): Optimizer =>
      adamw(parameters, { learningRate: 0.02, clipNorm: 1 }),
  ) {
    this.optimizer = make(this.model.parameters());
  }

  /** All variables of the model as they are here. */
  get values(): Record<string, number[]> {
    const { model } = this;
    const all = [...model.namedParameters(), ...model.namedBuffers(), ...model.namedCounters()];
    return Object.fromEntries(all.map(([name, v]) => [name, [...v.dataSync()]]));
  }

  train(options: Partial<TrainOptions>, store: CheckpointStore = this.store): Promise<unknown> {
    const { model, optimizer } = this;
    const variables = new Map([...model.namedParameters(), ...model.namedBuffers()]);
    const parts = {
      model: variablesPart(variables),
      counters: variablesPart(model.namedCounters()),
      optimizer: optimizerPart(optimizer),
    };
    return train({
      model: this.#trained,
      optimizer,
      batches: forever(randomBatch(5, true), randomBatch(3, true)),
      maxSteps: 24,
      schedule: (done) => 0.02 / (1 + done),
      validation: [randomBatch(6, true), randomBatch(2, true), randomBatch(6, true)],
      trainEstimate: [randomBatch(4, true)],
      valInterval: 6,
      logInterval: 5,
      watchInterval: 9,
      sampleInterval: 7,
      patience: 30,
      drawSamples: () => [JSON.stringify(this.values)],
      checkpoints: new Checkpoints({ store, interval: 10, parts }),
      listeners: [(event) => void this.events.push(untimed(event))],
      ...options,
    });
  }
}
