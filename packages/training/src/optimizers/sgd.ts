import { add, equal, mul, scalar, sub, where } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { checkNumber } from '../checks.js';
import { gradientOptimizer } from './gradient-optimizer.js';
import type { Optimizer, ParameterList } from './optimizer.js';
import { runFused, type Update, type UpdateRule } from './update-rule.js';

/** Settings of {@link sgd} that a group of parameters may have of its own. */
export interface SgdSettings {
  /** The step size, above 0; a schedule may change it. */
  readonly learningRate: number;
  /** Fraction of the velocity that is kept from step to step. Default: 0. */
  readonly momentum?: number;
  /** Fraction of a gradient that doesn't enter the velocity, but for the first step. Default: 0. */
  readonly dampening?: number;
  /** Whether the gradient is that of where the momentum leads. Default: false. */
  readonly nesterov?: boolean;
  /** Fraction of a parameter that is added to its gradient. Default: 0. */
  readonly weightDecay?: number;
}

/** Settings of {@link sgd}. */
export interface SgdOptions extends SgdSettings {
  /** Gradients are scaled so that their norm over all parameters is at most this. */
  readonly clipNorm?: number;
}

/**
 * Stochastic gradient descent, `w ← w - η ∂L/∂w`, with momentum if wanted: `torch.optim.SGD(parameters, lr)`.
 *
 * Source: Robbins and Monro (1951), "A Stochastic Approximation Method"; Sutskever et al. (2013), "On the importance of
 * initialization and momentum in deep learning".
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function sgd(
  parameters: ParameterList<SgdSettings>,
  { clipNorm, ...settings }: SgdOptions,
): Optimizer {
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

const rule: UpdateRule<SgdSettings> = {
  where: 'sgd',
  check({ momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 }) {
    checkNumber('sgd: momentum', momentum, { least: 0 });
    checkNumber('sgd: dampening', dampening, { least: 0 });
    checkNumber('sgd: weightDecay', weightDecay, { least: 0 });
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        `sgd: nesterov needs a momentum above 0 and no dampening; got momentum ${momentum} and dampening ${dampening}`,
      );
    }
  },
  slots: ({ momentum = 0 }) => (momentum > 0 ? ['momentum_buffer'] : []),
  update: (update) => (update.slots.length > 0 ? byMomentum(update) : [descend(update)]),
};

function descend(update: Update<SgdSettings>): Tensor {
  return sub(update.parameter, mul(decayed(update), update.rate));
}

function byMomentum(update: Update<SgdSettings>): Tensor[] {
  const { parameter, gradient, slots, rate, step, settings } = update;
  const { momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = settings;
  const [velocity] = slots;
  const fused = runFused({
    name: 'MomentumUpdate',
    inputs: { parameter, gradient, velocity, rate, step },
    attrs: { momentum, dampening, nesterov, weightDecay },
  });
  if (fused !== undefined) return fused;

  const g = decayed(update);
  const added = dampening === 0 ? g : mul(g, dampenedFraction(step, dampening));
  const next = add(mul(velocity, momentum), added);
  const direction = nesterov ? add(g, mul(next, momentum)) : next;
  return [sub(parameter, mul(direction, rate)), next];
}

/** The first velocity is the gradient, undampened. */
const dampenedFraction = (step: Scalar, dampening: number): Scalar =>
  where<Scalar>(equal(step, 1), scalar(1), scalar(1 - dampening));

function decayed({ parameter, gradient, settings }: Update<SgdSettings>): Tensor {
  const { weightDecay = 0 } = settings;
  return weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
}
