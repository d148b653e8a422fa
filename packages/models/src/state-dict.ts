import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { TensorData } from '@llm101/safetensors';
import type { Module } from './module.js';

/** Tensors by PyTorch's names, `linear1.weight`, in PyTorch's layouts. */
export type StateDict = Readonly<Record<string, TensorData>>;

/**
 * A copy of a model's parameters and buffers, `model.state_dict()`; `writeSafetensors` makes a file of it. Counts are I64,
 * as PyTorch has them.
 */
export function stateDict(model: Module): StateDict {
  const state: Record<string, TensorData> = {};
  for (const [name, variable] of variablesOf(model)) state[name] = save(variable);
  return state;
}

/**
 * Sets a model to a state, `model.load_state_dict(state)`. Either all parameters and buffers change or none.
 *
 * @throws RangeError naming every tensor that is missing, has another shape or type, or that the model lacks
 */
export function loadStateDict(model: Module, state: StateDict): void {
  const variables = variablesOf(model);
  const problems = [
    ...[...variables].flatMap(([name, variable]) => misfit(name, variable, state)),
    ...Object.keys(state).flatMap((name) =>
      variables.has(name) ? [] : `the model has no ${name}`,
    ),
  ];
  if (problems.length > 0) {
    throw new RangeError(
      `loadStateDict: ${problems.join('; ')}; make the model with the class and sizes it was saved with`,
    );
  }
  for (const [name, variable] of variables) {
    const values = numbersOf(state[name]);
    tidy(() => variable.assign(tensor(values, variable.shape, variable.dtype)));
  }
}

const variablesOf = (model: Module): Map<string, Variable> =>
  new Map([...model.namedParameters(), ...model.namedBuffers()]);

function save(variable: Variable): TensorData {
  const { shape } = variable;
  if (dtypeOf(variable) === 'F32') {
    return { dtype: 'F32', shape, data: new Float32Array(variable.dataSync()) };
  }
  return { dtype: 'I64', shape, data: BigInt64Array.from(variable.dataSync(), BigInt) };
}

function numbersOf({ dtype, data }: TensorData): Float32Array | Int32Array {
  return dtype === 'F32' ? data : Int32Array.from(data, Number);
}

/** What is wrong with the tensor of a variable, if anything. */
function misfit(name: string, variable: Variable, state: StateDict): string[] {
  const saved = Object.hasOwn(state, name) ? state[name] : undefined;
  const wanted = `${dtypeOf(variable)} [${variable.shape.join(', ')}]`;
  const found = saved === undefined ? 'nothing' : `${saved.dtype} [${saved.shape.join(', ')}]`;
  if (saved === undefined || found !== wanted) return [`${name} must be ${wanted}; got ${found}`];
  if (saved.dtype !== 'I64') return [];
  const large = saved.data.find((value) => value !== BigInt.asIntN(32, value));
  return large === undefined ? [] : [`${name} must be within 32 bits; got ${large}`];
}

/** How a variable is stored in a file; tfjs' int32 is int64 in PyTorch. */
const dtypeOf = ({ dtype }: Variable): 'F32' | 'I64' => (dtype === 'float32' ? 'F32' : 'I64');
