import type { Tensor } from '@tensorflow/tfjs-core';

/** A function of tensors that is run in some way of its own. */
export interface Compiled<Inputs extends readonly Tensor[], Output extends Tensor> {
  /** The caller disposes of the result. */
  (...inputs: Inputs): Output;
  /** Frees what it holds; the function can't be called after that. */
  dispose(): void;
}

/** Makes a function fast and keeps its results; `compile` of `@llm101/wasm` is one. */
export type Compile = <Inputs extends readonly Tensor[], Output extends Tensor>(
  step: (...inputs: Inputs) => Output,
) => Compiled<Inputs, Output>;

/** The way without a compiler: the function as it is. */
export const interpret: Compile = <Inputs extends readonly Tensor[], Output extends Tensor>(
  step: (...inputs: Inputs) => Output,
) => Object.assign((...inputs: Inputs) => step(...inputs), { dispose() {} });
