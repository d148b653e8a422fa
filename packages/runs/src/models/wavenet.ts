import { WaveNet, waveNetParameterCount } from '@llm101/models';
import { z } from 'zod';
import { EVALUATED_POSITIONS, everyStretch } from './blocks.js';
import { isStream } from '../text/text-part.js';
import { sequenceExamples, sequenceReads, type SequenceSettings } from './sequences.js';
import type { ModelKind } from './model-kind.js';

/** The settings that {@link wavenet} reads. */
export interface WaveNetSettings extends SequenceSettings {
  readonly dHidden: number;
  readonly depth: number;
  readonly blocks: number;
  readonly layerNorm: boolean;
  readonly dropout: number;
}

const sizes = z.object({
  vocabSize: z.int(),
  channels: z.int(),
  depth: z.int().max(16), // a context of 2^depth tokens
  blocks: z.int().max(64),
  layerNorm: z.boolean(),
  dropout: z.number(),
  separated: z.boolean().default(true), // not in a model of 0.1.0
});

/** Dilated causal convolutions that score every position of a sequence. */
export const wavenet: ModelKind<z.infer<typeof sizes>, WaveNetSettings, WaveNet> = {
  reads: {
    dHidden: true,
    depth: true,
    blocks: true,
    layerNorm: true,
    dropout: true,
    ...sequenceReads,
  },
  sizes,
  sizesOf: ({ dHidden: channels, depth, blocks, layerNorm, dropout, examples }, vocabSize) => ({
    vocabSize,
    channels,
    depth,
    blocks,
    layerNorm,
    dropout,
    separated: examples === 'lines',
  }),
  make: (own, generator) => new WaveNet(own, generator),
  parameterCount: waveNetParameterCount,
  rowSize: ({ channels, depth, blocks }) => ({
    tokens: 1,
    embedded: channels,
    hidden: 4 * channels * depth * blocks, // a, b, gated, residual
  }),
  embedded: ({ vocabSize: V, channels: C }) => V * C,
  products: ({ vocabSize: V, channels: C, depth, blocks }) => ({
    layers: 6 * C * C * depth * blocks, // gates 4, skip 1, residual 1, of the last layer's the first of the head
    attention: 0,
    head: C * V,
  }),
  examples: {
    ...sequenceExamples,
    // it takes rows of any length: of a long one hardly any position lacks a part of what it sees
    every(part, options) {
      if (!isStream(part)) return sequenceExamples.every(part, options);
      const { tokens } = part;
      const T = Math.max(1, Math.min(EVALUATED_POSITIONS, tokens.length - 1));
      return everyStretch(tokens, T, options.most);
    },
  },
};
