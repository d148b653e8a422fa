import type { Batch } from '@llm101/data';
import { eventLoopYielder } from '../event-loop.js';
import { waitBetween } from './between.js';
import { interpret, type Compile } from '../step/compile.js';
import { stepsHere, type Steps } from '../step/steps.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Trainable } from '../step/trainable.js';
import { evaluator, NanLossError } from '../evaluation/evaluate.js';
import type { Evaluation, EvaluationData } from '../evaluation/evaluate.js';
import { RunState, type ValidationLosses } from './run-state.js';
import { checkTrainOptions, cutOf, loopIdentity, type TrainOptions } from './train-options.js';
import { checkWorkers } from '../parallel/training-workers.js';
import { dueOf } from './due.js';
import { takeSteps } from './take-steps.js';
import { watchGradients, watchParameters } from '../watch/watch-parameters.js';
import type { ParameterWatch } from '../watch/watch-parameters.js';
import type { EndReason, Metrics, TrainingListener } from './training-event.js';

/** The losses of a validation that was done. */
type Losses = ValidationLosses & { readonly valLoss: number };

/** What is known of a step that was done. */
interface Recorded {
  readonly losses?: Losses | undefined;
  readonly isBest?: boolean;
  readonly isLast: boolean;
}

/**
 * The lecture's loop: a batch, its loss, a step of the optimizer; now and then a validation, a line in the log and a
 * checkpoint.
 *
 * @returns what was logged last
 * @throws RangeError when an option is out of range, or the batches end before `maxSteps`
 * @throws DivergenceError when a loss is NaN or infinite, naming the step
 * @throws WorkerError when a worker fails, has ended, or was made by other settings than this thread's
 */
export async function train(options: TrainOptions): Promise<Metrics> {
  checkTrainOptions(options);
  const { model, optimizer, batches, maxSteps, schedule, checkpoints, config, signal } = options;
  const { between } = options;
  const { validation = [], trainEstimate, valInterval = 0 } = options;
  const { sampleInterval = 0, drawSamples = () => [], patience = 0 } = options;
  const { compile = interpret } = options;
  const { emit, throwLate } = listenersOf(options.listeners ?? []);
  const workers = options.workers && checkWorkers('train', options.workers);
  optimizer.toTraining?.();
  const replica = { model, optimizer, compile };
  const cut = cutOf(options);
  const steps = workers?.stepsOn(replica, cut) ?? stepsHere(replica, cut);
  const { arithmetic } = steps;
  const validator = evaluator(model, compile, workers);
  const due = dueOf(options);
  const resumed = await checkpoints?.resume(loopIdentity(options, arithmetic));
  const run = await opened(checkpoints, () => new RunState(model, { ...options, resumed }));
  const watch = watchOf(steps, model, compile);
  const progress = { begun: run.step, seen: run.step };
  /** Sees to it that the tensors of the model have seen all steps that have begun; where these are computed here, they have. */
  const settle = async (): Promise<void> => {
    await steps.sync?.();
    progress.seen = progress.begun;
  };
  const weights = weightsOf(optimizer, { settle, load: () => workers?.loadTrained(model) });
  const yieldToOthers = eventLoopYielder(() => checkpoints?.isWriting === true);
  const validate = async (step: number): Promise<Losses> => {
    await weights.toEvaluation();
    const measure = (data: EvaluationData): Promise<Evaluation> =>
      validator.evaluate(data, (scored, total) =>
        emit({ type: 'validating', step, scored, total }),
      );
    const estimate = trainEstimate && {
      trainEstimate: (await measure(trainEstimate)).loss,
    };
    const evaluation = await measure(validation);
    emit({ type: 'validation', step, evaluation, ...estimate });
    if (patience > 0) await settle(); // the best weights are kept
    const { loss: valLoss, answerAccuracy } = evaluation;
    return {
      valLoss,
      ...estimate,
      ...(answerAccuracy !== undefined && { valAnswerAccuracy: answerAccuracy }),
    };
  };
  let sampledAt = -1;
  const record = async ({ losses, isBest = false, isLast }: Recorded): Promise<void> => {
    const { step } = run;
    if (isLast) steps.rehearse();
    if (sampleInterval > 0 && step !== sampledAt && (isLast || due.sample(step))) {
      sampledAt = step;
      await settle();
      await weights.toEvaluation();
      emit({ type: 'samples', step, texts: drawSamples() });
    }
    await weights.toTraining();
    if (run.hasUnlogged && (isLast || losses !== undefined || due.log(step))) {
      emit({ type: 'log', metrics: run.log(losses) });
    }
    if (isLast || isBest || due.save(step)) await settle();
    await checkpoints?.after(run, { isBest, isLast });
  };
  const look = async (step: number, batch: Batch): Promise<void> => {
    await settle();
    const parameters = await (watch.lookLater?.(batch) ?? watch.look(batch));
    emit({ type: 'watch', step, parameters });
  };
  const prepare = (step: number, batch: Batch): number | Promise<number> => {
    if (schedule !== undefined) optimizer.learningRate = schedule(step - 1);
    const { learningRate } = optimizer;
    if (steps.sync === undefined) run.step = step;
    const looked = due.watch(step) ? look(step, batch) : undefined;
    progress.begun = step;
    return looked === undefined ? learningRate : looked.then(() => learningRate);
  };
  let reason: EndReason = 'failed';

  try {
    emit({
      type: 'start',
      step: run.step,
      maxSteps,
      ...(config !== undefined && { config }),
      ...(arithmetic !== undefined && { arithmetic }),
      ...(resumed?.earlier && { earlier: resumed.earlier }),
    });
    let end = run.endBy(maxSteps, signal);
    if (between !== undefined && end === undefined) {
      await waitBetween(between, { run, checkpoints, signal });
      end = run.endBy(maxSteps, signal);
    }
    if (trainEstimate !== undefined && valInterval > 0 && end === undefined && run.step === 0) {
      const losses = await validate(0);
      const learningRate = schedule?.(0) ?? optimizer.learningRate;
      emit({ type: 'log', metrics: firstMetrics(losses, learningRate) });
      await weights.toTraining();
      end = run.endBy(maxSteps, signal);
    }
    const taken = takeSteps(end === undefined ? batches : [], {
      steps,
      done: run.step,
      prepare,
      mustSettle: (step) => due.settle(step),
      isOver: () => end !== undefined,
    });
    for await (const { step, batchLoss, learningRate, isSettled } of taken) {
      run.step = step;
      if (!Number.isFinite(batchLoss)) throw new DivergenceError(step, batchLoss, learningRate);
      run.add(batchLoss, learningRate);
      emit({ type: 'step', step, batchLoss, trainLoss: run.loss.value });

      const losses = due.validate(step) ? await validate(step) : undefined;
      const isBest = losses !== undefined && run.validations.add(step, losses.valLoss);

      await yieldToOthers(); // signals arrive here
      throwLate();
      end = run.endBy(maxSteps, signal);
      await record({ losses, isBest, isLast: end !== undefined && isSettled });
      if (between !== undefined && end === undefined && due.between(step)) {
        await settle();
        await waitBetween(between, { run, checkpoints, signal });
        end = run.endBy(maxSteps, signal);
        if (end !== undefined) await record({ isLast: true });
      }
      if (end !== undefined && isSettled) break;
    }
    if (end === undefined) throw tooFewBatches(maxSteps, run.step);
    await checkpoints?.close();
    throwLate();
    reason = end;
    return run.logged;
  } catch (error) {
    if (!(error instanceof DivergenceError || error instanceof NanLossError)) throw error;
    // The steps before show what the learning rate did: the last of them is logged too.
    if (run.hasUnlogged) emit({ type: 'log', metrics: run.log() });
    if (error instanceof DivergenceError) throw error;
    throw new DivergenceError(run.step, NaN, optimizer.learningRate);
  } finally {
    if (reason === 'failed') await settle().catch(() => {}); // the model then has what was brought last
    optimizer.toEvaluation?.();
    const restored = run.validations.restore();
    steps.dispose();
    validator.dispose();
    watch.dispose();
    if (reason === 'failed') await checkpoints?.close().catch(() => {}); // the error that led here says more
    const saved = checkpoints && { checkpoints: checkpoints.outcome };
    const { step } = run;
    const isElsewhere = steps.sync !== undefined && progress.seen !== step;
    const seen = isElsewhere && { modelStep: progress.seen };
    emit({ type: 'end', step, reason, ...(restored && { restored }), ...seen, ...saved });
  }
}

/** What is logged before the first step: the loss of training batches is that of the estimate. */
function firstMetrics(losses: Losses, learningRate: number): Metrics {
  const { trainEstimate: trainLoss = NaN } = losses;
  return { step: 0, trainLoss, batchLoss: trainLoss, ...losses, stepsPerSecond: 0, learningRate };
}

/** Sees the gradients of steps as they are: where batches are cut, piece by piece. */
function watchOf(steps: Steps, model: Trainable, compile: Compile): ParameterWatch {
  if (steps.gradients === undefined) return watchParameters(model, compile);
  return {
    ...watchGradients(model, (batch) => steps.gradients?.(batch) ?? new Map()),
    dispose() {},
  };
}

/** Gives the model the weights to evaluate by and those to train on, and the replicas that train too; nothing where they are the same. */
function weightsOf(
  optimizer: Optimizer,
  { settle, load }: { settle: () => Promise<void>; load: () => Promise<void> | undefined },
): { toEvaluation(): Promise<void>; toTraining(): Promise<void> } {
  let isTraining = true;
  const change = async (to: 'toEvaluation' | 'toTraining'): Promise<void> => {
    if (optimizer[to] === undefined || isTraining === (to === 'toTraining')) return;
    isTraining = !isTraining;
    await settle();
    optimizer[to]();
    await load();
  };
  return { toEvaluation: () => change('toEvaluation'), toTraining: () => change('toTraining') };
}

/** Makes something of checkpoints that are open; they are closed if that fails. */
async function opened<T>(checkpoints: TrainOptions['checkpoints'], make: () => T): Promise<T> {
  try {
    return make();
  } catch (error) {
    await checkpoints?.close();
    throw error;
  }
}

/** All listeners as one. An error that one gives by a promise, as an async function does, ends the run a little later. */
function listenersOf(listeners: readonly TrainingListener[]): {
  readonly emit: TrainingListener;
  readonly throwLate: () => void;
} {
  let late: { readonly error: unknown } | undefined;
  return {
    emit(event) {
      for (const listener of listeners) {
        const result: unknown = listener(event);
        if (result instanceof Promise) result.catch((error: unknown) => (late ??= { error }));
      }
    },
    throwLate() {
      if (late !== undefined) throw late.error;
    },
  };
}

const tooFewBatches = (maxSteps: number, found: number): RangeError =>
  new RangeError(
    `train: there must be ${maxSteps} batches; got ${found}, repeat them with InfiniteLoader`,
  );

/** The loss is no longer finite: the steps were too large. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  /** Where it happened. */
  readonly step: number;
  /** NaN or an infinity. */
  readonly loss: number;

  constructor(step: number, loss: number, learningRate: number) {
    super(
      `train: the loss must be finite; got ${loss} at step ${step}; lower the learning rate (it is ${learningRate})`,
    );
    this.step = step;
    this.loss = loss;
  }
}
