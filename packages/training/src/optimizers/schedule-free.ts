import {
  add,
  div,
  equal,
  maximum,
  mul,
  pow,
  scalar,
  sqrt,
  square,
  sub,
  where,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { type AdamSettings, numbersOf, oneMinusPower } from './adam.js';
import { checkNumber } from '../checks.js';
import { gradientOptimizer } from './gradient-optimizer.js';
import type { Optimizer, ParameterList } from './optimizer.js';
import { runFused, type Remembered, type Update, type UpdateRule } from './update-rule.js';

/** Settings of {@link scheduleFreeAdamW} that a group of parameters may have of its own. */
export interface ScheduleFreeSettings extends AdamSettings {
  /** Default: 0. */
  readonly weightDecay?: number;
  /** A step weighs by this power of its number in the mean of weights. Default: 0. */
  readonly stepPower?: number;
  /** A step weighs by this power of the highest rate so far. Default: 2. */
  readonly ratePower?: number;
}

/** Settings of {@link scheduleFreeAdamW}. */
export interface ScheduleFreeOptions extends ScheduleFreeSettings {
  /** Gradients are scaled so that their norm over all parameters is at most this. */
  readonly clipNorm?: number;
}

/**
 * AdamW without a schedule: instead of letting the rate fall it takes the mean of the weights on the way. Gradients are those at
 * `y = (1 - β1) z + β1 x`, which the parameters hold in training, steps change `z`, and `x` is the mean of `z`, by which the model is
 * evaluated and saved ({@link Optimizer.toEvaluation}). A warm-up helps, no other schedule does. `AdamWScheduleFree(parameters, lr)`
 * of the Python package `schedulefree`.
 *
 * Source: Defazio et al. (2024), "The Road Less Scheduled", https://arxiv.org/abs/2405.15682.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function scheduleFreeAdamW(
  parameters: ParameterList<ScheduleFreeSettings>,
  { clipNorm, ...settings }: ScheduleFreeOptions,
): Optimizer {
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

const rule: UpdateRule<ScheduleFreeSettings> = {
  where: 'scheduleFreeAdamW',
  check({ betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, ...settings }) {
    const { weightDecay = 0, stepPower = 0, ratePower = 2 } = settings;
    checkNumber('scheduleFreeAdamW: betas[0]', beta1, { above: 0, below: 1 });
    checkNumber('scheduleFreeAdamW: betas[1]', beta2, { least: 0, below: 1 });
    checkNumber('scheduleFreeAdamW: epsilon', epsilon, { least: 0 });
    checkNumber('scheduleFreeAdamW: weightDecay', weightDecay, { least: 0 });
    checkNumber('scheduleFreeAdamW: stepPower', stepPower, { least: 0 });
    checkNumber('scheduleFreeAdamW: ratePower', ratePower, { least: 0 });
  },
  slots: () => ['z', 'exp_avg_sq'],
  scalars: () => ['weight_sum', 'lr_max'],
  update,
  evaluation(remembered) {
    const [beta1] = remembered.settings.betas ?? [0.9];
    const { parameter } = remembered;
    return add(parameter, mul(sub(startedAt(remembered, 0), parameter), 1 - 1 / beta1));
  },
};

function update(update: Update<ScheduleFreeSettings>): Tensor[] {
  const { scalars, rate, step, settings } = update;
  const { stepPower = 0, ratePower = 2 } = settings;
  const [weightSum, highest] = scalars;
  const rateMax = maximum<Scalar>(highest, rate);
  const weight = mul<Scalar>(power(step, stepPower), power(rateMax, ratePower));
  const sum = add<Scalar>(weightSum, weight);
  const share = div<Scalar>(weight, sum);
  return [...(fused(update, share) ?? composed(update, share)), sum, rateMax];
}

function fused(update: Update<ScheduleFreeSettings>, share: Scalar): Tensor[] | undefined {
  const { parameter, gradient, slots, rate, step, settings } = update;
  const [z, second] = slots;
  const inputs = { parameter, gradient, z, second, rate, step, share };
  const attrs = numbersOf(settings, { weightDecay: 0 });
  return runFused({ name: 'ScheduleFreeUpdate', inputs, attrs });
}

// In the order of the Python package, whose float64 scalars are float32 here.
function composed(update: Update<ScheduleFreeSettings>, share: Scalar): Tensor[] {
  const { parameter: y, gradient, slots, rate, step, settings } = update;
  const { beta1, beta2, epsilon, weightDecay } = numbersOf(settings, { weightDecay: 0 });
  const z = startedAt(update, 1);
  const second = add(mul(slots[1], beta2), mul(square(gradient), 1 - beta2));
  const root = add(sqrt(div(second, oneMinusPower(beta2, step))), epsilon);
  const change = add(div(gradient, root), mul(y, weightDecay));
  const nearer = add(y, mul(sub(z, y), share));
  const pull = mul(rate, sub(mul(sub(1, share), beta1), 1));
  return [add(nearer, mul(change, pull)), sub(z, mul(change, rate)), second];
}

/**
 * z, which begins as the parameter.
 *
 * @param first - the number of the step until which it isn't known yet
 */
function startedAt({ parameter, slots: [z], step }: Remembered<unknown>, first: number): Tensor {
  const isUnknown = where<Scalar>(equal(step, first), scalar(1), scalar(0));
  return add(z, mul(sub(parameter, z), isUnknown));
}

function power(x: Scalar, exponent: number): Scalar {
  if (exponent === 0) return scalar(1);
  if (exponent === 1) return x;
  return exponent === 2 ? square(x) : pow(x, scalar(exponent));
}
