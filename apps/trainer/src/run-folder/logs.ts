import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptSteps, TextEvaluation } from '@llm101/runs';
import { nonFatal, type TrainingListener } from '@llm101/training';
import {
  metricsFile,
  samplesFile,
  statisticsFile,
  writeFileWholeSync,
} from '@llm101/training/node';
import { describeFileError } from '../terminal/errors.js';
import { type ExtraLogName, extraLogNames, extraLogs } from './extra-logs.js';
import type { AtEnd, OpenLogOptions, Tracking } from './extra-logs.js';
import { originFile } from './origin-file.js';
import { originOfNow } from './origin.js';
import type { RunFolder } from './paths.js';
import type { LockedRunFolder } from './run-folder.js';
import { type ConcludedListener, untilConcluded } from './until-concluded.js';

/** The logs of a run. */
export interface RunLogs {
  readonly listeners: readonly TrainingListener[];
  /**
   * Sends what is left to send, for 15 seconds at most, and writes the page where that is wanted. The model must be saved.
   *
   * @param evaluation - the closing validation of the model; none where the run was stopped, or failed
   */
  finish(evaluation: TextEvaluation | undefined): Promise<void>;
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
  /** Whether the run is drawn as a page at its end. */
  readonly report: boolean;
  /** Gets a line about a log that fails, once a log; the run continues. */
  readonly warn: (message: string) => void;
}

/** The logs of a run, in its folder; one that is resumed keeps those that it has. */
export async function openRunLogs(
  folder: LockedRunFolder,
  { log, logModel, tracking, kept, fingerprint, report, warn }: RunLogsOptions,
): Promise<RunLogs> {
  const keep = (path: string, open: (path: string) => TrainingListener): TrainingListener =>
    nonFatal(
      () => open(path),
      (error) =>
        warn(`${path} is incomplete: ${describeFileError(error)}; the run continues without it`),
    );
  const until = (name: keyof KeptSteps) => (kept === undefined ? {} : { resumedAt: kept[name] });
  const work: AtEnd[] = [];
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
  const concluded: ConcludedListener[] = [];
  const extra = [...new Set([...started, ...log])].map(async (name) => {
    const open = await extraLogs[name].load();
    const listener = keep(pathOf(name), (path) => open(path, options));
    if (!extraLogs[name].isConcluded) return listener;
    const waiting = untilConcluded(listener);
    concluded.push(waiting);
    return waiting.listener;
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
    async finish(evaluation) {
      for (const { conclude } of concluded) conclude(evaluation);
      await Promise.all(work.map((end) => end(evaluation)));
      if (!report || !folder.lock.isHeld()) return;
      try {
        await writeReport(folder);
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
