import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@llm101/runs';
import type { JobResult } from '@llm101/sweeps';
import {
  type QueuedJob,
  type QueueWorkerOptions,
  type QueueWorkOptions,
  TooLargeError,
} from '@llm101/sweeps/bullmq';
import { JobProcessError, type ProcessPool } from '@llm101/sweeps/node';
import {
  newestCheckpoint,
  readRunFiles,
  readWhatIsThere,
  writeRunFiles,
} from '../../run-folder/travelling-files.js';
import { withoutPlaces } from '../../run-folder/places-in-errors.js';
import type { TrialProgress, TrialWork } from '../train/run-trial.js';
import type { JobFiles } from './files.js';

/** Settings of {@link trialWork}. */
export interface TrialWorkOptions {
  /** Where runs are while they are trained. */
  readonly folder: string;
  readonly files: JobFiles;
  readonly pool: ProcessPool;
  /** Threads of each trial. */
  readonly threads: number;
  /** How often a checkpoint is sent, in milliseconds. */
  readonly saveMs: number;
  readonly onProgress: (job: QueuedJob, progress: TrialProgress) => void;
  readonly warn: (line: string) => void;
}

/** How often a run's folder is looked at for a new checkpoint. */
const LOOK_MS = 250;
/** How often home is told how far a trial is. */
const PROGRESS_MS = 5000;

/** Does jobs of a queue, each as a run in a folder of its own, from the files that came with it. */
export function trialWork(options: TrialWorkOptions): QueueWorkerOptions['work'] {
  let number = 0;
  return async (job, { signal, files, save, text }) => {
    const own = join(options.folder, String(number++));
    const runDir = join(own, 'run');
    let settings: Partial<Settings> = {};
    const atHome = (error: string): string =>
      withoutPlaces(error, { run: runDir, settings }, options.folder);
    try {
      mkdirSync(own, { recursive: true });
      const named = await options.files.settingsOf(job, text);
      // how many threads it may have is this machine's affair
      const all: Settings = { ...named, workers: 'auto' };
      settings = all;
      if (files.size > 0) writeRunFiles(runDir, files, all);
      const { until, objective } = job;
      const config = join(own, 'job.json'); // beside which a text may lie: none does
      const { threads } = options;
      const work: TrialWork = {
        runDir,
        settings: all,
        until,
        objective,
        threads,
        log: [],
        tracking: {},
        config,
      };
      const result = await watched(work, job, { signal, save, ...options });
      if (result?.error === undefined) {
        return result === undefined ? undefined : { result, files: readRunFiles(runDir) };
      }
      const failed = { ...result, error: atHome(result.error) };
      return { result: failed, files: readWhatIsThere(runDir) };
    } catch (error) {
      if (error instanceof Error) error.message = atHome(error.message);
      throw error;
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  };
}

/** Does a trial, and sends its checkpoints as they come. */
async function watched(
  work: TrialWork,
  job: QueuedJob,
  { signal, save, pool, saveMs, onProgress, warn }: TrialWorkOptions & WatchOptions,
): Promise<JobResult | undefined> {
  const sender = new CheckpointSender(work.runDir, { save, saveMs, warn, trial: job.trial });
  const timer = setInterval(() => void sender.look(), LOOK_MS);
  try {
    const result = await pool.run<JobResult, TrialProgress>(work, {
      signal,
      onProgress(progress) {
        sender.progress = progress;
        onProgress(job, progress);
      },
    });
    if (result === undefined) await sender.sendLast();
    return result;
  } catch (error) {
    if (!(error instanceof JobProcessError)) throw error;
    return { status: 'failed', step: 0, error: error.message };
  } finally {
    clearInterval(timer);
    await sender.idle;
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

type WatchOptions = Pick<QueueWorkOptions, 'signal' | 'save'>;

interface SenderOptions extends Pick<TrialWorkOptions, 'saveMs' | 'warn'> {
  readonly save: QueueWorkOptions['save'];
  readonly trial: number;
}

/** Sends the newest checkpoint of a run's folder, one at a time. */
class CheckpointSender {
  progress: TrialProgress = { step: 0, trainLoss: 0 };
  /** Resolves when nothing is being sent. */
  idle: Promise<void> = Promise.resolve();
  readonly #runDir: string;
  readonly #options: SenderOptions;
  #sent: string | undefined;
  #isSending = false;
  #isTooLarge = false;
  #sentMs: number;
  #toldMs: number;

  constructor(runDir: string, options: SenderOptions) {
    this.#runDir = runDir;
    this.#options = options;
    this.#sent = newestCheckpoint(runDir);
    this.#sentMs = performance.now();
    this.#toldMs = performance.now();
  }

  /** Sends what is new, if it is time for that. */
  look(): Promise<void> {
    const nowMs = performance.now();
    if (this.#isSending) return this.idle;
    if (nowMs - this.#sentMs >= this.#options.saveMs && this.#isNew) return this.#send();
    if (nowMs - this.#toldMs >= PROGRESS_MS) return this.#send(false);
    return this.idle;
  }

  /** Sends the checkpoint that a run has left that was stopped. */
  async sendLast(): Promise<void> {
    await this.idle;
    if (this.#isNew) await this.#send();
  }

  get #isNew(): boolean {
    return !this.#isTooLarge && newestCheckpoint(this.#runDir) !== this.#sent;
  }

  #send(withFiles = true): Promise<void> {
    this.#isSending = true;
    this.idle = this.#sendNow(withFiles).finally(() => (this.#isSending = false));
    return this.idle;
  }

  async #sendNow(withFiles: boolean): Promise<void> {
    const { save, warn, trial } = this.#options;
    this.#toldMs = performance.now();
    try {
      if (!withFiles) return await save(this.progress);
      const name = newestCheckpoint(this.#runDir);
      const files = readRunFiles(this.#runDir);
      if (files.size === 0) return;
      await save(this.progress, files);
      this.#sent = name;
      this.#sentMs = performance.now();
    } catch (error) {
      if (error instanceof TooLargeError) {
        this.#isTooLarge = true;
        warn(`trial ${trial} begins again if this worker is lost: ${error.message}`);
      }
      // a file that is gone while it is read was replaced: the next look finds the new one
      if (!isGone(error)) this.#sentMs = performance.now();
    }
  }
}
