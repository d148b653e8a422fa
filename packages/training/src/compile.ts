import type { Tensor } from '@tensorflow/tfjs-core';

/** A function of tensors that makes one tensor. */
export type TensorFunction = (...inputs: never[]) => Tensor;

/** The same function made fast, until it is disposed of. */
export type Compiled<F extends TensorFunction> = F & {
  /** Frees what it holds; the function can't be called after that. */
  dispose(): void;
};

/** Makes a function fast and keeps its results; `compile` of `@llm101/wasm` is one. */
export type Compile = <F extends TensorFunction>(f: F) => Compiled<F>;

/** The way without a compiler: the function itself. */
export const interpret: Compile = (f) =>
  Object.assign((...inputs: never[]) => f(...inputs), { dispose() {} }) as Compiled<typeof f>;
