import { CNN, cnnParameterCount, type ModelSizes } from '@llm101/models';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { windowExamples, type WindowSettings } from './windows.js';
import type { ModelKind } from './model-kind.js';

/** The settings that {@link cnn} reads. */
export interface CnnSettings extends WindowSettings {
  readonly dEmbed: number;
  readonly dHidden: number;
}

/** The lecture's convolutional network. */
export const cnn: ModelKind<ModelSizes, CnnSettings> = {
  reads: { contextSize: true, dEmbed: true, dHidden: true, batchSize: true },
  sizes: z.object({
    vocabSize: z.int(),
    contextSize: z.int(),
    dEmbed: z.int(),
    dHidden: z.int(),
  }),
  sizesOf({ contextSize, dEmbed, dHidden }, vocabSize) {
    if (contextSize < 2 || !Number.isInteger(Math.log2(contextSize))) {
      const below = 2 ** Math.max(1, Math.floor(Math.log2(contextSize)));
      throw new UserError(
        `--context-size of cnn must be a power of two of at least 2, as each layer halves it; got ${contextSize}, try ${below} or ${below * 2}`,
        { keys: ['contextSize', 'model'] },
      );
    }
    return { vocabSize, contextSize, dEmbed, dHidden };
  },
  make: (sizes, generator) => new CNN(sizes, generator),
  parameterCount: cnnParameterCount,
  rowSize: ({ contextSize: T, dEmbed: C, dHidden: H }) => ({
    tokens: T,
    embedded: T * C,
    hidden: (T - 1) * H, // T/2 + T/4 + … + 1 columns
  }),
  embedded: ({ vocabSize: V, dEmbed: C }) => V * C,
  products: ({ vocabSize: V, contextSize: T, dEmbed: C, dHidden: H }) => ({
    layers: T * C * H + (T / 2 - 1) * 2 * H * H, // T/2 columns of the first layer, then T/4 + … + 1
    attention: 0,
    head: H * V,
  }),
  examples: windowExamples,
};
