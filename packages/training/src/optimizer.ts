import type { Scalar } from '@tensorflow/tfjs-core';

/** Changes parameters so that a loss falls. */
export interface Optimizer {
  /** The factor of a step; it may be set between steps. */
  learningRate: number;
  /**
   * Takes the gradients of `loss` and makes one step.
   *
   * @param loss - computes the loss from the parameters as they are
   * @returns the loss before the step; the caller disposes of it
   */
  step(loss: () => Scalar): Scalar;
  /** Frees what the optimizer remembers between steps. */
  dispose(): void;
}
