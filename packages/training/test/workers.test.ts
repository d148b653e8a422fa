// Workers of Node: whatever their number, a run has the same bytes.
import { Worker } from 'node:worker_threads';
import { compile, startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  cosineDecay,
  startWorkers,
  train,
  type TrainOptions,
  type Workers,
  type WorkersOptions,
} from '../src/index.js';
import { forever } from './toy.js';
import { randomBatch } from './workers/batches.js';
import { makeReplica, scoresPositions, type ReplicaSettings } from './workers/replicas.mjs';

beforeAll(() => startBackend());

const entry = new URL('./workers/worker.mjs', import.meta.url);

interface Started extends Partial<WorkersOptions> {
  readonly settings: ReplicaSettings;
  readonly failure?: string;
  /** Passes in training before it. */
  readonly after?: number;
}

/** Workers that are closed with the test. */
async function started({ settings, failure, after, ...options }: Started): Promise<Workers> {
  const spawn = (): Worker => new Worker(entry, { execArgv: [] });
  const data = { settings, failure, after };
  const workers = await startWorkers({ count: 2, spawn, data, ...options });
  onTestFinished(() => workers.close());
  return workers;
}

const read = (variables: Iterable<{ dataSync(): ArrayLike<number> }>): number[][] =>
  Array.from(variables, (variable) => Array.from(variable.dataSync()));

/** All that a run leaves. */
async function runOf(settings: ReplicaSettings, options: Partial<TrainOptions>) {
  const { model, optimizer } = makeReplica(settings);
  const perPosition = scoresPositions(settings);
  const losses: number[] = [];
  const metrics = await train({
    model,
    optimizer,
    // batches of several sizes, the last too small for all shards
    batches: forever(...[9, 7, 2].map((rows) => randomBatch(rows, perPosition))),
    maxSteps: 9,
    schedule: cosineDecay({ learningRate: 0.05, steps: 9 }),
    validation: [12, 5, 8].map((rows) => randomBatch(rows, perPosition)),
    valInterval: 4,
    shards: 3,
    compile,
    listeners: [(event) => event.type === 'step' && losses.push(event.batchLoss)],
    ...options,
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

const kinds = ['mlp', 'cnn', 'wavenet', 'noisy'] as const;

describe.each(kinds)('%s', (kind) => {
  it('has the same bytes whatever the number of workers', async () => {
    const settings = { kind } as const;
    const options = [{}, { accumulate: 2, maxSteps: 4 }];
    const alone = await Promise.all(options.map((more) => runOf(settings, more)));
    expect(alone[0].losses.every(Number.isFinite)).toBe(true);
    for (const [count, memory] of [
      [2, 'shared'],
      [4, 'shared'], // one more than shards
      [3, 'copied'],
    ] as const) {
      const workers = await started({ settings, count, memory });
      for (const [i, more] of options.entries()) {
        expect(await runOf(settings, { ...more, workers }), `${count}, ${memory}`).toEqual(
          alone[i],
        );
      }
      await workers.close();
    }
  });
});
