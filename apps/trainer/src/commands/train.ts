import {
  DataLoader,
  describeDuplicates,
  describeText,
  duplicateReport,
  preview,
} from '@llm101/data';
import { describe } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  type Compile,
  evaluate,
  InfiniteLoader,
  NextTokenCounts,
  train,
  type TrainingListener,
} from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { checkMemory } from '../check-memory.js';
import { closingError } from '../closing-error.js';
import { describeEvaluation } from '../describe-evaluation.js';
import type { ExtraLog } from '../extra-logs.js';
import { makeModel } from '../make-model.js';
import { makeOptimizer } from '../make-optimizer.js';
import { makeSchedule } from '../make-schedule.js';
import { prepareData } from '../prepare-data.js';
import { print } from '../print.js';
import { checkFolder, keepToFolder } from '../keep-to-folder.js';
import { createRunFolder } from '../run-folder.js';
import { openRunLogs } from '../run-logs.js';
import { sampleTexts } from '../sample-texts.js';
import { rescueModel } from '../rescue-model.js';
import { saveModel } from '../model-file.js';
import type { Settings } from '../settings.js';
import type { StopSignal } from '../stop-signal.js';
import { stoppable } from '../stoppable.js';
import { versions } from '../versions.js';

/** Where a run is kept, and as what besides the files that every run has. */
export interface TrainCommandOptions {
  readonly runDir: string;
  readonly log?: readonly ExtraLog[];
  /** Tells of signals. */
  readonly stop: StopSignal;
}

/**
 * `llm101 train`: the lecture's run. Everything is checked before the run folder is made.
 *
 * @returns the exit status
 * @throws Stopped when a signal has come, saying what is saved
 */
export async function trainCommand(
  settings: Settings,
  { runDir, log = [], stop }: TrainCommandOptions,
): Promise<number> {
  const { model: type, contextSize, dEmbed, dHidden, batchSize, seed } = settings;
  const { description } = await startBackend();
  print(description);

  const { loaded, tokenizer, ...data } = await prepareData(settings, stop.signal);
  print(describeText(loaded));
  print(describeDuplicates(duplicateReport(data.train, data.val)));
  print('', ...preview(data.trainSet, tokenizer, 8), '');

  const generator = Generator.seeded(seed); // torch.manual_seed(seed)
  const sizes = { vocabSize: tokenizer.vocabSize, contextSize, dEmbed, dHidden };
  checkMemory({ type, sizes, rows: Math.min(batchSize, data.trainSet.length) });
  const model = makeModel(type, sizes, generator);
  const recipe = { type, ...sizes };
  print(describe(model));
  const optimizer = makeOptimizer(model.parameters(), settings);
  const loader = new DataLoader(data.trainSet, { batchSize, shuffle: true, generator });
  const validation = new NextTokenCounts(data.valSet, tokenizer.vocabSize);

  await stop.check('stopped before training; nothing is saved');
  const config = { ...settings, dataSha256: loaded.sha256, versions };
  const run = createRunFolder(runDir, config);
  if (run.movedTo !== undefined) print(`the earlier run is now in ${run.movedTo}`);
  print(`\nrun folder: ${run.path}`);

  const { relaxedSimd } = settings;
  const compileStep: Compile = (f) => compile(f, { relaxedSimd });
  let step = 0;
  const countSteps: TrainingListener = (event) => {
    if (event.type === 'step') ({ step } = event);
  };
  const drawNames = (): string[] =>
    sampleTexts(model, tokenizer, { count: 10, generator: Generator.seeded(seed) });
  const logs = openRunLogs(run, log);
  try {
    await train({
      model,
      optimizer,
      batches: new InfiniteLoader(loader, { reshuffle: settings.reshuffle }),
      maxSteps: settings.maxSteps,
      schedule: makeSchedule(settings),
      validation,
      valInterval: settings.valInterval,
      logInterval: settings.logInterval,
      watchInterval: settings.watchInterval,
      sampleInterval: settings.sampleInterval,
      drawSamples: drawNames,
      config,
      listeners: [countSteps, keepToFolder(run), ...logs.listeners, progressBar()],
      ...(settings.compile && { compile: compileStep }),
      signal: stop.signal,
    });
    checkFolder(run);
    saveModel(run.model, { model, recipe, tokenizer, step });
  } catch (error) {
    throw rescueModel(error, run, { model, recipe, tokenizer, step });
  } finally {
    await logs.finish();
    run.lock.release();
  }

  const saved = `the model is saved in ${run.path}`;
  await stop.check(`stopped after step ${step}; ${saved}`);
  const compileClosing = stoppable(
    compileStep,
    stop,
    `stopped in the closing validation; ${saved}`,
  );
  try {
    print(`\nvalidation\n${describeEvaluation(await evaluate(model, validation, compileClosing))}`);
    print(`\nten names; llm101 sample --run-dir ${run.path} draws more`);
    print(...drawNames());
  } catch (error) {
    throw closingError(error, saved, run.path);
  }
  return 0;
}
