import { describeDuplicates, describeText, duplicateReport, preview } from '@llm101/data';
import { describe } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, interpret, train } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { closingError } from '../closing-error.js';
import { describeEvaluation } from '../describe-evaluation.js';
import type { ExtraLog } from '../extra-logs.js';
import { recordFingerprint } from '../fingerprint.js';
import { checkFolder, keepToFolder } from '../keep-to-folder.js';
import { keptSteps } from '../kept-steps.js';
import { makeRun } from '../make-run.js';
import { saveModel } from '../model-file.js';
import { prepareData } from '../prepare-data.js';
import { print } from '../print.js';
import { rescueModel } from '../rescue-model.js';
import { runCheckpoints } from '../run-checkpoints.js';
import { createRunFolder, reopenRunFolder } from '../run-folder.js';
import { RunFollower } from '../run-follower.js';
import { openRunLogs } from '../run-logs.js';
import { sampleTexts } from '../sample-texts.js';
import type { Settings } from '../settings.js';
import type { StopSignal } from '../stop-signal.js';
import { stoppable } from '../stoppable.js';
import { versions } from '../versions.js';

/** Where a run is kept, and as what besides the files that every run has. */
export interface TrainCommandOptions {
  readonly runDir: string;
  /** Whether it goes on with the run that is there. */
  readonly isResumed?: boolean;
  readonly log?: readonly ExtraLog[];
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
  { runDir, isResumed = false, log = [], stop }: TrainCommandOptions,
): Promise<number> {
  const { description } = await startBackend();
  print(description);

  const prepared = await prepareData(settings, stop.signal);
  const { loaded, tokenizer, train: names, val, trainSet } = prepared;
  print(describeText(loaded));
  print(describeDuplicates(duplicateReport(names, val)));
  print('', ...preview(trainSet, tokenizer, 8), '');

  const { recipe, model, trained, optimizer, schedule, batches, validation, way } = makeRun(
    settings,
    prepared,
  );
  print(describe(model));
  const drawNames = (): string[] =>
    sampleTexts(model, tokenizer, { count: 10, generator: Generator.seeded(settings.seed) });

  await stop.check('stopped before training; nothing is saved');
  const decided: Settings = { ...settings, dataSha256: loaded.sha256 };
  const config = { ...decided, versions };
  const run = isResumed ? reopenRunFolder(runDir) : createRunFolder(runDir, config);
  if (run.movedTo !== undefined) print(`the earlier run is now in ${run.movedTo}`);
  print(`\nrun folder: ${run.path}`);

  const losses = recordFingerprint(run, loaded.sha256);
  const saves = runCheckpoints({ run, settings: decided, model, optimizer, batches, losses });
  const resumed = isResumed ? await saves.resume() : undefined;
  if (isResumed) print(`goes on after step ${resumed?.step ?? 0}`);
  const follower = new RunFollower(resumed?.step ?? 0);
  const kept = isResumed ? keptSteps(resumed, settings) : undefined;
  const logs = openRunLogs(run, { extra: log, kept, fingerprint: losses.listener });
  const toSave = { model, recipe, tokenizer };
  try {
    await train({
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
      drawSamples: drawNames,
      patience: settings.patience,
      minDelta: settings.minDelta,
      config,
      listeners: [follower.listener, keepToFolder(run), ...logs.listeners, progressBar()],
      ...(saves.checkpoints && { checkpoints: saves.checkpoints }),
      ...(resumed && { resumed }),
      ...way,
      signal: stop.signal,
    });
    checkFolder(run);
    saveModel(run.model, { ...toSave, ...follower.outcome });
  } catch (error) {
    throw rescueModel(error, run, { ...toSave, ...follower.outcome });
  } finally {
    await logs.finish();
    run.lock.release();
  }

  for (const line of follower.describe()) print(line);
  const saved = `the model is saved in ${run.path}`;
  const canGoOn = saves.checkpoints !== undefined && follower.reason === 'stopped';
  const goesOn = canGoOn ? `\nllm101 train --resume ${run.path} goes on` : '';
  await stop.check(`stopped after step ${follower.step}; ${saved}${goesOn}`);
  const message = `stopped in the closing validation; ${saved}`;
  const compile = stoppable(way.compile ?? interpret, stop, message);
  try {
    print(`\nvalidation\n${describeEvaluation(await evaluate(trained, validation, compile))}`);
    print(`\nten names; llm101 sample --run-dir ${run.path} draws more`);
    print(...drawNames());
  } catch (error) {
    throw closingError(error, saved, run.path);
  }
  return 0;
}
