import { existsSync } from 'node:fs';
import {
  type Device,
  FIRST_STEPS,
  hashSettings,
  readModel,
  Run,
  tensorsSha256,
  UserError,
  type WeightsFingerprint,
} from '@llm101/runs';
import { train, type Workers } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { openNamed } from '../../device/open-device.js';
import { initialOfRun } from '../../run-folder/initial.js';
import { splitTextOfRun } from '../../run-folder/data.js';
import { describeWeights, readFingerprint } from '../../run-folder/fingerprint.js';
import { readModelFile } from '../../run-folder/model-file.js';
import { type RunFolder, runFolder } from '../../run-folder/paths.js';
import { settingsOfRun } from '../../run-folder/settings.js';
import type { Output } from '../../terminal/output.js';
import type { StopSignal } from '../../terminal/stop-signal.js';
import { canvas } from '../../terminal/streams.js';
import { describeThreads } from '../../threads/describe.js';
import { startThread } from '../../threads/start.js';
import { describeVersions } from '../../versions.js';

/** What `llm101 verify` needs besides the folder. */
export interface VerifyCommandOptions {
  /** Where the run's text is now. */
  readonly data?: string | undefined;
  readonly output: Output;
  readonly stop: StopSignal;
}

/**
 * `llm101 verify`: repeats the first steps of a run, and says whether this machine gives the recorded losses.
 *
 * @returns the exit status: 0 when it does
 * @throws UserError when settings or data aren't those that were recorded
 * @throws Stopped when a signal has come
 */
export async function verifyCommand(
  runDir: string,
  { data: text, output, stop }: VerifyCommandOptions,
): Promise<number> {
  const folder = runFolder(runDir);
  const { config } = folder;
  const settings = settingsOfRun(runDir);
  const recorded = readFingerprint(folder.fingerprint);
  const isOld = recorded.arithmetic === undefined; // 0.1.0 hashed all settings, those too that may change
  if (!isOld && hashSettings(settings) !== recorded.settingsSha256) {
    throw new UserError(
      `${config} isn't as it was when the losses were recorded; take it from a copy`,
    );
  }
  const { description } = await startBackend({ relaxedSimd: settings.relaxedSimd });
  output.print(description);
  const { signal } = stop;
  const { dataSha256 } = recorded;
  const options = { data: text, output, signal };
  const data = await splitTextOfRun(folder, { ...settings, dataSha256 }, options);
  const device = await openNamed({ device: deviceOf(recorded.arithmetic) }, '');
  const placed = { ...settings, device: device?.device ?? 'wasm' };
  const run = new Run(placed, data, compile, initialOfRun(folder, settings));
  const records = [run.firstLosses.listener, run.outcome.listener];
  let workers: Workers | undefined;
  try {
    workers = await run.startWorkers(startThread);
    output.print(describeThreads(run, workers), device?.lines ?? []);
    await train({
      model: run.trained,
      optimizer: run.optimizer,
      schedule: run.schedule,
      batches: run.batches,
      maxSteps: recorded.losses.length,
      // validations by random batches draw from the stream of the training batches
      ...(run.trainEstimate && {
        validation: run.validation,
        trainEstimate: run.trainEstimate,
        valInterval: run.settings.valInterval,
      }),
      shards: run.settings.shards,
      accumulate: run.settings.accumulate,
      listeners: output.showsProgress ? [...records, progressBar({ stream: canvas() })] : records,
      compile: run.compilerOfSteps(device?.gpu),
      signal,
      ...(workers && { workers }),
    });
  } finally {
    await workers?.close();
    run.dispose();
    device?.dispose();
  }
  await stop.check('stopped; nothing is verified');
  const losses = run.firstLosses.values;
  const { isSame, lines } = compareLosses(recorded.losses, losses);
  const versions = isSame ? [] : describeVersions(config);
  const rounding = compareArithmetic(recorded.arithmetic, run.outcome.arithmetic);
  const { weights } = recorded;
  const ofWeights = weights === undefined ? [] : weightLines(folder, weights);
  output.answer([...lines, ...rounding, ...versions, ...ofWeights], {
    runDir,
    isSame,
    shards: run.settings.shards,
    recorded: recorded.losses,
    losses,
    ...(weights && { weightsSha256: weights.sha256 }),
  });
  return isSame ? 0 : 1;
}

/** What the run's weights were in the end, and whether its model still has them. */
function weightLines({ model }: RunFolder, recorded: WeightsFingerprint): string[] {
  const line = describeWeights(recorded);
  if (!existsSync(model)) return [line];
  try {
    const { step, tensors } = readModel(readModelFile(model));
    const sha256 = tensorsSha256(tensors);
    if (sha256 === recorded.sha256) return [line];
    return [line, `${model} has others: ${describeWeights({ step, sha256 })}`];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [line, `${model} can't be compared: ${error.message}`];
  }
}

/** What {@link compareLosses} found. */
interface LossComparison {
  /** Whether all losses are equal, bit for bit. */
  readonly isSame: boolean;
  /** The finding, to print. */
  readonly lines: string[];
}

/** What computed the first steps of a run: one that has changed its device names them in order. */
const deviceOf = (arithmetic = ''): Device => (arithmetic.startsWith(ON_GPU) ? 'webgpu' : 'wasm');

const ON_GPU = 'compiled for WebGPU';

/** A line where the steps rounded otherwise when they were recorded. */
function compareArithmetic(recorded: string | undefined, here: string | undefined): string[] {
  if (recorded === undefined || recorded === here) return [];
  const [first, until = '0'] = recorded.split(' to step ');
  if (first === here && Number.parseInt(until, 10) >= FIRST_STEPS) return []; // it changed its device later
  return [
    `the run was trained ${recorded}, and is repeated ${here ?? 'otherwise'}: other digits are to be expected; ` +
      'repeat it where the engine has what it was trained with',
  ];
}

/** How much float32 sums in another order change the losses of the first hundred steps, in nats. */
const ROUNDING = 1e-5;

/** Compares the losses of steps 1, 2, … with those that were recorded. */
function compareLosses(recorded: readonly number[], found: readonly number[]): LossComparison {
  const first = recorded.findIndex((loss, i) => !Object.is(loss, found[i]));
  if (first === -1) {
    return {
      isSame: true,
      lines: [`verified: the losses of the first ${recorded.length} steps are equal bit for bit`],
    };
  }
  const largest = recorded.reduce(
    (most, loss, i) => Math.max(most, Math.abs(loss - (found[i] ?? Number.NaN))),
    0,
  );
  return {
    isSame: false,
    lines: [
      `not verified: step ${first + 1} was recorded with loss ${recorded[first]}, and gives ${found[first]} here`,
      `largest difference in ${recorded.length} steps: ${largest.toExponential(1)} nats; ${
        largest < ROUNDING
          ? 'small enough to come from rounding, by another engine or version'
          : 'too large for rounding: something else is computed'
      }`,
    ],
  };
}
