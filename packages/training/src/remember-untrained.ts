import { engine, tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * Remembers every variable that isn't trained, such as the counter of a dropout, which a forward pass changes on its way.
 *
 * @returns gives them back what they had
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
