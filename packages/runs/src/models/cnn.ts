import { CNN, cnnParameterCount } from '@llm101/models';
import { mlp } from './mlp.js';

/** The lecture's convolutional network; it has the sizes of the MLP, and learns from the same windows. */
export const cnn: typeof mlp = {
  ...mlp,
  make: (sizes, generator) => new CNN(sizes, generator),
  parameterCount: cnnParameterCount,
  rowSize: ({ contextSize: T, dEmbed: C, dHidden: H }) => ({
    tokens: T,
    embedded: T * C,
    hidden: (T - 1) * H, // T/2 + T/4 + … + 1 columns
  }),
  multiplications: ({ vocabSize: V, contextSize: T, dEmbed: C, dHidden: H }) =>
    T * C * H + (T / 2 - 1) * 2 * H * H + H * V, // T/2 columns of the first layer, then T/4 + … + 1
};
