// Runs on workers of Node.
import { Worker } from 'node:worker_threads';
import type { Variable } from '@tensorflow/tfjs-core';
import { compile } from '@llm101/wasm';
import { onTestFinished } from 'vitest';
import { ArrayDataset, DataLoader } from '@llm101/data';
import { Generator } from '@llm101/random';
import {
  Checkpoints,
  cosineDecay,
  InfiniteLoader,
  loaderPart,
  optimizerPart,
  startWorkers,
  train,
  variablesPart,
  type CheckpointStore,
  type TrainOptions,
  type Workers,
  type WorkersOptions,
} from '../../src/index.js';
import { forever } from '../toy.js';
import { randomBatch } from './batches.js';
import { makeReplica, scoresPositions } from './replicas.mjs';
import type { WorkerData } from './worker.mjs';

const entry = new URL('./worker.mjs', import.meta.url);

type ReplicaSettings = WorkerData['settings'];

/** Starts a thread of a module. */
export const spawn = (module: URL = entry): Worker => new Worker(module, { execArgv: [] });

/** Workers that are closed with the test. */
export async function started(
  data: WorkerData,
  options: Partial<WorkersOptions> = {},
): Promise<Workers> {
  const workers = await startWorkers({ count: 2, spawn: () => spawn(), data, ...options });
  onTestFinished(() => workers.close());
  return workers;
}

const read = (variables: Iterable<{ dataSync(): ArrayLike<number> }>): number[][] =>
  Array.from(variables, (variable) => Array.from(variable.dataSync()));

/** All that a run leaves. */
export async function runOf(settings: ReplicaSettings, options: Partial<TrainOptions>) {
  const { model, optimizer } = { ...makeReplica(settings), ...options };
  const perPosition = scoresPositions(settings);
  const losses: number[] = [];
  const metrics = await train({
    model,
    optimizer,
    // shards of two sizes, and a batch that is too small for all
    batches: forever(...[7, 2].map((rows) => randomBatch(rows, perPosition))),
    maxSteps: 9,
    schedule: cosineDecay({ learningRate: 0.05, steps: 9 }),
    validation: [12, 5].map((rows) => randomBatch(rows, perPosition)),
    valInterval: 4,
    shards: 3,
    compile,
    ...options,
    listeners: [
      (event) => event.type === 'step' && losses.push(event.batchLoss),
      ...(options.listeners ?? []),
    ],
  });
  const { valLoss, step } = metrics;
  return {
    step,
    valLoss,
    losses,
    parameters: read(model.parameters()),
    buffers: read(model.namedBuffers?.().values() ?? []),
    counters: read(model.namedCounters?.().values() ?? []),
    optimizer: optimizer.state(),
  };
}

/** A run with checkpoints in a store: on rows without weights, with a new order in each pass. */
export function storedRun(
  settings: ReplicaSettings,
  store: CheckpointStore,
  options: Partial<TrainOptions>,
): ReturnType<typeof runOf> {
  const replica = makeReplica(settings);
  const { inputs, targets, contextSize } = randomBatch(20, scoresPositions(settings));
  const dataset = new ArrayDataset({ inputs, targets, contextSize });
  const generator = Generator.seeded(2);
  const loader = new DataLoader(dataset, { batchSize: 9, shuffle: true, generator });
  const batches = new InfiniteLoader(loader, { reshuffle: true });
  const { model, optimizer } = replica;
  const parts = {
    model: variablesPart(
      named([...model.parameters(), ...(model.namedBuffers?.().values() ?? [])]),
    ),
    counters: variablesPart(named(model.namedCounters?.().values() ?? [])),
    optimizer: optimizerPart(optimizer),
    batches: loaderPart(batches),
  };
  const checkpoints = new Checkpoints({ store, interval: 3, parts });
  return runOf(settings, { ...replica, batches, checkpoints, ...options });
}

const named = (variables: Iterable<Variable>): ReadonlyMap<string, Variable> =>
  new Map(Array.from(variables, (variable, i) => [String(i), variable]));
