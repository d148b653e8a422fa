import { guarded, type EndReason, type TrainingListener } from '@llm101/training';
import {
  csvFile,
  metricsFile,
  samplesFile,
  statisticsFile,
  tensorboardFile,
  wandb,
} from '@llm101/training/node';
import { describeFileError } from './describe-file-error.js';
import type { ExtraLog } from './extra-logs.js';
import type { Output } from './output.js';
import type { RunFolder } from './run-folder.js';
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
  /** Gets a line about a log that fails; it comes once a log, and the run goes on. */
  readonly warn: (message: string) => void;
  readonly output: Output;
}

/** The logs of a run, in its folder. */
export function openRunLogs(run: RunFolder, { log, warn, output }: RunLogsOptions): RunLogs {
  const keep = (path: string, open: (path: string) => TrainingListener): TrainingListener =>
    guarded(
      () => open(path),
      (error) =>
        warn(`${path} is incomplete: ${describeFileError(error)}; the run goes on without it`),
    );
  const enders: (() => Promise<void>)[] = [];
  const openers = {
    csv: csvFile,
    tensorboard: tensorboardFile,
    wandb: (path: string) => openWandb(path, enders, warn),
  } as const;
  return {
    listeners: [
      keep(run.metrics, metricsFile),
      keep(run.samples, samplesFile),
      keep(run.statistics, statisticsFile),
      ...log.map((kind) => keep(run[kind], openers[kind])),
    ],
    async finish() {
      await Promise.all(enders.map((end) => end()));
      await writeRunReport(run, output);
    },
  };
}

/** Exit statuses by custom: 0 for success, 130 for one who pressed Ctrl-C. */
const EXIT_CODES: Readonly<Record<EndReason, number>> = { finished: 0, stopped: 130, failed: 1 };

function openWandb(
  folder: string,
  enders: (() => Promise<void>)[],
  warn: RunLogsOptions['warn'],
): TrainingListener {
  const project = process.env['WANDB_PROJECT'] || 'llm101';
  const run = wandb.init({ folder, project, tell: warn });
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
