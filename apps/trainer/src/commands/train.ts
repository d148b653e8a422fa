import {
  DataLoader,
  describeDuplicates,
  describeText,
  duplicateReport,
  preview,
} from '@llm101/data';
import { describe, type LanguageModel } from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  type Compile,
  InfiniteLoader,
  interpret,
  type Metrics,
  NextTokenCounts,
  sgd,
  train,
  type TrainingListener,
} from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { describeEvaluation } from '../describe-evaluation.js';
import { evaluateWithProgress } from '../evaluate-with-progress.js';
import type { ExtraLog } from '../extra-logs.js';
import { livePlot } from '../live-plot.js';
import { fixedRows } from '../fixed-rows.js';
import { makeModel } from '../make-model.js';
import { prepareData } from '../prepare-data.js';
import type { Output } from '../output.js';
import { createRunFolder } from '../run-folder.js';
import { openRunLogs } from '../run-logs.js';
import { sampleTexts } from '../sample-texts.js';
import { rescueModel } from '../rescue-model.js';
import { saveModel } from '../model-file.js';
import type { Settings } from '../settings.js';
import { stopSignal } from '../stop-signal.js';
import { warn } from '../warn.js';
import { versions } from '../versions.js';

/** Names that are drawn as the run goes on, and at its end. */
const NAMES = 10;

/** Where a run is kept, and as what besides the files that every run has. */
export interface TrainCommandOptions {
  readonly runDir: string;
  readonly log?: readonly ExtraLog[];
  /** Whether the losses are drawn in the terminal as they come. */
  readonly plot?: boolean;
  readonly output: Output;
}

/**
 * `llm101 train`: the lecture's run. Everything is checked before the run folder is made.
 *
 * @returns the exit status
 */
export async function trainCommand(
  settings: Settings,
  { runDir, log = [], plot: isPlotted = false, output }: TrainCommandOptions,
): Promise<number> {
  const { model: type, contextSize, dEmbed, dHidden, batchSize, lr, seed } = settings;
  const { print } = output;
  const { description } = await startBackend();
  print(description);

  const { loaded, tokenizer, ...data } = await prepareData(settings, output);
  print(describeText(loaded));
  print(describeDuplicates(duplicateReport(data.train, data.val)));
  print('', ...preview(data.trainSet, tokenizer, 8), '');

  const generator = Generator.seeded(seed); // torch.manual_seed(seed)
  const sizes = { vocabSize: tokenizer.vocabSize, contextSize, dEmbed, dHidden };
  const model = makeModel(type, sizes, generator);
  const recipe = { type, ...sizes };
  print(describe(model));
  const optimizer = sgd(model.parameters(), { learningRate: lr });
  const loader = new DataLoader(data.trainSet, { batchSize, shuffle: true, generator });
  const validation = new NextTokenCounts(data.valSet, tokenizer.vocabSize);

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
  const drawNames = (from: LanguageModel): string[] =>
    sampleTexts(from, tokenizer, { count: NAMES, generator: Generator.seeded(seed) });
  const sampled = fixedRows(model, NAMES, settings.compile ? compileStep : interpret);
  const plot = livePlot({ stream: process.stderr });
  const logs = openRunLogs(run, {
    log,
    output,
    warn: (message) => {
      plot.release();
      warn(message);
    },
  });
  const shown = [...(isPlotted ? [plot.listener] : []), progressBar()];
  const stop = stopSignal();
  let metrics: Metrics;
  try {
    metrics = await train({
      model,
      optimizer,
      batches: new InfiniteLoader(loader, { reshuffle: settings.reshuffle }),
      maxSteps: settings.maxSteps,
      validation,
      valInterval: settings.valInterval,
      logInterval: settings.logInterval,
      watchInterval: settings.watchInterval,
      sampleInterval: settings.sampleInterval,
      drawSamples: () => drawNames(sampled),
      config,
      listeners: [countSteps, ...logs.listeners, ...(output.showsProgress ? shown : [])],
      ...(settings.compile && { compile: compileStep }),
      signal: stop.signal,
    });
    saveModel(run.model, { model, recipe, tokenizer, step });
  } catch (error) {
    throw rescueModel(error, run, { model, recipe, tokenizer, step });
  } finally {
    stop.release();
    sampled.dispose();
    await logs.finish();
  }

  const result = { runDir: run.path, model: run.model, report: run.report, ...metrics };
  if (stop.exitStatus !== undefined) {
    print(`stopped after step ${step}; the model is saved in ${run.path}`);
    output.answer([], { status: 'stopped', ...result });
    return stop.exitStatus;
  }
  const evaluation = await evaluateWithProgress(model, validation, output);
  const names = drawNames(model);
  print(`\nvalidation\n${describeEvaluation(evaluation)}`);
  print(`\nten names; llm101 sample --run-dir ${run.path} draws more`, ...names);
  output.answer([], { status: 'finished', ...result, evaluation, names });
  return 0;
}
