import type { Tensor2D } from '@tensorflow/tfjs-core';
import { breather } from './breather.js';
import { interpret } from './compile.js';
import { DivergenceError } from './divergence-error.js';
import { evaluate } from './evaluate.js';
import { RunState } from './run-state.js';
import { StepRate } from './step-rate.js';
import { checkTrainOptions, type TrainOptions } from './train-options.js';
import { stepOf, trainStep } from './train-step.js';
import type { Trainable } from './trainable.js';
import type { EndReason, Metrics, TrainingEvent } from './training-event.js';

/**
 * The lecture's loop: a batch, its loss, a step of the optimizer; now and then a validation, a line in the log and a
 * checkpoint.
 *
 * @returns what was logged last
 * @throws RangeError when an option is out of range, or the batches end before `maxSteps`
 * @throws DivergenceError when a loss is NaN or infinite, naming the step
 */
export async function train(options: TrainOptions): Promise<Metrics> {
  checkTrainOptions(options);
  const { model, optimizer, batches, maxSteps, schedule, checkpoints, signal } = options;
  const { validation = [], valInterval = 0, logInterval = 100, listeners = [] } = options;
  const emit = (event: TrainingEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const compile = options.compile ?? interpret;
  const stepOnBatch = compile(stepOf(model, optimizer));
  const logits = compile((tokens: Tensor2D) => model.logits(tokens));
  const judged: Trainable = { parameters: () => model.parameters(), logits };
  const run = new RunState(model, options);
  const rate = new StepRate();
  const breathe = breather(() => checkpoints?.isWriting === true);
  let metrics = run.metrics({ stepsPerSecond: 0, learningRate: optimizer.learningRate });
  let reason: EndReason = 'failed';

  emit({ type: 'start', step: run.step, maxSteps });
  try {
    let end = run.endBy(maxSteps);
    for (const batch of end === undefined ? batches : []) {
      if (schedule !== undefined) optimizer.learningRate = schedule(run.step);
      const step = ++run.step;
      const batchLoss = trainStep(stepOnBatch, batch);
      const { learningRate } = optimizer;
      if (!Number.isFinite(batchLoss)) throw new DivergenceError(step, batchLoss, learningRate);
      run.add(batchLoss);
      rate.count();
      emit({ type: 'step', step, batchLoss, trainLoss: run.loss.value });

      let valLoss: number | undefined;
      let isBest = false;
      if (valInterval > 0 && step % valInterval === 0) {
        const evaluation = await evaluate(judged, validation);
        valLoss = evaluation.loss;
        isBest = run.validations.add(step, valLoss);
        emit({ type: 'validation', step, evaluation });
      }

      await breathe(); // here a signal is heard
      end = run.endBy(maxSteps, signal);
      const isLast = end !== undefined;
      if (isLast || valLoss !== undefined || step % logInterval === 0) {
        metrics = run.metrics({ valLoss, stepsPerSecond: rate.read(), learningRate });
        emit({ type: 'log', metrics });
      }
      await checkpoints?.after(run, { isBest, isLast });
      if (isLast) break;
    }
    if (end === undefined) {
      throw new RangeError(
        `train: there must be ${maxSteps} batches; got ${run.step}, repeat them with InfiniteLoader`,
      );
    }
    reason = end;
    return metrics;
  } finally {
    const restored = run.validations.restore();
    stepOnBatch.dispose();
    logits.dispose();
    await checkpoints?.settle();
    emit({ type: 'end', step: run.step, reason, ...(restored && { restored }) });
  }
}
