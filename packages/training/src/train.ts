import { breather } from './breather.js';
import { interpret } from './compile.js';
import { DivergenceError } from './divergence-error.js';
import { evaluator } from './evaluate.js';
import { NanLossError } from './nan-loss-error.js';
import { RunningMean } from './running-mean.js';
import { StepRate } from './step-rate.js';
import { checkTrainOptions, type TrainOptions } from './train-options.js';
import { stepOf, trainStep } from './train-step.js';
import { watchParameters } from './watch-parameters.js';
import type { EndReason, Metrics, TrainingEvent } from './training-event.js';

/**
 * The lecture's loop: a batch, its loss, a step of the optimizer; now and then a validation and a line in the log.
 *
 * @returns what was logged last
 * @throws RangeError when an option is out of range, or the batches end before `maxSteps`
 * @throws DivergenceError when a loss is NaN or infinite, naming the step
 */
export async function train(options: TrainOptions): Promise<Metrics> {
  checkTrainOptions(options);
  const { model, optimizer, batches, maxSteps, schedule, signal } = options;
  const { validation = [], valInterval = 0, logInterval = 100, listeners = [] } = options;
  const { watchInterval = 0, sampleInterval = 0, drawSamples = () => [], config } = options;
  const emit = (event: TrainingEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const compile = options.compile ?? interpret;
  const stepOnBatch = compile(stepOf(model, optimizer));
  const judge = evaluator(model, compile);
  const runningLoss = new RunningMean();
  const rate = new StepRate();
  const breathe = breather();
  let step = 0;
  let unlogged: Omit<Metrics, 'stepsPerSecond'> | undefined;
  let reason: EndReason = 'failed';
  // What a learning rate does shows in the steps before it breaks: the last of them is logged too.
  const diverge = (loss: number): never => {
    if (unlogged !== undefined) {
      emit({ type: 'log', metrics: { ...unlogged, stepsPerSecond: rate.read() } });
    }
    throw new DivergenceError(step, loss, optimizer.learningRate);
  };

  emit({ type: 'start', maxSteps, ...(config !== undefined && { config }) });
  try {
    for (const batch of batches) {
      if (schedule !== undefined) optimizer.learningRate = schedule(step);
      step++;
      if (watchInterval > 0 && (step === 1 || step === maxSteps || step % watchInterval === 0)) {
        emit({ type: 'watch', step, parameters: watchParameters(model, batch) });
      }
      const batchLoss = trainStep(stepOnBatch, batch);
      if (!Number.isFinite(batchLoss)) diverge(batchLoss);
      runningLoss.add(batchLoss);
      rate.count();
      const trainLoss = runningLoss.value;
      emit({ type: 'step', step, batchLoss, trainLoss });
      unlogged = { step, trainLoss, batchLoss, learningRate: optimizer.learningRate };

      let valLoss: number | undefined;
      if (valInterval > 0 && step % valInterval === 0) {
        const evaluation = await judge.evaluate(validation).catch((error: unknown) => {
          throw error instanceof NanLossError ? diverge(NaN) : error;
        });
        valLoss = evaluation.loss;
        emit({ type: 'validation', step, evaluation });
      }

      await breathe(); // here a signal is heard
      const stopped = signal?.aborted === true;
      const isLast = stopped || step === maxSteps;
      if (sampleInterval > 0 && (isLast || step % sampleInterval === 0)) {
        emit({ type: 'samples', step, texts: drawSamples() });
      }
      if (isLast || valLoss !== undefined || step % logInterval === 0) {
        const metrics: Metrics = {
          step,
          trainLoss,
          batchLoss,
          ...(valLoss !== undefined && { valLoss }),
          stepsPerSecond: rate.read(),
          learningRate: optimizer.learningRate,
        };
        emit({ type: 'log', metrics });
        unlogged = undefined;
        if (isLast) {
          reason = step === maxSteps ? 'finished' : 'stopped';
          return metrics;
        }
      }
    }
    throw new RangeError(
      `train: there must be ${maxSteps} batches; got ${step}, repeat them with InfiniteLoader`,
    );
  } finally {
    stepOnBatch.dispose();
    judge.dispose();
    emit({ type: 'end', step, reason });
  }
}
