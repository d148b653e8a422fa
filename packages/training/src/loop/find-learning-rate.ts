import type { Batch } from '@llm101/data';
import { eventLoopYielder } from '../event-loop.js';
import { checkLearningRate, checkWhole } from '../checks.js';
import { interpret, type Compile } from '../step/compile.js';
import { loadVariables, readVariables, rememberUntrained } from '../state/variables.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { runOnBatch, runOnBatchLater, stepOf } from '../step/train-step.js';
import type { Trainable } from '../step/trainable.js';

/** Settings of {@link findLearningRate}. */
export interface FindLearningRateOptions {
  /** What is trained, and restored. */
  readonly model: Trainable;
  /** What trains it; its rate is set at each step. */
  readonly optimizer: Optimizer;
  /** At least `steps` batches; `InfiniteLoader` has them. */
  readonly batches: Iterable<Batch>;
  /** The first rate. Default: 1e-5. */
  readonly from?: number;
  /** The last rate. Default: 10. */
  readonly to?: number;
  /** Default: 200. */
  readonly steps?: number;
  /** Compiles the step. Default: `interpret`. */
  readonly compile?: Compile;
  /** Called after each step. */
  readonly onStep?: (point: RatePoint, step: number) => void;
  /** Ends the search after the current step. */
  readonly signal?: AbortSignal;
}

/** What {@link findLearningRate} measured. */
export interface LearningRateSearch {
  /** A step each. */
  readonly points: readonly RatePoint[];
  /** The rate at which the loss falls fastest; nothing where `finding` says why there is none. */
  readonly suggestion: number | undefined;
  readonly finding: RateFinding;
}

/**
 * What came of a search: the loss `falls`; it never does (`rises`); the model scores a batch as it did before, but for less
 * than the noise between batches (`unchanged`); the loss was NaN or twice the lowest before there were enough steps for a slope
 * (`diverges`); or there were too few in any case (`too few steps`).
 */
export type RateFinding = 'falls' | 'rises' | 'unchanged' | 'diverges' | 'too few steps';

/** How much of the smoothed loss is kept from step to step. */
const SMOOTHING = 0.95;
/** Times the lowest smoothed loss at which there is nothing more to see. */
const TOO_HIGH = 2;

/**
 * Trains with a rate that grows from step to step by the same factor, and says where the loss falls fastest. Model and
 * optimizer are afterwards as they were, whatever ended the search; the batches are used up.
 *
 * Losses are smoothed by an exponential mean without its bias to the start. The search ends early where the loss is NaN
 * or twice the lowest.
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
  const restore = remember(model, optimizer);
  const step = compile(stepOf(model, optimizer), { rehearse: 'sometimes' });
  const yieldToOthers = eventLoopYielder();
  const readLater = step.readLater?.bind(step);
  const lossOn = async (batch: Batch): Promise<number> =>
    (readLater === undefined
      ? runOnBatch(step, batch)
      : await runOnBatchLater(readLater, batch))[0];
  const effectOn = async (batch: Batch): Promise<number> => {
    await step.sync?.();
    const [parameters, trained] = [parametersOf(model), readVariables(parametersOf(model))];
    restore(); // dropouts draw the same for both
    loadVariables('findLearningRate', parameters, trained);
    const after = await lossOn(batch);
    await step.sync?.();
    restore();
    return Math.abs(after - (await lossOn(batch)));
  };
  const points: RatePoint[] = [];
  let mean = 0;
  let lowest = Infinity;
  let hasDiverged = false;
  let effect = Infinity;
  try {
    for (const batch of batches) {
      const learningRate = from * (to / from) ** (points.length / (steps - 1));
      optimizer.learningRate = learningRate;
      const batchLoss = await lossOn(batch);
      mean = SMOOTHING * mean + (1 - SMOOTHING) * batchLoss;
      const loss = mean / (1 - SMOOTHING ** (points.length + 1));
      hasDiverged = !(loss < TOO_HIGH * lowest);
      if (hasDiverged) break;
      lowest = Math.min(lowest, loss);
      const point = { learningRate, loss, batchLoss };
      points.push(point);
      onStep?.(point, points.length);
      await yieldToOthers();
      if (points.length < steps && signal?.aborted !== true) continue;
      effect = await effectOn(batch);
      break;
    }
    step.rehearse?.();
  } finally {
    await step.sync?.().catch(() => {}); // so that it is seen what is to be restored
    step.dispose();
    restore();
  }
  if (points.length === 0) {
    throw new RangeError(
      'findLearningRate: the loss of the first batch must be a finite number; got none, check model and batches',
    );
  }
  const finding = findingOf(points, { hasDiverged, effect });
  return { points, finding, suggestion: finding === 'falls' ? steepestRate(points) : undefined };
}

function findingOf(
  points: readonly RatePoint[],
  { hasDiverged, effect }: { readonly hasDiverged: boolean; readonly effect: number },
): RateFinding {
  if (points.length < 2 * REACH + 1) return hasDiverged ? 'diverges' : 'too few steps';
  if (effect <= noiseOf(points)) return 'unchanged';
  return steepestRate(points) === undefined ? 'rises' : 'falls';
}

/**
 * How much smoothed losses differ by chance, from batch to batch: by the median difference of neighbours, which a trend or a
 * few large losses leave as it is, as for a normal distribution.
 */
function noiseOf(points: readonly RatePoint[]): number {
  const differences = points
    .slice(1)
    .map(({ batchLoss }, i) => Math.abs(batchLoss - points[i].batchLoss))
    .sort((a, b) => a - b);
  const deviation = (differences.at(differences.length >> 1) ?? 0) / 0.954;
  return deviation * Math.sqrt((1 - SMOOTHING) / (1 + SMOOTHING));
}

type Parameters = ReadonlyMap<string, ReturnType<Trainable['parameters']>[number]>;

const parametersOf = (model: Trainable): Parameters =>
  new Map(model.parameters().map((variable, i) => [String(i), variable]));

function remember(model: Trainable, optimizer: Optimizer): () => void {
  const parameters = parametersOf(model);
  const weights = readVariables(parameters);
  const state = optimizer.state();
  const { learningRate } = optimizer;
  const restoreUntrained = rememberUntrained();
  return () => {
    loadVariables('findLearningRate', parameters, weights);
    restoreUntrained();
    optimizer.load(state);
    optimizer.learningRate = learningRate;
  };
}

/** A step with a rate of its own. Losses are in nats. */
export interface RatePoint {
  /** That of the step. */
  readonly learningRate: number;
  /** Smoothed over the steps so far. */
  readonly loss: number;
  /** Loss of the step's mini-batch. */
  readonly batchLoss: number;
}

/** Points that a slope is taken over, before and after its own. */
const REACH = 5;

/**
 * The rate at which the loss falls fastest, per factor of the rate: the least slope of losses over the logarithm of rates,
 * each by least squares over eleven points, up to the lowest loss.
 *
 * @returns nothing where the loss never falls, or there are too few points
 */
export function steepestRate(points: readonly RatePoint[]): number | undefined {
  const losses = points.map(({ loss }) => loss);
  const lowest = losses.indexOf(losses.reduce((a, b) => Math.min(a, b), Infinity));
  let best: number | undefined;
  let least = 0;
  for (let i = REACH; i <= lowest - 1 && i + REACH < points.length; i++) {
    const slope = slopeAt(points.slice(i - REACH, i + REACH + 1));
    if (slope >= least) continue;
    least = slope;
    best = points[i].learningRate;
  }
  return best;
}

/** Of the loss over ln(rate), by least squares. */
function slopeAt(points: readonly RatePoint[]): number {
  const xs = points.map(({ learningRate }) => Math.log(learningRate));
  const meanX = xs.reduce((a, b) => a + b) / xs.length;
  const meanY = points.reduce((sum, { loss }) => sum + loss, 0) / points.length;
  let products = 0;
  let squares = 0;
  for (const [i, x] of xs.entries()) {
    products += (x - meanX) * (points[i].loss - meanY);
    squares += (x - meanX) ** 2;
  }
  return products / squares;
}
