import type { Scalar } from '@tensorflow/tfjs-core';
import type { TensorData } from '@llm101/safetensors';

/** What an optimizer remembers, by PyTorch's names: `step`, and `0.exp_avg` for the first parameter. */
export type OptimizerState = Readonly<Record<string, TensorData>>;

/** Changes parameters so that a loss falls. */
export interface Optimizer {
  /** The factor of a step; it may be set between steps. Groups with a rate of their own keep their ratio to it. */
  learningRate: number;
  /**
   * Takes the gradients of `loss` and makes one step.
   *
   * @param loss - computes the loss from the parameters as they are
   * @returns the loss before the step; the caller disposes of it
   */
  step(loss: () => Scalar): Scalar;
  /** A copy of what is remembered between steps. */
  state(): OptimizerState;
  /**
   * Goes on from a state. Either all of it is taken or nothing.
   *
   * @throws RangeError when the state is that of another optimizer or of other parameters
   */
  load(state: OptimizerState): void;
  /** Frees what the optimizer remembers between steps. */
  dispose(): void;
}
