import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { TensorData } from '@llm101/safetensors';

/** Float32 variables by name. */
type NamedVariables = ReadonlyMap<string, Variable>;

/** A copy of variables' values, by their names. */
export function readVariables(variables: NamedVariables): Record<string, TensorData> {
  const state: Record<string, TensorData> = {};
  for (const [name, variable] of variables) {
    const data = Float32Array.from(variable.dataSync());
    state[name] = { dtype: 'F32', shape: [...variable.shape], data };
  }
  return state;
}

/**
 * Gives variables the values of a state: all of them, or none when it throws.
 *
 * @param where - who is told about in errors
 * @throws RangeError when a variable is missing or has another shape or type, or the state holds one too many
 */
export function loadVariables(
  where: string,
  variables: NamedVariables,
  state: Readonly<Record<string, TensorData>>,
): void {
  const matched = [...variables].map(([name, variable]) => {
    const saved = Object.hasOwn(state, name) ? state[name] : undefined;
    const wanted = `F32 [${variable.shape.join(', ')}]`;
    const found = saved === undefined ? 'nothing' : `${saved.dtype} [${saved.shape.join(', ')}]`;
    if (saved?.dtype !== 'F32' || found !== wanted) {
      throw new RangeError(
        `${where}: ${name} of a state must be ${wanted}; got ${found}; load what the same optimizer of the same parameters gave`,
      );
    }
    return { variable, data: saved.data };
  });
  const extra = Object.keys(state).find((name) => !variables.has(name));
  if (extra !== undefined) {
    throw new RangeError(
      `${where}: a state must hold nothing else than ${[...variables.keys()].join(', ') || 'no tensor'}; got ${extra}; ` +
        'load what the same optimizer of the same parameters gave',
    );
  }
  for (const { variable, data } of matched) {
    // A copy, as tfjs may keep the array it is given.
    tidy(() => variable.assign(tensor(data.slice(), variable.shape, 'float32')));
  }
}
