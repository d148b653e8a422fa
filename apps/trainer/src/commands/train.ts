import { describeDuplicates, describeText, duplicateReport, preview } from '@llm101/data';
import { describe } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, NextTokenCounts, train } from '@llm101/training';
import { metricsFile, progressBar } from '@llm101/training/node';
import { startBackend } from '@llm101/wasm';
import { readConfigFile } from '../config-file.js';
import { describeEvaluation } from '../describe-evaluation.js';
import { makeRun } from '../make-run.js';
import { prepareData } from '../prepare-data.js';
import { print } from '../print.js';
import { hashSettings, writeFingerprint } from '../fingerprint.js';
import { LossRecorder } from '../loss-recorder.js';
import { lastLogged } from '../last-logged.js';
import { runCheckpoints } from '../run-checkpoints.js';
import { createRunFolder, type CreatedRunFolder, runFolder } from '../run-folder.js';
import { RunFollower } from '../run-follower.js';
import { sampleTexts } from '../sample-texts.js';
import { rescueModel } from '../rescue-model.js';
import { saveModel } from '../model-file.js';
import type { Settings } from '../settings.js';
import { stopSignal } from '../stop-signal.js';
import { versions } from '../versions.js';

/** Where a run is kept. */
export interface TrainCommandOptions {
  readonly runDir: string;
  /** Whether it goes on with the run that is there. */
  readonly isResumed?: boolean;
}

/**
 * `llm101 train`: the lecture's run. Everything is checked before the run folder is made.
 *
 * @returns the exit status
 */
export async function trainCommand(
  settings: Settings,
  { runDir, isResumed = false }: TrainCommandOptions,
): Promise<number> {
  const { description } = await startBackend();
  print(description);

  const { loaded, tokenizer, ...data } = await prepareData(settings);
  print(describeText(loaded));
  print(describeDuplicates(duplicateReport(data.train, data.val)));
  print('', ...preview(data.trainSet, tokenizer, 8), '');

  const { recipe, model, optimizer, schedule, batches, way } = makeRun(settings, {
    tokenizer,
    trainSet: data.trainSet,
  });
  print(describe(model));
  const toSave = { model, recipe, tokenizer };
  const validation = new NextTokenCounts(data.valSet, tokenizer.vocabSize);

  const decided: Settings = { ...settings, dataSha256: loaded.sha256 };
  const run: CreatedRunFolder = isResumed
    ? runFolder(runDir)
    : createRunFolder(runDir, { ...decided, versions });
  if (run.movedTo !== undefined) print(`the earlier run is now in ${run.movedTo}`);
  print(`\nrun folder: ${run.path}`);
  const losses = new LossRecorder((losses) =>
    writeFingerprint(run.fingerprint, {
      dataSha256: loaded.sha256,
      settingsSha256: hashSettings(readConfigFile(run.config)),
      losses,
    }),
  );
  const kept = runCheckpoints({ run, settings: decided, model, optimizer, batches, losses });
  const resumed = isResumed ? await kept.resume() : undefined;
  if (isResumed) print(`goes on after step ${resumed?.step ?? 0}`);

  const follower = new RunFollower(resumed?.step ?? 0);
  const resumedAt = isResumed ? lastLogged(follower.step, settings) : undefined;
  const stop = stopSignal();
  try {
    await train({
      model,
      optimizer,
      batches,
      maxSteps: settings.maxSteps,
      schedule,
      validation,
      valInterval: settings.valInterval,
      logInterval: settings.logInterval,
      patience: settings.patience,
      minDelta: settings.minDelta,
      listeners: [
        follower.listener,
        losses.listener,
        metricsFile(run.metrics, { resumedAt }),
        progressBar(),
      ],
      ...(kept.checkpoints && { checkpoints: kept.checkpoints }),
      ...(resumed && { resumed }),
      ...way,
      signal: stop.signal,
    });
    saveModel(run.model, { ...toSave, step: follower.learned });
  } catch (error) {
    throw rescueModel(error, run, {
      ...toSave,
      step: follower.learned,
      isBest: follower.best !== undefined,
    });
  } finally {
    stop.release();
  }

  for (const line of follower.describe()) print(line);
  if (stop.exitStatus !== undefined) {
    print(`stopped after step ${follower.step}; the model is saved in ${run.path}`);
    if (kept.checkpoints) print(`llm101 train --resume ${run.path} goes on`);
    return stop.exitStatus;
  }
  print(`\nvalidation\n${describeEvaluation(await evaluate(model, validation))}`);
  print(`\nten names; llm101 sample --run-dir ${run.path} draws more`);
  print(
    ...sampleTexts(model, tokenizer, { count: 10, generator: Generator.seeded(settings.seed) }),
  );
  return 0;
}
