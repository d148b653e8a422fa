import { describeText } from '@llm101/data';
import { describe } from '@llm101/models';
import {
  keptSteps,
  Run,
  samplesOf,
  type Settings,
  type TextEvaluation,
  UserError,
  weightsSha256,
  withTextBits,
} from '@llm101/runs';
import type { Compile, Metrics, TrainingEvent, TrainingListener, Workers } from '@llm101/training';
import { writeFileWholeSync } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { chooseDevice, type OpenDevice, openNamed } from '../../device/open-device.js';
import { folderCheckpoints, resumeFromFolder } from '../../run-folder/checkpoints.js';
import { loadAndSplit, splitTextOfRun } from '../../run-folder/data.js';
import { describeParts, describeRepeated, firstExamples } from '../../run-folder/describe-data.js';
import type { ExtraLogName, Tracking } from '../../run-folder/extra-logs.js';
import { describeWeights, fingerprintFile } from '../../run-folder/fingerprint.js';
import { openRunLogs } from '../../run-folder/logs.js';
import { type Initial, initialOfRun } from '../../run-folder/initial.js';
import { rescueModel } from '../../run-folder/rescue-model.js';
import {
  assertLocked,
  createRunFolder,
  failIfFolderLost,
  reopenRunFolder,
} from '../../run-folder/run-folder.js';
import { type RunFolder, runFolder } from '../../run-folder/paths.js';
import type { LockedRunFolder } from '../../run-folder/run-folder.js';
import { noteResumed } from '../../run-folder/settings.js';
import { textPlaces } from '../../run-folder/text-of-run.js';
import { keepTokenFile, tokenPlaceFor } from '../../run-folder/token-file.js';
import { describeFailure } from '../../terminal/errors.js';
import { describeEvaluation, evaluateWithProgress } from '../../terminal/evaluation.js';
import { count, type Output } from '../../terminal/output.js';
import { shownTexts } from '../../terminal/samples.js';
import { Stopped, type StopSignal } from '../../terminal/stop-signal.js';
import { describeThreads } from '../../threads/describe.js';
import { startThread } from '../../threads/start.js';
import { versions } from '../../versions.js';
import { runDisplay } from './live-plot.js';
import { stoppable } from './stoppable.js';

/** Where a run is kept, with which extra logs, and how it is shown. */
export interface TrainCommandOptions {
  readonly runDir: string;
  /** The settings that the run in it was started with, where it is resumed. */
  readonly before?: Settings | undefined;
  /** Where the text of a resumed run is now. */
  readonly data?: string | undefined;
  /** The model of `--init-from`, if any. */
  readonly initial?: Initial | undefined;
  /** The file that names the text, where one does. */
  readonly config?: string | undefined;
  readonly log: readonly ExtraLogName[];
  /** Whether the tokens of a short text are kept in a file, too. */
  readonly tokenFile: boolean;
  /** How the run is called where it is tracked, such as a trial of a sweep. */
  readonly tracking?: Tracking;
  /** Whether the model is sent to where the run is tracked. Default: false. */
  readonly logModel?: boolean;
  /** Whether the losses are drawn in the terminal as they come. */
  readonly plot: boolean;
  readonly output: Output;
  readonly stop: StopSignal;
  /** Threads that compute, at most; no result depends on it. Default: as the settings say. */
  readonly threads?: number | undefined;
  /** Whether the run is drawn as a page at its end. Default: true. */
  readonly report?: boolean;
  /** What else listens to the run. */
  readonly listen?: ((run: Run) => TrainingListener) | undefined;
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
  const { relaxedSimd } = settings;
  options.output.print((await startBackend({ relaxedSimd })).description);
  const named = await openNamed(settings);
  try {
    return await trainOn(named, settings, options);
  } finally {
    named?.dispose(); // where it failed before there was a run
  }
}

/** @param named - the device, where the settings name it */
async function trainOn(
  named: OpenDevice | undefined,
  settings: Settings,
  options: TrainCommandOptions,
): Promise<number> {
  const { runDir, before, output, stop } = options;
  const { print } = output;

  const tokenPlace = tokenPlaceFor(runFolder(runDir), options.tokenFile);
  const loading = { output, signal: stop.signal, tokenPlace };
  const data =
    before === undefined
      ? await loadAndSplit(settings, {
          ...loading,
          config: options.config,
          initial: options.initial,
        })
      : await splitTextOfRun(runFolder(runDir), before, { ...loading, data: options.data });
  print(describeText(data.loaded));
  print(describeParts(data), describeRepeated(data));
  let workers: Workers | undefined;
  const device = named ?? (await chooseDevice(settings, data));
  const placed: Settings = { ...settings, device: device.device };
  const initial = before === undefined ? options.initial : initialOfRun(runFolder(runDir), before);
  const run = new Run(placed, data, compile, initial); // refuses windows that are too long before they are shown
  try {
    print('', firstExamples(data, settings.contextSize, 8), '');
    print(describe(run.model).split('\n'));
    workers = await run.startWorkers(startThread, options.threads);
    print('', describeThreads(run, workers), device.lines);
    await stop.check('stopped before training; nothing is saved');
    const folder =
      before === undefined
        ? createRunFolder(runDir, {
            ...run.settings,
            ...textPlaces(data.loaded.name, runDir),
            versions,
          })
        : reopenRunFolder(runDir);
    keepTokenFile(tokenPlace, folder, data.tokenizer);
    if (before === undefined && (settings.tokenizerFile ?? settings.initFrom) !== undefined) {
      writeFileWholeSync(folder.tokenizer, JSON.stringify(data.tokenizer)); // the file may change
    }
    if (before === undefined && initial !== undefined) {
      writeFileWholeSync(folder.initial, initial.file); // so may this
    }
    if (folder.movedTo !== undefined) print(`the earlier run is now in ${folder.movedTo}`);
    print('', `run folder: ${folder.path}`);
    await trainInFolder(run, folder, { ...options, workers, gpu: device.gpu });
    return 0;
  } finally {
    await workers?.close();
    run.dispose();
    device.dispose();
  }
}

/** What computes beside this thread, if anything does. */
interface Computing {
  readonly workers: Workers | undefined;
  readonly gpu: Compile | undefined;
}

/** Trains and validates, and writes logs, checkpoints and the model into the folder. */
async function trainInFolder(
  run: Run,
  folder: LockedRunFolder,
  options: TrainCommandOptions & Computing,
): Promise<void> {
  const {
    before,
    data,
    log,
    logModel = false,
    tracking,
    plot,
    workers,
    gpu,
    output,
    stop,
    listen,
    report = true,
  } = options;
  const { listeners: shown, warn } = runDisplay({ plot, output });
  const checkpoints = folderCheckpoints(run, folder, warn);
  const resumed = before && (await resumeFromFolder(checkpoints, folder));
  run.outcome.step = resumed?.step ?? 0; // for a failure before the first step
  if (before) output.print(`resumes after step ${run.outcome.step}`, describeLength(before, run));
  const kept = before && keptSteps(resumed, { before, settings: run.settings });
  const fingerprint = fingerprintFile(folder, run);
  const logs = await openRunLogs(folder, {
    log,
    logModel,
    tracking,
    kept,
    fingerprint,
    report,
    warn,
  });
  const trained = async (): Promise<Metrics> => {
    try {
      if (before) noteResumed(folder, { settings: run.settings, data });
      const metrics = await run.train({
        checkpoints,
        listeners: [
          failIfFolderLost(folder),
          (event) => output.print(describeMove(event)),
          ...logs.listeners,
          ...shown,
          ...(listen === undefined ? [] : [listen(run)]),
        ],
        signal: stop.signal,
        about: { versions },
        workers,
        gpu,
      });
      assertLocked(folder);
      writeFileWholeSync(folder.model, run.save());
      return metrics;
    } catch (error) {
      throw rescueModel(error, folder, run);
    }
  };
  let evaluation: TextEvaluation | undefined;
  try {
    const metrics = await trained();
    evaluation = await closeRun(run, folder, { metrics, report, workers, gpu, output, stop });
  } finally {
    await logs.finish(evaluation);
    folder.lock.release();
  }
}

/** What another number of steps means for a run that is resumed. */
function describeLength(before: Settings, { settings: { maxSteps, patience } }: Run): string[] {
  if (maxSteps === before.maxSteps) return [];
  const same =
    patience > 0 ? '' : '; its weights will be, byte for byte, those of a run of that length';
  return [`trains to step ${count(maxSteps)} instead of ${count(before.maxSteps)}${same}`];
}

/** What it means for a run that it goes on on another device than before. */
function describeMove(event: TrainingEvent): string[] {
  if (event.type !== 'start') return [];
  const { step, arithmetic, earlier } = event;
  const last = earlier?.at(-1);
  if (last?.until !== step) return [];
  return [
    `steps were ${last.arithmetic}, and are from here on ${arithmetic}: digits differ from the sixth on`,
  ];
}

/** What {@link closeRun} needs besides the run. */
interface CloseRunOptions extends Computing {
  /** What was logged last. */
  readonly metrics: Metrics;
  readonly report: boolean;
  readonly output: Output;
  readonly stop: StopSignal;
}

/**
 * Says how a run ended, validates its model, which is saved, and draws samples from it.
 *
 * @returns the validation
 * @throws Stopped when a signal has come, saying what is saved
 */
async function closeRun(
  run: Run,
  folder: RunFolder,
  { metrics, report, workers, gpu, output, stop }: CloseRunOptions,
): Promise<TextEvaluation> {
  const { print } = output;
  for (const line of describeEnd(run)) print(line);
  const { best, reason: status, step } = run.outcome;
  const paths = { runDir: folder.path, model: folder.model, report: folder.report };
  const threads = { shards: run.settings.shards, workers: workers?.count ?? 1 };
  const weights = weightsSha256(run.model);
  const result = {
    ...paths,
    ...metrics,
    ...(best && { best }),
    ...threads,
    device: run.settings.device,
    weightsSha256: weights,
  };
  print(describeWeights({ step: run.outcome.modelStep, sha256: weights }));
  if (report) print(`report: ${folder.report}`); // which is written last, with all that is logged
  const saved = `the model is saved in ${folder.path}`;
  const canResume = run.settings.checkpointInterval > 0 && status === 'stopped';
  const resumes = canResume ? `; llm101 train --resume ${folder.path} resumes it` : '';
  await stop.check(`stopped after step ${step}; ${saved}${resumes}`, result);
  const stopped = new Stopped(`stopped in the closing validation; ${saved}`, result);
  try {
    const measured = await evaluateWithProgress(run.trained, run.validation, {
      output,
      compile: stoppable(run.compilerOfSteps(gpu), stop, stopped),
      ...(workers && { workers }),
    });
    const { val, tokenizer, examples } = run.data;
    const evaluation = withTextBits(measured, val, tokenizer);
    const samples = run.sample(samplesOf(examples));
    print('', 'validation', describeEvaluation(evaluation));
    const more = `llm101 sample --run-dir ${folder.path} draws more`;
    print('', `${samples.length} samples; ${more}`, shownTexts(samples, examples));
    output.answer([], { status, ...result, evaluation, samples });
    return evaluation;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    const why = describeFailure(error, folder.path);
    throw new UserError(`${saved}, but could not be validated: ${why}`, { cause: error });
  }
}

/** How a run ended; no line where all steps were done and the model is that of the last. */
function describeEnd({ outcome: { step, reason, best } }: Run): string[] {
  const lines: string[] = [];
  if (reason === 'no better') {
    lines.push(`validations got no better; ended after step ${count(step)}`);
  }
  if (best !== undefined) {
    const loss = best.valLoss.toFixed(4);
    lines.push(`the model is that of step ${best.step}, the best validation: ${loss} nats`);
  }
  return lines;
}
