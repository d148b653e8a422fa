import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptSteps } from '@llm101/runs';
import { nonFatal, type TrainingListener } from '@llm101/training';
import {
  metricsFile,
  samplesFile,
  statisticsFile,
  writeFileWholeSync,
} from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import type { Output } from '../terminal/output.js';
import { type ExtraLogName, extraLogNames, extraLogs } from './extra-logs.js';
import type { OpenLogOptions, Tracking } from './extra-logs.js';
import { originFile } from './origin-file.js';
import { originOfNow } from './origin.js';
import type { RunFolder } from './paths.js';
import type { LockedRunFolder } from './run-folder.js';

/** The logs of a run. */
export interface RunLogs {
  readonly listeners: readonly TrainingListener[];
  /** Sends what is left to send, for 15 seconds at most, and writes the page where that is wanted. The model must be saved. */
  finish(options: { readonly report: boolean }): Promise<void>;
}

/** How {@link openRunLogs} keeps them. */
export interface RunLogsOptions {
  /** Extra logs that were asked for. */
  readonly log: readonly ExtraLogName[];
  /** How the run is called where it is tracked. */
  readonly tracking: Tracking | undefined;
  /** Whether the model is sent to where the run is tracked. */
  readonly logModel: boolean;
  /** What a resumed log keeps. Default: they are written from the start. */
  readonly kept: KeptSteps | undefined;
  /** Writes the run's fingerprint. */
  readonly fingerprint: TrainingListener;
  /** Gets a line about a log that fails, once a log; the run continues. */
  readonly warn: (message: string) => void;
  readonly output: Output;
}

/** The logs of a run, in its folder; one that is resumed keeps those that it has. */
export async function openRunLogs(
  folder: LockedRunFolder,
  { log, logModel, tracking, kept, fingerprint, warn, output }: RunLogsOptions,
): Promise<RunLogs> {
  const keep = (path: string, open: (path: string) => TrainingListener): TrainingListener =>
    nonFatal(
      () => open(path),
      (error) =>
        warn(`${path} is incomplete: ${describeFileError(error)}; the run continues without it`),
    );
  const until = (name: keyof KeptSteps) => (kept === undefined ? {} : { resumedAt: kept[name] });
  const work: (() => Promise<void>)[] = [];
  const options: OpenLogOptions = {
    resumedAt: kept?.metrics,
    tracking,
    model: logModel ? folder.model : undefined,
    warn,
    atEnd: (more) => work.push(more),
  };
  const pathOf = (name: ExtraLogName): string => join(folder.path, extraLogs[name].path);
  const started =
    kept === undefined ? [] : extraLogNames.filter((name) => existsSync(pathOf(name)));
  const extra = [...new Set([...started, ...log])].map(async (name) => {
    const open = await extraLogs[name].load();
    return keep(pathOf(name), (path) => open(path, options));
  });
  const origin = await originOfNow();
  return {
    listeners: [
      keep(folder.metrics, (path) => metricsFile(path, until('metrics'))),
      keep(folder.samples, (path) => samplesFile(path, until('samples'))),
      keep(folder.statistics, (path) => statisticsFile(path, until('statistics'))),
      keep(folder.fingerprint, () => fingerprint),
      keep(folder.origin, (path) => originFile(path, origin, kept !== undefined)),
      ...(await Promise.all(extra)),
    ],
    async finish({ report }) {
      await Promise.all(work.map((end) => end()));
      if (!report || !folder.lock.isHeld()) return;
      try {
        await writeReport(folder);
        output.print(`report: ${folder.report}`);
      } catch (error) {
        warn(`${folder.report} could not be written: ${describeFileError(error)}`);
      }
    },
  };
}

/** Writes a run as a page, into its folder. The 0.8 MB of code are loaded here, so that no training waits for them. */
async function writeReport({ path, report }: RunFolder): Promise<void> {
  const [{ renderReport }, { readShownRun }] = await Promise.all([
    import('@llm101/report'),
    import('./read-runs.js'),
  ]);
  const run = readShownRun({ folder: path, name: path });
  writeFileWholeSync(report, await renderReport([run]));
}
