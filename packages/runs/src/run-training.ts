import { loadText, type LoadedText, type TextTokenizer, type TokenizerFit } from '@llm101/data';
import type {
  Between,
  CheckpointsOutcome,
  CheckpointStore,
  Compile,
  Metrics,
  TrainingListener,
  Workers,
  WorkersOptions,
} from '@llm101/training';
import { runCheckpoints } from './checkpoints.js';
import { type Fingerprint, fingerprintOf } from './fingerprint.js';
import type { RunOutcome } from './outcome.js';
import { reasonForWasm } from './device.js';
import { prepareData } from './text/prepare-data.js';
import type { RunCompile } from './compiler.js';
import type { InitialModel } from './initial.js';
import { Run, samplesOf } from './run.js';
import type { Settings } from './settings/settings.js';
import { type TextEvaluation, withTextBits } from './text/bits.js';

/** What {@link runTraining} needs besides settings. */
export interface RunTrainingOptions {
  /** `compile` of `@llm101/wasm`. Default: every operation runs by itself. */
  readonly compile?: RunCompile;
  /**
   * `compilerFor(gpu)` of `@llm101/webgpu`: it compiles steps and validations of settings whose device is `webgpu`, or `auto` where the
   * model is large enough for it.
   */
  readonly gpu?: Compile;
  /** Loads the text that `settings.data` names. Default: `loadText` of `@llm101/data`, which knows data sets and URLs. */
  readonly loadText?: (
    source: string,
    options: { readonly sha256?: string; readonly signal?: AbortSignal },
  ) => Promise<LoadedText>;
  /** The tokenizer of `settings.tokenizerFile`, where that is set; with `initial` what `fitInitial` makes of its own. */
  readonly tokenizer?: TextTokenizer | TokenizerFit;
  /** The model of `settings.initFrom`, by `readModel`. */
  readonly initial?: InitialModel;
  /** Where checkpoints are kept, and where the run resumes if there are some. Default: none are. */
  readonly store?: CheckpointStore;
  /** Default: none. */
  readonly listeners?: readonly TrainingListener[];
  /** Ends the run after the current step. */
  readonly signal?: AbortSignal;
  /**
   * Called between steps, and waited for, as `train` of `@llm101/training` has it: to pause, to save, to look into the run's model, to
   * evaluate it or draw from it. No byte of the run depends on it. Default: nothing.
   */
  readonly between?: (at: Between, run: Run) => Promise<void> | undefined;
  /** Whether `between` has something to do after a step, as `train` has it. Default: after each. */
  readonly isBetweenDue?: (step: number) => boolean;
  /**
   * Gets a line about a checkpoint that can't be written or used, by default the console warns, and about what would make more of
   * the text.
   */
  readonly warn?: (message: string) => void;
  /**
   * Starts a thread whose module calls `serveWorker` with `makeReplica`, for settings with several shards: as many threads as their
   * `workers` say compute. Default: this thread computes alone, to the same bytes.
   */
  readonly spawnWorker?: WorkersOptions['spawn'];
  /** Sequences drawn at the end, and every `sampleInterval` steps. Default: 10 lines, or 3 texts of blocks. */
  readonly samples?: number;
}

/** What {@link runTraining} returns: plain values, no tensors. */
export interface TrainedRun {
  /** The settings, the data's hash among them: they repeat the run. */
  readonly settings: Settings;
  readonly outcome: RunOutcome;
  /** What repeating the run must reproduce, and with other data, settings or arithmetic doesn't. */
  readonly fingerprint: Fingerprint;
  /** What was saved while it trained, and why not, where that failed. Undefined without a store. */
  readonly checkpoints: CheckpointsOutcome | undefined;
  /** What was logged last. */
  readonly metrics: Metrics;
  /** The model on the validation lines. */
  readonly evaluation: TextEvaluation;
  readonly samples: readonly string[];
  /** The model as a safetensors file, which `openModel` reads. */
  readonly model: Uint8Array<ArrayBuffer>;
}

/**
 * From settings to a trained model: loads and splits the text, trains, validates and draws samples. It prints nothing and
 * disposes of everything that it made, so that a hundred runs in one process leave memory as it was. The backend must be
 * running.
 *
 * @throws UserError when the run doesn't fit into memory, its checkpoints have other settings, or its device is a GPU and none is given
 * @throws StoreInUseError when another run has the store
 * @throws DataError when the text can't be loaded, or has characters that the settings don't allow
 * @throws DivergenceError when a loss is NaN or infinite
 * @throws WorkerError when a thread that computes fails or ends; what the store has stays
 */
export async function runTraining(
  settings: Settings,
  options: RunTrainingOptions = {},
): Promise<TrainedRun> {
  const {
    store,
    listeners,
    signal,
    between,
    warn,
    samples = samplesOf(settings.examples),
    spawnWorker,
  } = options;
  if (!Number.isSafeInteger(samples) || samples < 0) {
    throw new RangeError(
      `runTraining: samples must be a whole number of at least 0; got ${samples}`,
    );
  }
  const { data, dataSha256: sha256 } = settings;
  const loaded = await (options.loadText ?? loadText)(data, {
    ...(sha256 !== undefined && { sha256 }),
    ...(signal && { signal }),
  });
  const prepared = await prepareData(settings, loaded, options.tokenizer);
  for (const hint of prepared.hints) warn?.(`${loaded.name}: ${hint}`);
  const { gpu } = options;
  const isOpen = settings.device === 'auto' && gpu !== undefined;
  const isWorth = isOpen && reasonForWasm(settings, prepared) === undefined;
  const placed: Settings = isWorth ? { ...settings, device: 'webgpu' } : settings;
  const run = new Run(placed, prepared, options.compile, options.initial);
  let workers: Workers | undefined;
  try {
    const checkpoints = store && runCheckpoints(run, { store, where: 'the run', warn });
    if (settings.shards === 'auto') await checkpoints?.resume(); // a run keeps those that it has
    workers = spawnWorker && (await run.startWorkers(spawnWorker));
    const metrics = await run.train({
      checkpoints,
      signal,
      samples,
      listeners,
      workers,
      between: between && ((at) => between(at, run)),
      isBetweenDue: options.isBetweenDue,
      gpu,
    });
    return {
      settings: run.settings,
      outcome: run.outcome,
      fingerprint: fingerprintOf(run),
      checkpoints: checkpoints?.outcome,
      metrics,
      evaluation: withTextBits(
        await run.evaluate({ compile: run.compilerOfSteps(gpu), ...(workers && { workers }) }),
        prepared.val,
        prepared.tokenizer,
      ),
      samples: run.sample(samples),
      model: run.save(),
    };
  } finally {
    await workers?.close();
    run.dispose();
  }
}
