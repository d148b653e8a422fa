import { adam, adamw, decayMatrices, type Optimizer, sgd } from '@llm101/training';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Settings } from '../settings/settings.js';

/** The optimizer that the settings name. */
export function makeOptimizer(parameters: readonly Variable[], settings: Settings): Optimizer {
  const { optimizer, lr: learningRate, momentum, nesterov, beta1, beta2, epsilon } = settings;
  const weightDecay = settings.weightDecay ?? (optimizer === 'adamw' ? 0.01 : 0);
  const groups = settings.decayMatrices
    ? decayMatrices(parameters, weightDecay)
    : [{ parameters, weightDecay }];
  const shared = { learningRate, ...(settings.clipNorm > 0 && { clipNorm: settings.clipNorm }) };
  switch (optimizer) {
    case 'sgd':
      return sgd(groups, { ...shared, momentum, nesterov });
    case 'adam':
      return adam(groups, { ...shared, betas: [beta1, beta2], epsilon });
    case 'adamw':
      return adamw(groups, { ...shared, betas: [beta1, beta2], epsilon });
    default:
      return optimizer satisfies never;
  }
}
