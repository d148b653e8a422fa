import { existsSync } from 'node:fs';
import { nonFatal, type EndReason, type TrainingListener } from '@llm101/training';
import {
  csvFile,
  metricsFile,
  samplesFile,
  statisticsFile,
  tensorboardFile,
  wandb,
} from '@llm101/training/node';
import { describeFileError } from '../terminal/describe-file-error.js';
import { EXTRA_LOGS, type ExtraLog } from '../commands/train/extra-logs.js';
import type { KeptSteps } from '../run/kept-steps.js';
import type { Output } from '../terminal/output.js';
import type { HeldRunFolder } from './run-folder.js';
import { writeRunReport } from './write-report.js';

/** What writes a run down. */
export interface RunLogs {
  readonly listeners: readonly TrainingListener[];
  /** Sends what is left to send, a quarter of a minute at most, and writes the report. The model must be saved. */
  finish(): Promise<void>;
}

/** Settings of {@link openRunLogs}. */
export interface RunLogsOptions {
  /** Logs that were asked for besides those that every run has. */
  readonly log: readonly ExtraLog[];
  /** What is kept of the logs of a run that goes on. Unless given, they are written anew. */
  readonly kept: KeptSteps | undefined;
  /** Writes the run's fingerprint. */
  readonly fingerprint: TrainingListener;
  /** Gets a line about a log that fails; it comes once a log, and the run goes on. */
  readonly warn: (message: string) => void;
  readonly output: Output;
}

/** The logs of a run, in its folder; one that goes on keeps those that it has. */
export function openRunLogs(run: HeldRunFolder, options: RunLogsOptions): RunLogs {
  const { log, kept, fingerprint, warn, output } = options;
  const keep = (path: string, open: (path: string) => TrainingListener): TrainingListener =>
    nonFatal(
      () => open(path),
      (error) =>
        warn(`${path} is incomplete: ${describeFileError(error)}; the run goes on without it`),
    );
  const enders: (() => Promise<void>)[] = [];
  const until = (log: keyof KeptSteps) => (kept === undefined ? {} : { resumedAt: kept[log] });
  const openers = {
    csv: (path: string) => csvFile(path, until('metrics')),
    tensorboard: (path: string) => tensorboardFile(path),
    wandb: (path: string) => openWandb(path, { ...until('metrics'), enders, warn }),
  } as const;
  const begun = kept === undefined ? [] : EXTRA_LOGS.filter((kind) => existsSync(run[kind]));
  return {
    listeners: [
      keep(run.metrics, (path) => metricsFile(path, until('metrics'))),
      keep(run.samples, (path) => samplesFile(path, until('samples'))),
      keep(run.statistics, (path) => statisticsFile(path, until('statistics'))),
      keep(run.fingerprint, () => fingerprint),
      ...[...new Set([...begun, ...log])].map((kind) => keep(run[kind], openers[kind])),
    ],
    async finish() {
      await Promise.all(enders.map((end) => end()));
      if (run.lock.isHeld()) await writeRunReport(run, { output, warn });
    },
  };
}

/** Exit statuses by custom: 0 for success, 130 for one who pressed Ctrl-C. */
const EXIT_CODES: Readonly<Record<EndReason, number>> = {
  finished: 0,
  'no better': 0,
  stopped: 130,
  failed: 1,
};

interface WandbOptions extends Pick<RunLogsOptions, 'warn'> {
  readonly resumedAt?: number;
  /** Gets what is to be done at the end. */
  readonly enders: (() => Promise<void>)[];
}

function openWandb(folder: string, { enders, warn, ...resumed }: WandbOptions): TrainingListener {
  const project = process.env['WANDB_PROJECT'] || 'llm101';
  const run = wandb.init({ folder, project, onMessage: warn, ...resumed });
  run.watch('all');
  let exitCode = EXIT_CODES.failed;
  enders.push(async () => {
    try {
      await run.finish(exitCode);
    } catch (error) {
      warn(`${folder} is incomplete: ${describeFileError(error)}`);
    }
  });
  return (event) => {
    if (event.type === 'end') exitCode = EXIT_CODES[event.reason];
    run.listener(event);
  };
}
