import type { CheckpointsOutcome } from '../checkpoints/checkpoints.js';
import type { EarlierArithmetic } from '../checkpoints/earlier-arithmetic.js';
import type { Best } from './early-stopping.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { WatchedParameter } from '../watch/watch-parameters.js';

/** What is written down at a step: a line of `metrics.jsonl`. Losses are in nats. */
export interface Metrics {
  /** Steps done. */
  readonly step: number;
  /** Mean of all mini-batch losses so far. */
  readonly trainLoss: number;
  /** Loss of this step's mini-batch, before the step. */
  readonly batchLoss: number;
  /** Of the validation at this step, if there was one. */
  readonly valLoss?: number;
  /** Of the batches of training data that the validation scored too, if it did. */
  readonly trainEstimate?: number;
  /** Fraction of whole answers that the validation found right, where lines have answers. */
  readonly valAnswerAccuracy?: number;
  /** Since the log before: the time of validations counts, what is done `between` steps doesn't. */
  readonly stepsPerSecond: number;
  /** The optimizer's at this step. */
  readonly learningRate: number;
}

/** How a run ended: all steps done, no better validation within its patience, stopped by its signal, or by an error. */
export type EndReason = 'finished' | 'no better' | 'stopped' | 'failed';

/** The settings of a run: names and values that JSON can hold. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** What happens in a run: start, then watch, step, validating, validation, samples and log as they come, then end. */
export type TrainingEvent =
  /** `step` is 0; in a resumed run, the steps done before. */
  | {
      readonly type: 'start';
      readonly step: number;
      readonly maxSteps: number;
      readonly config?: RunConfig;
      /** How its steps round, as their compiler says. */
      readonly arithmetic?: string;
      /** How those before it resumed rounded, where otherwise: it goes on on another device. */
      readonly earlier?: readonly EarlierArithmetic[];
    }
  /** Parameters and gradients before the step; only where a `watchInterval` asks for them. */
  | {
      readonly type: 'watch';
      readonly step: number;
      readonly parameters: readonly WatchedParameter[];
    }
  | {
      readonly type: 'step';
      readonly step: number;
      readonly batchLoss: number;
      readonly trainLoss: number;
    }
  /** The windows or contexts of a validation that are scored, and their total where it is known; several times in each. */
  | {
      readonly type: 'validating';
      readonly step: number;
      readonly scored: number;
      readonly total: number | undefined;
    }
  /** `trainEstimate` is the loss on batches of training data, where they are scored too. */
  | {
      readonly type: 'validation';
      readonly step: number;
      readonly evaluation: Evaluation;
      readonly trainEstimate?: number;
    }
  | { readonly type: 'log'; readonly metrics: Metrics }
  /** Texts drawn from the model after the step; only where a `sampleInterval` asks for them. */
  | { readonly type: 'samples'; readonly step: number; readonly texts: readonly string[] }
  /**
   * `restored` is the validation whose weights the model has now, where a patience was given; `checkpoints` says what was
   * saved, where checkpoints were given. `modelStep` is there where the model has seen other steps than `step`: of a run that failed and whose
   * steps were computed elsewhere, some may have been under way, or what they changed may be lost.
   */
  | {
      readonly type: 'end';
      readonly step: number;
      readonly reason: EndReason;
      readonly restored?: Best;
      readonly modelStep?: number;
      readonly checkpoints?: CheckpointsOutcome;
    };

/** Called with every event, at once and in order; an error it throws ends the run. */
export type TrainingListener = (event: TrainingEvent) => void;

/**
 * A listener whose errors don't end the run: the first is reported, the others are ignored. It gets later events all the
 * same, so that a log whose disk was full for a while continues; one that can't be opened gets none.
 *
 * @param open - makes the listener; it is called at once
 * @param onError - called with the first error
 */
export function nonFatal(
  open: () => TrainingListener,
  onError: (error: unknown) => void,
): TrainingListener {
  let hasFailed = false;
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      if (!hasFailed) onError(error);
      hasFailed = true;
      return undefined;
    }
  };
  const listener = attempt(open);
  return (event) => attempt(() => listener?.(event));
}
