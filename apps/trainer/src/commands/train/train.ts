import {
  describeDuplicates,
  describeText,
  duplicateReport,
  NextTokenDataset,
  preview,
} from '@llm101/data';
import { describe } from '@llm101/models';
import { Run, type Settings } from '@llm101/runs';
import type { Metrics } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import type { Output } from '../../terminal/output.js';
import { folderCheckpoints, resumeFromFolder } from '../../run-folder/checkpoints.js';
import { loadAndSplit } from '../../run-folder/data.js';
import type { ExtraLogName } from '../../run-folder/extra-logs.js';
import { fingerprintFile } from '../../run-folder/fingerprint.js';
import { keptSteps, openRunLogs } from '../../run-folder/logs.js';
import { rescueModel } from '../../run-folder/rescue-model.js';
import {
  assertLocked,
  createRunFolder,
  failIfFolderLost,
  type LockedRunFolder,
  reopenRunFolder,
} from '../../run-folder/run-folder.js';
import { writeFileWholeSync } from '@llm101/training/node';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { versions } from '../../versions.js';
import { closeRun } from './close-run.js';
import { runDisplay } from './live-plot.js';

/** Where a run is kept, with which extra logs, and how it is shown. */
export interface TrainCommandOptions {
  readonly runDir: string;
  /** Whether the run in it is resumed. */
  readonly isResumed: boolean;
  readonly log: readonly ExtraLogName[];
  /** Whether the losses are drawn in the terminal as they come. */
  readonly plot: boolean;
  readonly output: Output;
  readonly stop: StopSignal;
}

/**
 * `llm101 train`: the lecture's run. Everything is checked before the run folder is made, or changed.
 *
 * @returns the exit status
 * @throws Stopped when a signal has come, saying what is saved
 */
export async function trainCommand(
  settings: Settings,
  options: TrainCommandOptions,
): Promise<number> {
  const { runDir, isResumed, output, stop } = options;
  const { print } = output;
  print((await startBackend()).description);

  const data = await loadAndSplit(settings, { output, signal: stop.signal });
  const { loaded, tokenizer, train, val } = data;
  print(describeText(loaded));
  print(describeDuplicates(duplicateReport(train.lines, val.lines)));
  const run = new Run(settings, data, compile); // refuses windows that are too long before they are shown
  try {
    const windows = new NextTokenDataset(train.tokens, tokenizer, settings.contextSize);
    print('', ...preview(windows, tokenizer, 8), '');
    print(describe(run.model));
    await stop.check('stopped before training; nothing is saved');
    const folder = isResumed
      ? reopenRunFolder(runDir)
      : createRunFolder(runDir, { ...run.settings, versions });
    if (folder.movedTo !== undefined) print(`the earlier run is now in ${folder.movedTo}`);
    print(`\nrun folder: ${folder.path}`);
    const metrics = await trainInFolder(run, folder, options);
    return await closeRun(run, folder, { metrics, output, stop });
  } finally {
    run.dispose();
  }
}

/** Trains, and writes logs, checkpoints and the model into the folder. @returns what was logged last */
async function trainInFolder(
  run: Run,
  folder: LockedRunFolder,
  { isResumed, log, plot, output, stop }: TrainCommandOptions,
): Promise<Metrics> {
  const { listeners: shown, warn } = runDisplay({ plot, output });
  const checkpoints = folderCheckpoints(run, folder, warn);
  const resumed = isResumed ? await resumeFromFolder(checkpoints, folder) : undefined;
  run.outcome.step = resumed?.step ?? 0;
  if (isResumed) output.print(`resumes after step ${run.outcome.step}`);
  const kept = isResumed ? keptSteps(resumed, run.settings) : undefined;
  const fingerprint = fingerprintFile(folder, run);
  const logs = await openRunLogs(folder, { log, kept, fingerprint, warn, output });
  try {
    const metrics = await run.train({
      checkpoints,
      listeners: [failIfFolderLost(folder), ...logs.listeners, ...shown],
      signal: stop.signal,
      about: { versions },
    });
    assertLocked(folder);
    writeFileWholeSync(folder.model, run.save());
    return metrics;
  } catch (error) {
    throw rescueModel(error, folder, run);
  } finally {
    await logs.finish();
    folder.lock.release();
  }
}
