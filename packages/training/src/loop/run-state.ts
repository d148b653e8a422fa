import type { CheckpointedRun } from '../checkpoints/checkpoints.js';
import type { RunParts } from '../checkpoints/load-newest.js';
import { CheckpointError } from '../state/checkpoint.js';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
import { isCount, isNumber, isRecord } from '../checks.js';
import { RunningMean, StepRate } from './meters.js';
import { variablesOf, type Trainable } from '../step/trainable.js';
import type { EndReason, Metrics } from './training-event.js';

/** What a validation gives. */
export type ValidationLosses = Pick<Metrics, 'valLoss' | 'trainEstimate' | 'valAnswerAccuracy'>;

/** Settings of {@link RunState}. */
export interface RunStateOptions extends EarlyStoppingOptions {
  readonly resumed?: RunParts | undefined;
}

/** How far a run is, and what it has measured. */
export class RunState implements CheckpointedRun {
  /** Steps started; between two steps, steps done. */
  step = 0;
  /** Mean of all mini-batch losses so far. */
  loss = new RunningMean();
  readonly validations: EarlyStopping;
  /** Whether a step was done that isn't logged yet. */
  hasUnlogged = false;
  readonly #rate = new StepRate();
  /** Of the last step done, with the losses of its validation. */
  #latest: Omit<Metrics, 'stepsPerSecond'>;
  #logged: Metrics | undefined;

  /** @throws CheckpointError when the parts that it should resume from aren't those that {@link parts} gave */
  constructor(model: Trainable, { resumed, ...options }: RunStateOptions) {
    this.validations = new EarlyStopping(variablesOf(model), options);
    this.#latest = { step: 0, trainLoss: NaN, batchLoss: NaN, learningRate: NaN };
    if (resumed !== undefined) this.#load(resumed);
  }

  /**
   * Counts the current step.
   *
   * @param batchLoss - loss of its mini-batch, before the step
   */
  add(batchLoss: number, learningRate: number): void {
    this.loss.add(batchLoss);
    this.#rate.count();
    this.#latest = { step: this.step, trainLoss: this.loss.value, batchLoss, learningRate };
    this.hasUnlogged = true;
  }

  /** Has a pause not count for the rate of steps, in milliseconds. */
  leaveOut(ms: number): void {
    this.#rate.leaveOut(ms);
  }

  /** Why the run is over, if it is. */
  endBy(maxSteps: number, signal?: AbortSignal): Exclude<EndReason, 'failed'> | undefined {
    if (this.step >= maxSteps) return 'finished';
    if (this.validations.isOver) return 'no better';
    return signal?.aborted === true ? 'stopped' : undefined;
  }

  /** What is to be logged of the last step done. */
  log(losses?: ValidationLosses): Metrics {
    this.#latest = { ...this.#latest, ...losses };
    this.#logged = this.#metrics(this.#rate.read());
    this.hasUnlogged = false;
    return this.#logged;
  }

  /** What was logged last; before the first log, what is known of a resumed run. */
  get logged(): Metrics {
    return this.#logged ?? this.#metrics(0);
  }

  get bestStep(): number | undefined {
    return this.validations.best?.step;
  }

  parts(): RunParts {
    const { trainLoss: _, batchLoss, learningRate, ...latest } = this.#latest;
    const values = { ...latest, batchLoss: orNull(batchLoss), learningRate: orNull(learningRate) };
    return {
      progress: { tensors: {}, values: { ...values, ...this.loss.state() } },
      best: this.validations.state(),
    };
  }

  #metrics(stepsPerSecond: number): Metrics {
    const { learningRate, ...latest } = this.#latest;
    return { ...latest, stepsPerSecond, learningRate };
  }

  #load({ progress, best }: RunParts): void {
    const { values } = progress;
    if (!isRecord(values)) throw new CheckpointError("its progress isn't an object");
    const { step, batchLoss, learningRate, sum, count } = values;
    const { valLoss, trainEstimate, valAnswerAccuracy } = values;
    if (!isCount(step) || !isNumber(sum) || !isCount(count)) {
      throw new CheckpointError('its progress lacks the step or the sum of losses');
    }
    this.validations.load(best);
    this.step = step;
    this.loss = new RunningMean({ sum, count });
    this.#latest = {
      step,
      trainLoss: this.loss.value,
      batchLoss: orNaN(batchLoss),
      ...(isNumber(valLoss) && { valLoss }),
      ...(isNumber(trainEstimate) && { trainEstimate }),
      ...(isNumber(valAnswerAccuracy) && { valAnswerAccuracy }),
      learningRate: orNaN(learningRate),
    };
  }
}

/** JSON has no NaN. */
const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
const orNaN = (value: unknown): number => (isNumber(value) ? value : NaN);
