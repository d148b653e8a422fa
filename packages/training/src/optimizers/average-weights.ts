import { add, equal, scalar, tidy, variable, where, zerosLike } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Variable } from '@tensorflow/tfjs-core';
import { checkNumber } from '../checks.js';
import { loadVariables, matchVariables, readVariables } from '../state/variables.js';
import type { Optimizer, OptimizerState } from './optimizer.js';
import { SwappedValues } from './swapped-values.js';
import { lerp } from './update-rule.js';

/** Settings of {@link averageWeights}. */
export interface AverageOptions {
  /** Fraction of the mean that is kept from step to step, from 0 to below 1. 0.999 is a mean of some thousand steps. */
  readonly decay: number;
}

/** What the names of its state begin with. */
const PREFIX = 'average.';

/**
 * An optimizer that also keeps an exponential mean of the weights, `m ← m + (1 - decay) (w - m)`, which begins as the weights after
 * the first step: PyTorch's `AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))`. Steps are those of the optimizer; the model is
 * evaluated, sampled and saved with the mean ({@link Optimizer.toEvaluation}). Buffers, such as the statistics of a batch
 * norm, are those of training.
 *
 * Source: Polyak and Juditsky (1992), "Acceleration of Stochastic Approximation by Averaging".
 *
 * @param optimizer - is disposed of together with what this returns
 * @throws RangeError when decay is out of range, or the optimizer has weights for evaluation already
 */
export function averageWeights(optimizer: Optimizer, { decay }: AverageOptions): Optimizer {
  checkNumber('averageWeights: decay', decay, { least: 0, below: 1 });
  if (optimizer.toEvaluation !== undefined) {
    throw new RangeError(
      'averageWeights: the optimizer must be one without a mean of weights of its own; got one that has it',
    );
  }
  const { parameters } = optimizer;
  const means = parameters.map((parameter) => tidy(() => variable(zerosLike(parameter), false)));
  const steps = tidy(() => variable<Rank.R0>(scalar(0), false));
  const remembered = new Map<string, Variable>([
    [`${PREFIX}step`, steps],
    ...means.map((mean, i): [string, Variable] => [`${PREFIX}${i}`, mean]),
  ]);
  const swapped = new SwappedValues(parameters);

  const take = (): void => {
    const share = where<Scalar>(equal(steps, 0), scalar(1), scalar(1 - decay));
    for (const [i, mean] of means.entries()) {
      mean.assign(lerp(mean, parameters[i], share));
    }
    steps.assign(add<Scalar>(steps, 1));
  };

  const averaged: Optimizer = {
    parameters,
    get learningRate() {
      return optimizer.learningRate;
    },
    set learningRate(value) {
      optimizer.learningRate = value;
    },
    gradients: (loss) => optimizer.gradients(loss),
    ...(optimizer.directions && { directions: optimizer.directions }),
    update(gradients, directions) {
      optimizer.update(gradients, directions);
      tidy(take);
    },
    step: (loss) =>
      tidy(() => {
        const { loss: value, gradients } = averaged.gradients(loss);
        averaged.update(gradients);
        return value;
      }),
    toEvaluation() {
      if (steps.dataSync()[0] > 0) swapped.swap((i) => means[i].clone());
    },
    toTraining: () => swapped.swapBack(),
    state: () => ({ ...optimizer.state(), ...readVariables(remembered) }),
    load(state) {
      const [own, others] = partOf(state);
      matchVariables('averageWeights', remembered, own); // before the optimizer takes its part
      optimizer.load(others);
      loadVariables('averageWeights', remembered, own);
      swapped.forget();
    },
    identity: () => ({ ...Object(optimizer.identity?.() ?? {}), averageWeights: decay }) as object,
    dispose() {
      swapped.forget();
      for (const mean of remembered.values()) mean.dispose();
      optimizer.dispose();
    },
  };
  return averaged;
}

const isOwn = ([name]: [string, unknown]): boolean => name.startsWith(PREFIX);

/** What of a state is the means', and what the optimizer's. */
function partOf(state: OptimizerState): [own: OptimizerState, others: OptimizerState] {
  const entries = Object.entries(state);
  return [
    Object.fromEntries(entries.filter(isOwn)),
    Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
  ];
}
