import type { Batch } from '@llm101/data';
import type { BetweenSteps } from './between.js';
import { checkNumber, checkWhole } from '../checks.js';
import type { Checkpoints } from '../checkpoints/checkpoints.js';
import type { Cut } from '../step/pieces.js';
import type { Compile } from '../step/compile.js';
import type { EvaluationData } from '../evaluation/evaluate.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Json } from '../state/checkpoint.js';
import type { Workers } from '../parallel/training-workers.js';
import type { Schedule } from '../optimizers/schedules.js';
import type { Trainable } from '../step/trainable.js';
import type { RunConfig, TrainingListener } from './training-event.js';

/** Settings of `train`. */
export interface TrainOptions {
  /** What is trained. */
  readonly model: Trainable;
  /** Takes a step by the loss's gradients. */
  readonly optimizer: Optimizer;
  /** At least `maxSteps` batches; `InfiniteLoader` has them. */
  readonly batches: Iterable<Batch>;
  /** Steps after which the run is over; those before it resumed count. */
  readonly maxSteps: number;
  /**
   * Runs of rows that each batch is cut into, whose gradients are computed apart and added up in order. Their number decides how
   * sums round, that of the workers that compute them doesn't. Default: 1.
   */
  readonly shards?: number;
  /**
   * Micro-batches that each shard is computed in, one after the other: a fraction of the memory, the same loss but for how sums round.
   * Default: 1.
   */
  readonly accumulate?: number;
  /**
   * Compute the shards beside this thread, and score validations: as many threads as there are shards take part in steps. They
   * make no difference to any number. Whoever has started them closes them. Default: none.
   */
  readonly workers?: Workers;
  /** The learning rate of each step. Default: the optimizer's as it is. */
  readonly schedule?: Schedule;
  /** What a validation is done on: batches, walked again each time, or counts. Needed for a `valInterval`. */
  readonly validation?: EvaluationData;
  /**
   * Batches of the training data that each validation scores first, to compare: `estimate_loss` of nanoGPT. With them there is a
   * validation before the first step too, which doesn't count for a patience. Default: none.
   */
  readonly trainEstimate?: EvaluationData | undefined;
  /** Steps from one validation to the next. Default: 0, no validation. */
  readonly valInterval?: number;
  /** Steps from one log event to the next. Default: 100. Validations and the last step are always logged. */
  readonly logInterval?: number;
  /** Steps between looks at parameters and gradients, besides the first and last step. Default: 0, none. */
  readonly watchInterval?: number;
  /** Steps between samples, besides the last step. Default: 0, none. */
  readonly sampleInterval?: number;
  /** Draws texts from the model as it is, with a generator of its own. Needed for a `sampleInterval`. */
  readonly drawSamples?: () => readonly string[];
  /**
   * Validations without a better loss after which the run ends. Default: 0, it continues. With a patience the model has the
   * weights of the best validation in the end, whatever ended the run.
   */
  readonly patience?: number;
  /** How much lower a validation's loss must be to be better, in nats. Default: 0. */
  readonly minDelta?: number;
  /** Called with every event, in order. */
  readonly listeners?: readonly TrainingListener[];
  /** What loggers write down of the run beside its metrics. */
  readonly config?: RunConfig;
  /** Saves the run while it trains, and resumes it where there are checkpoints already. */
  readonly checkpoints?: Pick<
    Checkpoints,
    'resume' | 'after' | 'save' | 'isWriting' | 'close' | 'outcome'
  > &
    Partial<Pick<Checkpoints, 'isDue'>>;
  /**
   * Compiles steps and validations: `compile` of `@llm101/wasm`, or for a GPU one whose functions answer later. Then a few steps are under way
   * at a time, and listeners learn of each a few steps late, with the same figures in the same order; an aborted signal ends the run after
   * those that are under way. Batches stay whole, without workers. Default: `interpret`.
   */
  readonly compile?: Compile;
  /** Ends the run after the current step, which is logged; one that is aborted already lets no step be done. */
  readonly signal?: AbortSignal;
  /**
   * Called before the first step and after each but the last, once all about it is known and logged; the run waits for its promise,
   * so that one which doesn't settle yet is a pause. Meanwhile other threads are idle and the weights are those of training: looks,
   * samples and evaluations that draw from generators of their own change no number of the run. Where the signal is aborted the run
   * waits no longer and ends without another step; an error ends it too. Default: nothing.
   */
  readonly between?: BetweenSteps;
  /**
   * Whether `between` is to be called after a step, asked once that has begun. Where steps are computed elsewhere each call waits for
   * them and brings the weights here. Default: after each step.
   */
  readonly isBetweenDue?: (step: number) => boolean;
}

/** @throws RangeError naming the first option that is out of range */
export function checkTrainOptions(options: TrainOptions): void {
  const { maxSteps, valInterval = 0, logInterval = 100, validation } = options;
  const { watchInterval = 0, sampleInterval = 0, drawSamples } = options;
  const { patience = 0, minDelta = 0 } = options;
  const { shards, accumulate } = cutOf(options);
  checkWhole('train: maxSteps', maxSteps, 1);
  checkWhole('train: shards', shards, 1);
  checkWhole('train: accumulate', accumulate, 1);
  checkWhole('train: valInterval', valInterval, 0);
  checkWhole('train: logInterval', logInterval, 1);
  checkWhole('train: watchInterval', watchInterval, 0);
  checkWhole('train: sampleInterval', sampleInterval, 0);
  checkWhole('train: patience', patience, 0);
  checkNumber('train: minDelta', minDelta, { least: 0 });
  if (valInterval > 0 && validation === undefined) {
    throw new RangeError(
      `train: a valInterval of ${valInterval} needs validation batches; got none, pass validation or valInterval: 0`,
    );
  }
  if (sampleInterval > 0 && drawSamples === undefined) {
    throw new RangeError(
      `train: a sampleInterval of ${sampleInterval} needs drawSamples; got none, pass it or sampleInterval: 0`,
    );
  }
  if (patience > 0 && valInterval === 0) {
    throw new RangeError(
      `train: a patience of ${patience} needs validations; got a valInterval of 0, pass another`,
    );
  }
}

/** How each batch is cut. */
export const cutOf = ({ shards = 1, accumulate = 1 }: Partial<Cut>): Cut => ({
  shards,
  accumulate,
});

/** Steps at which a schedule is asked for its rate, to tell it from another. */
const LOOKED_AT = [0, 1, 2, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6] as const;

/** What decides a run's steps among the options of `train`, and how they round. */
export function loopIdentity(
  { schedule, ...options }: Pick<TrainOptions, 'schedule' | 'shards' | 'accumulate'>,
  arithmetic: string | undefined,
): Json {
  const { shards, accumulate } = cutOf(options);
  const rates = schedule && LOOKED_AT.map((n) => [`step ${n + 1}`, rateAt(schedule, n)] as const);
  return {
    ...(rates && { learningRate: Object.fromEntries(rates) }),
    ...(arithmetic !== undefined && { arithmetic }),
    ...(shards !== 1 && { shards }), // not where it is 1: 0.1.0 has neither
    ...(accumulate !== 1 && { accumulate }),
  };
}

/** Null where a schedule of one's own, such as a table of rates, has none so late. */
function rateAt(schedule: Schedule, stepsDone: number): number | null {
  try {
    return schedule(stepsDone);
  } catch {
    return null;
  }
}
