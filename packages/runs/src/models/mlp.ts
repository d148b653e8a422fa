import { MLP, mlpParameterCount, type ModelSizes } from '@llm101/models';
import { z } from 'zod';
import { windowExamples, type WindowSettings } from './windows.js';
import type { ModelKind } from './model-kind.js';

/** The settings that {@link mlp} reads. */
export interface MlpSettings extends WindowSettings {
  readonly dEmbed: number;
  readonly dHidden: number;
}

/** The lecture's multi-layer perceptron. */
export const mlp: ModelKind<ModelSizes, MlpSettings> = {
  reads: { contextSize: true, dEmbed: true, dHidden: true, batchSize: true },
  sizes: z.object({
    vocabSize: z.int(),
    contextSize: z.int(),
    dEmbed: z.int(),
    dHidden: z.int(),
  }),
  sizesOf: ({ contextSize, dEmbed, dHidden }, vocabSize) => ({
    vocabSize,
    contextSize,
    dEmbed,
    dHidden,
  }),
  make: (sizes, generator) => new MLP(sizes, generator),
  parameterCount: mlpParameterCount,
  rowSize: ({ contextSize: T, dEmbed: C, dHidden: H }) => ({
    tokens: T,
    embedded: T * C,
    hidden: H,
  }),
  multiplications: ({ vocabSize: V, contextSize: T, dEmbed: C, dHidden: H }) => T * C * H + H * V,
  examples: windowExamples,
};
