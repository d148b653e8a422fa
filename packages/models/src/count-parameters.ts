import type { Variable } from '@tensorflow/tfjs-core';

/** How many numbers training can change in a model: 10,443 in the lecture's first MLP. */
export function countParameters(model: { parameters(): Variable[] }): number {
  return model.parameters().reduce((sum, { size }) => sum + size, 0);
}
