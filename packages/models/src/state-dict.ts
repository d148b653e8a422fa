import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { TensorData } from '@llm101/safetensors';
import type { Module } from './module.js';

/** Tensors by PyTorch's names, `linear1.weight`, in PyTorch's layouts. */
export type StateDict = Readonly<Record<string, TensorData>>;

/** A copy of a model's parameters, `model.state_dict()`; `writeSafetensors` makes a file of it. */
export function stateDict(model: Module): StateDict {
  const state: Record<string, TensorData> = {};
  for (const [name, parameter] of model.namedParameters()) {
    const data = Float32Array.from(parameter.dataSync());
    state[name] = { dtype: 'F32', shape: parameter.shape, data };
  }
  return state;
}

/**
 * Gives a model the values of a state, `model.load_state_dict(state)`. Either all parameters change or none.
 *
 * @throws RangeError when a parameter is missing or has another shape or type, or the state holds one too many
 */
export function loadStateDict(model: Module, state: StateDict): void {
  const parameters = model.namedParameters();
  const matched = [...parameters].map(([name, parameter]) => match(name, parameter, state));
  const extra = Object.keys(state).filter((name) => !parameters.has(name));
  if (extra.length > 0) {
    throw new RangeError(
      `loadStateDict: the model has no ${extra.join(', ')}; make it with the class and sizes it was saved with`,
    );
  }
  for (const { parameter, data } of matched) {
    tidy(() => parameter.assign(tensor(data, parameter.shape, 'float32')));
  }
}

function match(name: string, parameter: Variable, state: StateDict) {
  const saved = Object.hasOwn(state, name) ? state[name] : undefined;
  const wanted = `F32 [${parameter.shape.join(', ')}]`;
  const found = saved === undefined ? 'nothing' : `${saved.dtype} [${saved.shape.join(', ')}]`;
  if (saved?.dtype !== 'F32' || found !== wanted) {
    throw new RangeError(
      `loadStateDict: ${name} must be ${wanted}; got ${found}; make the model with the class and sizes it was saved with`,
    );
  }
  return { parameter, data: saved.data };
}
