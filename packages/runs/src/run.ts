import { RandomLoader, spreadLines } from '@llm101/data';
import { nextTokenScores, type NextTokenScores, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { evaluate, startWorkers, train } from '@llm101/training';
import type {
  BetweenSteps,
  Checkpoints,
  Compile,
  EvaluateOptions,
  Evaluation,
  EvaluationData,
  InfiniteLoader,
  Metrics,
  Optimizer,
  Schedule,
  Trainable,
  TrainingListener,
  Workers,
  WorkersOptions,
} from '@llm101/training';
import { compilerOf, type RunCompile } from './compiler.js';
import { workersOf } from './cores.js';
import {
  type AnyKind,
  decidedSettings,
  isRandom,
  modelConfigOf,
  type RunSettings,
  targetsOf,
  withSteps,
} from './decided-settings.js';
import { UserError } from './errors.js';
import { checkMemory } from './memory.js';
import { sampleAnswers } from './sample-answers.js';
import { samplePrompt } from './sample-prompt.js';
import type { ExamplesName } from './text/examples-name.js';
import { type InitialModel, loadInitial } from './initial.js';
import { makeModel, type ModelConfig, modelKinds } from './models/index.js';
import type { Network } from './models/model-kind.js';
import { makeOptimizer } from './optimizers.js';
import { checkBatchNorm } from './pieces.js';
import { sizesOfRun } from './run-sizes.js';
import type { PreparedData } from './text/prepare-data.js';
import { isStream, tokenCount } from './text/text-part.js';
import type { ReplicaData } from './replica.js';
import { encodeModel } from './saved-model.js';
import { FirstLosses, RunOutcome } from './outcome.js';
import { makeSchedule } from './schedules.js';
import type { Settings } from './settings/settings.js';

/** Texts that are drawn where nothing else is said. */
export const samplesOf = (examples: ExamplesName): number => (examples === 'lines' ? 10 : 3);

/** Tokens of a drawn line at most, and of a text of blocks. */
const [LINE_TOKENS, BLOCK_TOKENS] = [100, 300];

/** Options of {@link Run.train}. */
export interface RunTrainOptions {
  /** By `runCheckpoints`: saves the run, and resumes it where there are some. Default: none. */
  readonly checkpoints?: Checkpoints | undefined;
  /** Default: none. */
  readonly listeners?: readonly TrainingListener[] | undefined;
  /** Ends the run after the current step. */
  readonly signal?: AbortSignal | undefined;
  /** As that of `train`: {@link Run.sample}, `evaluate` and `save` may be called meanwhile. Default: nothing. */
  readonly between?: BetweenSteps | undefined;
  /** What loggers write beside the settings, such as versions. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** Texts drawn every `sampleInterval` steps. Default: 10 lines, or 3 texts of blocks. */
  readonly samples?: number;
  /** By {@link Run.startWorkers}. Default: this thread computes alone, to the same bytes. */
  readonly workers?: Workers | undefined;
  /** As that of `train`. Default: after each step. */
  readonly isBetweenDue?: ((step: number) => boolean) | undefined;
  /** `compilerFor(gpu)` of `@llm101/webgpu`, for settings whose device is `webgpu`: it compiles steps and validations. */
  readonly gpu?: Compile | undefined;
}

/**
 * A run: made from settings and data, it trains, evaluates, draws samples and is saved. Whoever made it disposes of it. The
 * backend must be running.
 */
export class Run {
  readonly data: PreparedData;
  readonly config: ModelConfig;
  readonly model: Network;
  /** The model as it is trained and validated. */
  readonly trained: Trainable;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly batches: InfiniteLoader;
  readonly validation: EvaluationData;
  /** Random batches of the training text, where a validation is such batches. */
  readonly trainEstimate: EvaluationData | undefined;
  /** Compiles samples, and steps and validations that aren't computed on a GPU; or `interpret`. */
  readonly compile: Compile;
  /** The losses of the first hundred steps. */
  readonly firstLosses = new FirstLosses();
  /** The scorer of a model without a stream, kept between draws. */
  #scores: NextTokenScores | undefined;
  readonly outcome = new RunOutcome();
  #isTraining = false;
  #settings: RunSettings;
  /** Whether the settings left it open how many shards there are. */
  readonly #isOpen: boolean;

  /**
   * Makes model, optimizer and batches from one generator, in PyTorch's order.
   *
   * @param compile - `compile` of `@llm101/wasm`, for settings that compile. Default: every operation runs by itself
   * @param initial - the model of `initFrom`, whose weights take the place of those that are drawn
   * @throws UserError when the run needs more memory than the backend can have, or the initial weights don't fit
   * @throws RangeError when a size isn't one of such a model, or there is an `initFrom` without its model
   */
  constructor(
    settings: Settings,
    data: PreparedData,
    compile?: RunCompile,
    initial?: InitialModel,
  ) {
    if (settings.initFrom !== undefined && initial === undefined) {
      throw new RangeError(
        `Run: initial must be the model of ${settings.initFrom}; got none; read it by readModel`,
      );
    }
    const generator = Generator.seeded(settings.seed); // torch.manual_seed(seed)
    const kind: AnyKind = modelKinds[settings.model];
    this.data = data;
    this.config = modelConfigOf(settings, data.tokenizer.vocabSize);
    const { config } = this;
    const sizes = sizesOfRun(settings, config, data);
    const targets = targetsOf(kind, settings, data);
    const open = decidedSettings(settings, data);
    const { shards, valBatches } = open;
    this.#isOpen = settings.shards === 'auto';
    checkBatchNorm({ ...settings, shards }, data, sizes.rowsOfBatch);
    checkMemory(sizes);
    this.model = makeModel(this.config, generator);
    const { contextSize } = this.model;
    try {
      if (initial !== undefined) loadInitial(this.model, initial);
      const examples = kind.examples.make(withSomeLines(data, valBatches * targets), {
        settings: open,
        contextSize,
        generator,
      });
      this.trained = kind.examples.trained(this.model);
      this.validation = examples.validation;
      this.trainEstimate = examples.trainEstimate;
      this.batches = examples.batches;
      this.#settings = withSteps(open, () =>
        isRandom(open, data)
          ? Math.ceil(tokenCount(data.train) / targets)
          : examples.batches.passLength(),
      );
      this.schedule = makeSchedule(this.#settings);
      this.optimizer = makeOptimizer(this.model, this.#settings);
    } catch (error) {
      this.model.dispose();
      throw error;
    }
    this.compile = compilerOf(settings, compile);
  }

  /** The settings, the data's hash among them, and how many shards there are. */
  get settings(): RunSettings {
    return this.#settings;
  }

  /** Takes the shards of the run that it resumes, where its settings leave them open. */
  continueWith(shards: unknown): void {
    if (this.#isOpen && typeof shards === 'number') this.#settings = { ...this.settings, shards };
  }

  /**
   * Starts the threads that compute its shards beside this one, as many as the settings ask for; `train` and `evaluate` take them, and
   * whoever has started them closes them.
   *
   * @param spawn - starts a thread whose module calls `serveWorker` with `makeReplica`
   * @param most - threads that there may be, this one among them. Default: as many as the settings ask for
   * @returns nothing where this thread computes alone
   * @throws WorkerError when one can't start
   */
  async startWorkers(
    spawn: WorkersOptions['spawn'],
    most = Infinity,
  ): Promise<Workers | undefined> {
    const { config, settings } = this;
    const count = Math.min(most, workersOf(settings));
    const data: ReplicaData = { config, settings };
    return count === 1 ? undefined : startWorkers({ count, spawn, data });
  }

  /**
   * Trains until the settings' last step, a signal or an end of patience.
   *
   * @returns what was logged last
   * @throws UserError when its device is a GPU, and none is given
   * @throws DivergenceError when a loss is NaN or infinite
   */
  async train(options: RunTrainOptions = {}): Promise<Metrics> {
    const { checkpoints, listeners = [], signal, between, about, workers } = options;
    const { isBetweenDue } = options;
    const compile = this.compilerOfSteps(options.gpu);
    const { samples = samplesOf(this.data.examples) } = options;
    const { settings, outcome, firstLosses } = this;
    this.#isTraining = true;
    try {
      return await train({
        model: this.trained,
        optimizer: this.optimizer,
        batches: this.batches,
        schedule: this.schedule,
        validation: this.validation,
        trainEstimate: this.trainEstimate,
        maxSteps: settings.maxSteps,
        shards: settings.shards,
        accumulate: settings.accumulate,
        valInterval: settings.valInterval,
        logInterval: settings.logInterval,
        watchInterval: settings.watchInterval,
        sampleInterval: settings.sampleInterval,
        patience: settings.patience,
        minDelta: settings.minDelta,
        drawSamples: () => this.sample(samples),
        config: { ...settings, ...about },
        listeners: [outcome.listener, firstLosses.listener, ...listeners],
        compile,
        ...(workers && { workers }),
        ...(isBetweenDue && { isBetweenDue }),
        ...(checkpoints && { checkpoints }),
        ...(signal && { signal }),
        ...(between && { between }),
      });
    } finally {
      this.#isTraining = false;
    }
  }

  /**
   * What compiles its steps and validations, by its device.
   *
   * @throws UserError when that is a GPU, and none is given
   */
  compilerOfSteps(gpu: Compile | undefined): Compile {
    if (this.settings.device === 'wasm') return this.compile;
    if (gpu !== undefined) return gpu;
    throw new UserError('the device webgpu needs a GPU, and there is none here; choose wasm', {
      keys: ['device'],
    });
  }

  /**
   * Evaluates the model on the validation lines. Where a validation is random batches they are the next of the stream, which a run that
   * isn't over finds where it left it.
   */
  async evaluate(options: EvaluateOptions = {}): Promise<Evaluation> {
    return evaluate(this.trained, this.#nextValidation(), { compile: this.compile, ...options });
  }

  #nextValidation(): EvaluationData {
    const { validation } = this;
    if (!this.#isTraining || !(validation instanceof RandomLoader)) return validation;
    const { generator } = validation;
    const before = generator.state();
    const pass = validation.pass();
    generator.load(before);
    return pass;
  }

  /**
   * Texts drawn from the model, by the seed of the settings: lines, or stretches of some hundred tokens. Where lines have answers, the first
   * validation lines with the model's own, `cab=abc`, or `cab=acb, not abc` where that is wrong.
   */
  sample(count: number): string[] {
    if (count === 0) return [];
    const { model, compile } = this;
    const { tokenizer, examples } = this.data;
    const generator = Generator.seeded(this.settings.seed);
    // A stream copies the parameters, so it is made again for each draw.
    if (model.stream === undefined && this.#scores?.rows !== count) {
      this.#scores?.dispose();
      this.#scores = nextTokenScores(model, { rows: count, compile });
    }
    const { val } = this.data;
    if (!isStream(val) && val.tokens.answers !== undefined) {
      const own = { lines: val.tokens, tokenizer, count, maxLength: LINE_TOKENS };
      return sampleAnswers(model, { ...own, compile, scores: this.#scores });
    }
    const { prompt, hidden, endToken } = samplePrompt({ model, tokenizer, examples });
    const maxLength = hidden + (examples === 'lines' ? LINE_TOKENS : BLOCK_TOKENS);
    const options = { count, generator, prompt, endToken, maxLength, compile };
    const sequences = sample(model, { ...options, scores: this.#scores });
    return sequences.map((tokens) => tokenizer.decode(tokens.slice(hidden)));
  }

  /** The model as a safetensors file, which `openModel` reads. */
  save(): Uint8Array<ArrayBuffer> {
    const { config, model, outcome } = this;
    const { modelStep: step, arithmetic } = outcome;
    const { tokenizer, examples } = this.data;
    const { answerAfter } = this.settings;
    const learned = { examples, answerAfter: answerAfter === 'none' ? undefined : answerAfter };
    return encodeModel({ config, model, tokenizer, ...learned, step, arithmetic });
  }

  /** Frees everything that it made. */
  dispose(): void {
    this.#scores?.dispose();
    this.optimizer.dispose();
    this.model.dispose();
  }
}

/** Data whose held-out lines are some that have that many tokens, about; all where that is 0, and of a stream, which is drawn from. */
function withSomeLines(data: PreparedData, tokens: number): PreparedData {
  if (data.examples === 'blocks' || tokens === 0) return data;
  return { ...data, val: { tokens: spreadLines(data.val.tokens, tokens) } };
}
