import type { AdamOptions } from './adam.js';
import { adamRule, type AdamSettings } from './adam-rule.js';
import { gradientOptimizer } from './gradient-optimizer.js';
import type { Optimizer } from './optimizer.js';
import type { ParameterList } from './parameter-group.js';

/**
 * Adam whose weight decay, 0.01 unless given, shrinks the parameters themselves: `torch.optim.AdamW(parameters, lr)`.
 *
 * Source: Loshchilov and Hutter (2017), "Decoupled Weight Decay Regularization", https://arxiv.org/abs/1711.05101.
 *
 * @throws RangeError when a setting is out of range, there are no parameters, or one is named twice
 */
export function adamw(
  parameters: ParameterList<AdamSettings>,
  { clipNorm, ...settings }: AdamOptions,
): Optimizer {
  return gradientOptimizer(rule, { parameters, settings, clipNorm });
}

const rule = adamRule('adamw', { decoupled: true, weightDecay: 0.01 });
