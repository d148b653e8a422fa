import type { Batch } from '@llm101/data';
import { breather } from './breather.js';
import { checkLearningRate } from './check-learning-rate.js';
import { checkWhole } from './check-whole.js';
import { interpret, type Compile } from './compile.js';
import { loadVariables, readVariables } from './named-variables.js';
import type { Optimizer } from './optimizer.js';
import { rememberUntrained } from './remember-untrained.js';
import { steepestRate, type RatePoint } from './steepest-rate.js';
import { stepOf, trainStep } from './train-step.js';
import type { Trainable } from './trainable.js';

/** Settings of {@link findLearningRate}. */
export interface FindLearningRateOptions {
  /** What is trained, and put back. */
  readonly model: Trainable;
  /** What trains it; its rate is set at each step. */
  readonly optimizer: Optimizer;
  /** At least `steps` batches; `InfiniteLoader` has them. */
  readonly batches: Iterable<Batch>;
  /** The first rate; 1e-5 unless given. */
  readonly from?: number;
  /** The last rate; 10 unless given. */
  readonly to?: number;
  /** 200 unless given. */
  readonly steps?: number;
  /** The way to run the step; unless given, as it is. */
  readonly compile?: Compile;
  /** Told of each step. */
  readonly onStep?: (point: RatePoint, step: number) => void;
  /** Ends the search after the step at hand. */
  readonly signal?: AbortSignal;
}

/** What {@link findLearningRate} measured. */
export interface LearningRateSearch {
  /** A step each. */
  readonly points: readonly RatePoint[];
  /** The rate at which the loss falls fastest; nothing where it never falls. */
  readonly suggestion: number | undefined;
}

/** How much of the smoothed loss is kept from step to step. */
const SMOOTHING = 0.95;
/** Times the lowest smoothed loss at which there is nothing more to see. */
const TOO_HIGH = 2;

/**
 * Trains with a rate that grows from step to step by the same factor, and says where the loss falls fastest. Model and
 * optimizer are afterwards as they were, whatever ended the search; the batches are used up.
 *
 * Losses are smoothed by an exponential mean without its bias to the start. The search ends early where the loss is no
 * number any more or twice the lowest.
 *
 * Source: Smith (2015), "Cyclical Learning Rates for Training Neural Networks", section 3.3,
 * https://arxiv.org/abs/1506.01186.
 *
 * @throws RangeError when an option is out of range, or the batches end
 */
export async function findLearningRate(
  options: FindLearningRateOptions,
): Promise<LearningRateSearch> {
  const { model, optimizer, batches, from = 1e-5, to = 10, steps = 200 } = options;
  const { compile = interpret, onStep, signal } = options;
  checkLearningRate('findLearningRate', from);
  checkWhole('findLearningRate: steps', steps, 2);
  if (!(to > from && Number.isFinite(to))) {
    throw new RangeError(`findLearningRate: to must be above from, ${from}; got ${to}`);
  }
  const putBack = remember(model, optimizer);
  const step = compile(stepOf(model, optimizer));
  const breathe = breather();
  const points: RatePoint[] = [];
  let mean = 0;
  let lowest = Infinity;
  try {
    for (const batch of batches) {
      const learningRate = from * (to / from) ** (points.length / (steps - 1));
      optimizer.learningRate = learningRate;
      const batchLoss = trainStep(step, batch);
      mean = SMOOTHING * mean + (1 - SMOOTHING) * batchLoss;
      const loss = mean / (1 - SMOOTHING ** (points.length + 1));
      if (!(loss < TOO_HIGH * lowest)) break;
      lowest = Math.min(lowest, loss);
      const point = { learningRate, loss, batchLoss };
      points.push(point);
      onStep?.(point, points.length);
      await breathe();
      if (points.length === steps || signal?.aborted === true) break;
    }
  } finally {
    step.dispose();
    putBack();
  }
  if (points.length === 0) {
    throw new RangeError(
      'findLearningRate: the loss of the first batch must be a finite number; got none, check model and batches',
    );
  }
  return { points, suggestion: steepestRate(points) };
}

function remember(model: Trainable, optimizer: Optimizer): () => void {
  const parameters = new Map(model.parameters().map((variable, i) => [String(i), variable]));
  const weights = readVariables(parameters);
  const state = optimizer.state();
  const { learningRate } = optimizer;
  const putBackUntrained = rememberUntrained();
  return () => {
    loadVariables('findLearningRate', parameters, weights);
    putBackUntrained();
    optimizer.load(state);
    optimizer.learningRate = learningRate;
  };
}
