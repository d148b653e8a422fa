import type { PartState } from './checkpoint.js';
import { CheckpointError } from './checkpoint-error.js';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
import { isCount, isNumber, isRecord } from './json-checks.js';
import { RunningMean } from './running-mean.js';
import { variablesOf, type Trainable } from './trainable.js';
import type { EndReason, Metrics } from './training-event.js';

/** The parts of a checkpoint that belong to the loop itself. */
export interface RunParts {
  readonly progress: PartState;
  readonly best: PartState;
}

/** What the loop knows of a step beside its loss. */
interface MeasuredMetrics {
  readonly valLoss?: number | undefined;
  readonly stepsPerSecond: number;
  readonly learningRate: number;
}

/** Settings of {@link RunState}. */
export interface RunStateOptions extends EarlyStoppingOptions {
  readonly resumed?: RunParts | undefined;
}

/** How far a run is, and what it has measured. */
export class RunState {
  /** Steps done. */
  step = 0;
  /** Mean of all mini-batch losses so far. */
  loss = new RunningMean();
  /** Loss of the last mini-batch, before its step. */
  batchLoss = Number.NaN;
  readonly validations: EarlyStopping;

  /** @throws CheckpointError when the parts that it should go on from aren't those that {@link parts} gave */
  constructor(model: Trainable, { resumed, ...options }: RunStateOptions) {
    this.validations = new EarlyStopping(variablesOf(model), options);
    if (resumed !== undefined) this.#load(resumed);
  }

  /** Counts a step. */
  add(batchLoss: number): void {
    this.batchLoss = batchLoss;
    this.loss.add(batchLoss);
  }

  /** Why the run is over, if it is. */
  endBy(maxSteps: number, signal?: AbortSignal): Exclude<EndReason, 'failed'> | undefined {
    if (this.step >= maxSteps) return 'finished';
    if (this.validations.isOver) return 'no better';
    return signal?.aborted === true ? 'stopped' : undefined;
  }

  /** What is logged of the last step. */
  metrics(measured: MeasuredMetrics): Metrics {
    const { valLoss, stepsPerSecond, learningRate } = measured;
    return {
      step: this.step,
      trainLoss: this.loss.value,
      batchLoss: this.batchLoss,
      ...(valLoss !== undefined && { valLoss }),
      stepsPerSecond,
      learningRate,
    };
  }

  parts(): RunParts {
    const { step, batchLoss } = this;
    const values = { step, batchLoss: Number.isFinite(batchLoss) ? batchLoss : null };
    return {
      progress: { tensors: {}, values: { ...values, ...this.loss.state() } },
      best: this.validations.state(),
    };
  }

  #load({ progress, best }: RunParts): void {
    const { values } = progress;
    if (!isRecord(values)) throw new CheckpointError('its progress is no object');
    const { step, batchLoss, sum, count } = values;
    if (!isCount(step) || !isNumber(sum) || !isCount(count)) {
      throw new CheckpointError('its progress lacks the step or the sum of losses');
    }
    this.validations.load(best);
    this.step = step;
    this.batchLoss = isNumber(batchLoss) ? batchLoss : Number.NaN;
    this.loss = new RunningMean({ sum, count });
  }
}
