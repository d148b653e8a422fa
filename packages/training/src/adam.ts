import { gradientOptimizer } from './gradient-optimizer.js';
import { adamRule, type AdamSettings } from './adam-rule.js';
import type { Optimizer } from './optimizer.js';
import type { ParameterList } from './parameter-group.js';

/** Settings of {@link adam} and `adamw`. */
export interface AdamOptions extends AdamSettings {
  /** Gradients are scaled so that their norm over all parameters is at most this. */
  readonly clipNorm?: number;
}

/**
 * Adam, steps by the mean of past gradients over the root of their mean square: `torch.optim.Adam(parameters, lr)`.
 * Weight decay, 0 unless given, is added to the gradients.
 *
 * Source: Kingma and Ba (2014), "Adam: A Method for Stochastic Optimization", https://arxiv.org/abs/1412.6980.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function adam(
  parameters: ParameterList<AdamSettings>,
  { clipNorm, ...settings }: AdamOptions,
): Optimizer {
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

const rule = adamRule('adam', { decoupled: false, weightDecay: 0 });
