import { mul, sub, tidy, variableGrads, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import { checkLearningRate } from './check-learning-rate.js';
import { LearningRate } from './learning-rate.js';
import type { Optimizer } from './optimizer.js';

/** Settings of {@link sgd}. */
export interface SgdOptions {
  readonly learningRate: number;
}

/**
 * Stochastic gradient descent, `w ← w - η ∂L/∂w`: `torch.optim.SGD(parameters, lr)`.
 *
 * Source: Robbins and Monro (1951), "A Stochastic Approximation Method".
 *
 * @throws RangeError when the learning rate isn't finite and above 0, or there are no parameters
 */
export function sgd(parameters: readonly Variable[], { learningRate }: SgdOptions): Optimizer {
  checkLearningRate('sgd', learningRate);
  if (parameters.length === 0) {
    throw new RangeError(
      'sgd: there must be at least one parameter; got none, pass model.parameters()',
    );
  }
  const rate = new LearningRate(learningRate);
  return {
    get learningRate() {
      return rate.value;
    },
    set learningRate(value) {
      rate.value = value;
    },
    step(loss): Scalar {
      return tidy(() => {
        const { value, grads } = variableGrads(loss, [...parameters]);
        for (const parameter of parameters) {
          parameter.assign(sub(parameter, mul(grads[parameter.name], rate.variable)));
        }
        return value;
      });
    },
    dispose() {
      rate.dispose();
    },
  };
}
