import { randomUUID } from 'node:crypto';
import type { ExecuteJob, JobResult, TrialJob } from '../src/index.js';
import { type Result, runSweep, type Sweep, type SweepOutcome } from '../src/index.js';
import {
  openQueueHome,
  type QueuedJob,
  type QueueHomeOptions,
  type QueueWorkerOptions,
  type RunFiles,
  runQueueWorker,
} from '../src/node/bullmq/index.js';

/** What a trial that trains nothing gives: it follows from its settings and from where it pauses alone. */
export function stubResult({ settings, until }: Pick<QueuedJob, 'settings' | 'until'>): JobResult {
  const { lr, maxSteps } = settings as { lr: number; maxSteps: number };
  const step = until ?? maxSteps;
  const value = (Math.log10(lr) + 1) ** 2 + 10 / step;
  return { status: until === undefined ? 'finished' : 'paused', step, value };
}

/** The same at home. */
export const stubAtHome: ExecuteJob = (job) => Promise.resolve(stubResult(job));

const log = ({ files, steps }: { files: RunFiles; steps: string }): Map<string, Uint8Array> =>
  new Map([
    [
      'metrics.jsonl',
      Buffer.concat([files.get('metrics.jsonl') ?? new Uint8Array(), Buffer.from(steps)]),
    ],
  ]);

/** Work of a stub: it appends a line for each part to the log that came with the job. */
export const stubWork: QueueWorkerOptions['work'] = async (job, { files, save }) => {
  const result = stubResult(job);
  await save({ step: 1, trainLoss: 2 });
  return { result, files: log({ files, steps: `to ${result.step}\n` }) };
};

/** A home whose run folders are in memory. */
export interface StubHome {
  readonly folders: Map<string, RunFiles>;
  readonly recorded: Result[];
  run(sweep: Sweep, options: StubOptions): Promise<SweepOutcome>;
}

interface StubOptions extends Partial<QueueHomeOptions> {
  readonly url: string;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

export function stubHome(id: string = randomUUID()): StubHome {
  const folders = new Map<string, RunFiles>();
  const recorded: Result[] = [];
  const nameOf = ({ trial, repetition }: TrialJob): string => `${trial}/${repetition}`;
  return {
    folders,
    recorded,
    async run(sweep, { concurrency = 50, signal, ...options }) {
      const home = await openQueueHome({
        sweep: id,
        objective: sweep.objective,
        results: recorded,
        placesOf: () => ({ data: { name: 'names' } }),
        filesOf: (job) => folders.get(nameOf(job)) ?? new Map(),
        keep: (job, files) => void folders.set(nameOf(job), files),
        lookMs: 300,
        ...options,
      });
      try {
        return await runSweep(sweep, {
          execute: home.execute,
          concurrency,
          results: [...recorded],
          async record(result) {
            recorded.push(result);
            await home.acknowledge(result);
          },
          ...(signal && { signal }),
        });
      } finally {
        await home.close();
      }
    },
  };
}

/** A worker in this process. */
export function stubWorker(
  options: Pick<QueueWorkerOptions, 'url'> & Partial<QueueWorkerOptions>,
): { stop(): Promise<void> } {
  const controller = new AbortController();
  const ended = runQueueWorker({
    work: stubWork,
    signal: controller.signal,
    lockMs: 1000,
    ...options,
  });
  return {
    async stop() {
      controller.abort();
      await ended;
    },
  };
}
