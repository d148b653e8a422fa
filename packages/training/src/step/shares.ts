import type { Variable } from '@tensorflow/tfjs-core';
import type { Directions } from '../optimizers/optimizer.js';

/** One of the threads that take a step together. */
export interface ThreadOf {
  /** From 0 on. */
  readonly thread: number;
  readonly threads: number;
}

/** The parameters whose directions each thread computes: the dearest first, each for the thread that has least to do. */
export function sharesOf({ costs }: Pick<Directions, 'costs'>, threads: number): Variable[][] {
  const shares = Array.from({ length: threads }, () => ({ cost: 0, parameters: [] as Variable[] }));
  for (const [parameter, cost] of [...costs].sort(([, a], [, b]) => b - a)) {
    const least = shares.reduce((a, b) => (b.cost < a.cost ? b : a));
    least.cost += cost;
    least.parameters.push(parameter);
  }
  return shares.map(({ parameters }) => parameters);
}
