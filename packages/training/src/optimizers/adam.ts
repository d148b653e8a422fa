import { add, div, exp, mul, neg, sqrt, square, sub, tanh } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { gradientOptimizer } from './gradient-optimizer.js';
import type { Optimizer, ParameterList } from './optimizer.js';
import { checkNumber } from '../checks.js';
import { runFused, type Update, type UpdateRule } from './update-rule.js';

/** Settings of Adam that a group of parameters may have of its own. */
export interface AdamSettings {
  /** The step size, above 0; a schedule may change it. */
  readonly learningRate: number;
  /** Decay rates of the running means of the gradient and of its square. Default: [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the mean square. Default: 1e-8. */
  readonly epsilon?: number;
  /** λ. Default: 0 for Adam, 0.01 for AdamW. */
  readonly weightDecay?: number;
}

/** Settings of {@link adam} and `adamw`. */
export interface AdamOptions extends AdamSettings {
  /** Gradients are scaled so that their norm over all parameters is at most this. */
  readonly clipNorm?: number;
}

/**
 * Adam, steps by the mean of past gradients over the root of their mean square: `torch.optim.Adam(parameters, lr)`.
 * Weight decay is added to the gradients.
 *
 * Source: Kingma and Ba (2014), "Adam: A Method for Stochastic Optimization", https://arxiv.org/abs/1412.6980.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function adam(
  parameters: ParameterList<AdamSettings>,
  { clipNorm, ...settings }: AdamOptions,
): Optimizer {
  const rule = adamRule('adam', { decoupled: false, weightDecay: 0 });
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

/**
 * Adam whose weight decay shrinks the parameters themselves: `torch.optim.AdamW(parameters, lr)`.
 *
 * Source: Loshchilov and Hutter (2017), "Decoupled Weight Decay Regularization", https://arxiv.org/abs/1711.05101.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function adamw(
  parameters: ParameterList<AdamSettings>,
  { clipNorm, ...settings }: AdamOptions,
): Optimizer {
  const rule = adamRule('adamw', { decoupled: true, weightDecay: 0.01 });
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

/** What differs between Adam and AdamW. */
interface AdamVariant {
  /** Whether weight decay shrinks the parameters (AdamW) or is added to the gradients. */
  readonly decoupled: boolean;
  /** Default of the setting. */
  readonly weightDecay: number;
}

/** The rule of Adam, or of AdamW. */
export function adamRule(where: string, variant: AdamVariant): UpdateRule<AdamSettings> {
  return {
    where,
    check({ betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 }) {
      for (const [i, beta] of betas.entries()) {
        checkNumber(`${where}: betas[${i}]`, beta, { least: 0, below: 1 });
      }
      checkNumber(`${where}: epsilon`, epsilon, { least: 0 });
      checkNumber(`${where}: weightDecay`, weightDecay, { least: 0 });
    },
    slots: () => ['exp_avg', 'exp_avg_sq'],
    update: (update) => fused(update, variant) ?? composed(update, variant),
  };
}

function fused(update: Update<AdamSettings>, variant: AdamVariant): Tensor[] | undefined {
  const { parameter, gradient, slots, rate, step, settings } = update;
  const { beta1, beta2, epsilon, weightDecay } = numbersOf(settings, variant);
  const [first, second] = slots;
  return runFused({
    name: 'AdamUpdate',
    inputs: { parameter, gradient, first, second, rate, step },
    attrs: { beta1, beta2, epsilon, weightDecay, decoupled: variant.decoupled },
  });
}

// In the order of PyTorch's _single_tensor_adam, so that roundings are the same where they can be.
function composed(update: Update<AdamSettings>, variant: AdamVariant): Tensor[] {
  const { parameter, gradient, slots, rate, step, settings } = update;
  const { beta1, beta2, epsilon, weightDecay } = numbersOf(settings, variant);
  let [w, g]: Tensor[] = [parameter, gradient];
  if (weightDecay > 0 && variant.decoupled) w = mul(w, sub(1, mul(rate, weightDecay)));
  if (weightDecay > 0 && !variant.decoupled) g = add(g, mul(w, weightDecay));

  const first = add(slots[0], mul(sub(g, slots[0]), 1 - beta1));
  const second = add(mul(slots[1], beta2), mul(square(g), 1 - beta2));
  const stepSize = div(rate, oneMinusPower(beta1, step));
  const root = div(sqrt(second), sqrt(oneMinusPower(beta2, step)));
  return [sub(w, mul(div(first, add(root, epsilon)), stepSize)), first, second];
}

/**
 * `1 - β^n`, as `-tanh(n ln β / 2) (1 + e^(n ln β))`: at the first steps `β^n` is near 1, and the difference from it would
 * have lost four digits.
 */
export function oneMinusPower(beta: number, n: Scalar): Scalar {
  const x = mul(n, Math.log(beta));
  return mul<Scalar>(neg(tanh(mul(x, 0.5))), add(exp(x), 1));
}

/** The settings, defaults filled in. */
export function numbersOf(
  { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, weightDecay }: AdamSettings,
  variant: Pick<AdamVariant, 'weightDecay'>,
) {
  return { beta1, beta2, epsilon, weightDecay: weightDecay ?? variant.weightDecay };
}
