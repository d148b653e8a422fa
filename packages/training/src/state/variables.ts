import { tensor, tidy, engine, type Variable } from '@tensorflow/tfjs-core';
import type { TensorData } from '@llm101/safetensors';

/** Float32 and int32 variables by name. */
export type NamedVariables = ReadonlyMap<string, Variable>;

/** A copy of variables' values, by their names. */
export function readVariables(variables: NamedVariables): Record<string, TensorData> {
  const state: Record<string, TensorData> = {};
  for (const [name, variable] of variables) state[name] = tensorData(variable);
  return state;
}

/**
 * Gives variables the values of a state: all of them, or none when it throws.
 *
 * @param where - named in errors
 * @throws RangeError when a variable is missing or has another shape or type, or the state holds one too many
 */
export function loadVariables(
  where: string,
  variables: NamedVariables,
  state: Readonly<Record<string, TensorData>>,
): void {
  for (const { variable, data } of matchVariables(where, variables, state)) {
    // A copy, as tfjs may keep the array it is given.
    tidy(() => variable.assign(tensor(data.slice(), variable.shape, variable.dtype)));
  }
}

/**
 * The values of a state beside the variables they are for; nothing changes.
 *
 * @throws RangeError as {@link loadVariables}
 */
export function matchVariables(
  where: string,
  variables: NamedVariables,
  state: Readonly<Record<string, TensorData>>,
): { readonly variable: Variable; readonly data: Float32Array | Int32Array }[] {
  const hint = 'load what was saved by the same settings';
  const matched = [...variables].map(([name, variable]) => {
    const saved = Object.hasOwn(state, name) ? state[name] : undefined;
    const wanted = `${dtypeOf(variable)} [${variable.shape.join(', ')}]`;
    const found = saved === undefined ? 'nothing' : `${saved.dtype} [${saved.shape.join(', ')}]`;
    if (found !== wanted || (saved?.dtype !== 'F32' && saved?.dtype !== 'I32')) {
      throw new RangeError(`${where}: ${name} of a state must be ${wanted}; got ${found}; ${hint}`);
    }
    return { variable, data: saved.data };
  });
  const extra = Object.keys(state).find((name) => !variables.has(name));
  if (extra !== undefined) {
    throw new RangeError(
      `${where}: a state must hold nothing else than ${[...variables.keys()].join(', ') || 'no tensor'}; ` +
        `got ${extra}; ${hint}`,
    );
  }
  return matched;
}

function tensorData(variable: Variable): TensorData {
  const shape = [...variable.shape];
  const values = variable.dataSync();
  return dtypeOf(variable) === 'I32'
    ? { dtype: 'I32', shape, data: Int32Array.from(values) }
    : { dtype: 'F32', shape, data: Float32Array.from(values) };
}

const dtypeOf = ({ dtype }: Variable): 'I32' | 'F32' => (dtype === 'int32' ? 'I32' : 'F32');

/**
 * Remembers every variable that isn't trained, such as the counter of a dropout, which a forward pass changes.
 *
 * @returns a function that restores them
 */
export function rememberUntrained(): () => void {
  const before = Object.values(engine().registeredVariables)
    .filter(({ trainable }) => !trainable)
    .map((state) => ({ state, values: state.dataSync().slice() }));
  return () => {
    for (const { state, values } of before) {
      const after = state.dataSync();
      if (values.every((value, i) => Object.is(value, after[i]))) continue;
      tidy(() => state.assign(tensor(values, state.shape, state.dtype)));
    }
  };
}
