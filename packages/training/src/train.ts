import type { Tensor2D } from '@tensorflow/tfjs-core';
import { breather } from './breather.js';
import { interpret } from './compile.js';
import { DivergenceError } from './divergence-error.js';
import { evaluate } from './evaluate.js';
import { RunningMean } from './running-mean.js';
import { StepRate } from './step-rate.js';
import { checkTrainOptions, type TrainOptions } from './train-options.js';
import { stepOf, trainStep } from './train-step.js';
import type { Trainable } from './trainable.js';
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
  const { model, optimizer, batches, maxSteps, signal } = options;
  const { validation = [], valInterval = 0, logInterval = 100, listeners = [] } = options;
  const { watchInterval = 0, sampleInterval = 0, drawSamples = () => [], config } = options;
  const emit = (event: TrainingEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const compile = options.compile ?? interpret;
  const stepOnBatch = compile(stepOf(model, optimizer));
  const logits = compile((tokens: Tensor2D) => model.logits(tokens));
  const watch = watchParameters(model, compile);
  const judged: Trainable = { parameters: () => model.parameters(), logits };
  const runningLoss = new RunningMean();
  const rate = new StepRate();
  const breathe = breather();
  let step = 0;
  let reason: EndReason = 'failed';

  emit({ type: 'start', maxSteps, ...(config !== undefined && { config }) });
  try {
    for (const batch of batches) {
      step++;
      if (watchInterval > 0 && (step === 1 || step === maxSteps || step % watchInterval === 0)) {
        emit({ type: 'watch', step, parameters: watch.look(batch) });
      }
      const batchLoss = trainStep(stepOnBatch, batch);
      if (!Number.isFinite(batchLoss)) {
        throw new DivergenceError(step, batchLoss, optimizer.learningRate);
      }
      runningLoss.add(batchLoss);
      rate.count();
      const trainLoss = runningLoss.value;
      emit({ type: 'step', step, batchLoss, trainLoss });

      let valLoss: number | undefined;
      if (valInterval > 0 && step % valInterval === 0) {
        const evaluation = await evaluate(judged, validation);
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
    logits.dispose();
    watch.dispose();
    emit({ type: 'end', step, reason });
  }
}
