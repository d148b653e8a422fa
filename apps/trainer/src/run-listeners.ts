import { guarded, type TrainingListener } from '@llm101/training';
import {
  csvFile,
  metricsFile,
  samplesFile,
  statisticsFile,
  tensorboardFile,
} from '@llm101/training/node';
import { describeFileError } from './describe-file-error.js';
import type { ExtraLog } from './extra-logs.js';
import type { RunFolder } from './run-folder.js';
import { warn } from './warn.js';

/** The files that a run writes as it goes. One that fails is reported once, and the run goes on. */
export function runListeners(run: RunFolder, extra: readonly ExtraLog[]): TrainingListener[] {
  return [
    keep(run.metrics, metricsFile),
    keep(run.samples, samplesFile),
    keep(run.statistics, statisticsFile),
    ...extra.map((log) => keep(run[log], OPEN[log])),
  ];
}

const OPEN = { csv: csvFile, tensorboard: tensorboardFile } as const;

function keep(path: string, open: (path: string) => TrainingListener): TrainingListener {
  return guarded(
    () => open(path),
    (error) =>
      warn(`${path} is incomplete: ${describeFileError(error)}; the run goes on without it`),
  );
}
