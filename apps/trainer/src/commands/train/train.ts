import { describeDuplicates, describeText, duplicateReport, preview } from '@llm101/data';
import { describe, nextTokenScores, type SampleOptions } from '@llm101/models';
import { Generator } from '@llm101/random';
import { interpret, type Metrics, train } from '@llm101/training';
import { startBackend } from '@llm101/wasm';
import { closeRun } from './close-run.js';
import type { ExtraLog } from './extra-logs.js';
import { recordFingerprint } from '../../run-folder/fingerprint.js';
import { checkFolder, keepToFolder } from '../../run-folder/keep-to-folder.js';
import { keptSteps } from '../../run/kept-steps.js';
import { makeRun } from '../../run/make-run.js';
import { saveModel } from '../../run-folder/model-file.js';
import type { Output } from '../../terminal/output.js';
import { prepareData } from '../../run/prepare-data.js';
import { rescueModel } from '../../run-folder/rescue-model.js';
import { runCheckpoints } from '../../run-folder/run-checkpoints.js';
import { runDisplay } from './run-display.js';
import { createRunFolder, reopenRunFolder } from '../../run-folder/run-folder.js';
import { RunFollower } from '../../run/run-follower.js';
import { openRunLogs } from '../../run-folder/run-logs.js';
import { sampleTexts } from '../sample/sample-texts.js';
import type { Settings } from '../../settings/settings.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { versions } from '../../versions.js';

/** Names that are drawn as the run goes on, and at its end. */
const NAMES = 10;

/** Where a run is kept, how it is shown, and as what it is kept besides the files that every run has. */
export interface TrainCommandOptions {
  readonly runDir: string;
  /** Whether it goes on with the run that is there. */
  readonly isResumed: boolean;
  readonly log: readonly ExtraLog[];
  /** Whether the losses are drawn in the terminal as they come. */
  readonly plot: boolean;
  readonly output: Output;
  /** Tells of signals. */
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
  { runDir, isResumed, log, plot, output, stop }: TrainCommandOptions,
): Promise<number> {
  const { print } = output;
  const { signal } = stop;
  const { description } = await startBackend();
  print(description);

  const prepared = await prepareData(settings, { output, signal });
  const { loaded, tokenizer, train: names, val, trainSet } = prepared;
  print(describeText(loaded));
  print(describeDuplicates(duplicateReport(names, val)));
  const made = makeRun(settings, prepared); // refuses windows that are too long before they are shown
  print('', ...preview(trainSet, tokenizer, 8), '');

  const { recipe, model, trained, optimizer, schedule, batches, validation, way } = made;
  print(describe(model));
  const drawNames = (how: Pick<SampleOptions, 'compile' | 'scores'>): string[] => {
    const generator = Generator.seeded(settings.seed);
    return sampleTexts(model, tokenizer, { count: NAMES, generator, ...how });
  };

  await stop.check('stopped before training; nothing is saved');
  const decided: Settings = { ...settings, dataSha256: loaded.sha256 };
  const config = { ...decided, versions };
  const run = isResumed ? reopenRunFolder(runDir) : createRunFolder(runDir, config);
  if (run.movedTo !== undefined) print(`the earlier run is now in ${run.movedTo}`);
  print(`\nrun folder: ${run.path}`);

  const { listeners: shown, warn } = runDisplay({ plot, output });
  const losses = recordFingerprint(run, loaded.sha256);
  const saves = runCheckpoints({ run, settings: decided, model, optimizer, batches, losses, warn });
  const resumed = isResumed ? await saves.resume() : undefined;
  if (isResumed) print(`goes on after step ${resumed?.step ?? 0}`);
  const follower = new RunFollower(resumed?.step ?? 0);
  const kept = isResumed ? keptSteps(resumed, settings) : undefined;
  const logs = openRunLogs(run, { log, kept, fingerprint: losses.listener, warn, output });
  // A stream has copies of the parameters, so it is made again for each draw.
  const scores = model.stream ? undefined : nextTokenScores(model, { rows: NAMES, ...way });
  const toSave = { model, recipe, tokenizer };
  let metrics: Metrics;
  try {
    metrics = await train({
      model: trained,
      optimizer,
      batches,
      maxSteps: settings.maxSteps,
      schedule,
      validation,
      valInterval: settings.valInterval,
      logInterval: settings.logInterval,
      watchInterval: settings.watchInterval,
      sampleInterval: settings.sampleInterval,
      drawSamples: () => drawNames({ ...way, scores }),
      patience: settings.patience,
      minDelta: settings.minDelta,
      config,
      listeners: [follower.listener, keepToFolder(run), ...logs.listeners, ...shown],
      checkpoints: saves.checkpoints,
      ...way,
      signal,
    });
    checkFolder(run);
    saveModel(run.model, { ...toSave, ...follower.outcome });
  } catch (error) {
    throw rescueModel(error, run, { ...toSave, ...follower.outcome });
  } finally {
    scores?.dispose();
    await logs.finish();
    run.lock.release();
  }

  return closeRun({
    run,
    metrics,
    follower,
    canGoOn: settings.checkpointInterval > 0,
    trained,
    validation,
    compile: way.compile ?? interpret,
    drawNames: () => drawNames(way),
    output,
    stop,
  });
}
