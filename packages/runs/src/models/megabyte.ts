import { Megabyte, megabyteParameterCount } from '@llm101/models';
import { everyPosition } from '@llm101/training';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { blockExamples, everyStretch } from './blocks.js';
import { type BlockSet, isStream } from '../text/text-part.js';
import { checkWidth } from './choice.js';
import type { ExampleMaker, ModelKind } from './model-kind.js';
import { windowExamples, type WindowSettings } from './windows.js';

/** The settings that {@link megabyte} reads. */
export interface MegabyteSettings extends WindowSettings {
  readonly dEmbed: number;
  readonly patchSize: number;
  readonly layers?: number | undefined;
  readonly localLayers: number;
  readonly heads: number;
  readonly dFf?: number | undefined;
  readonly dropout: number;
}

const level = z.object({ layers: z.int().max(256), heads: z.int(), hidden: z.int() });
const sizes = z.object({
  vocabSize: z.int(),
  patchSize: z.int(),
  patches: z.int(),
  channels: z.int(),
  global: level,
  local: level,
  dropout: z.number(),
  separated: z.boolean(),
});

/**
 * Stretches of a text, each position with a target. Under lines windows, filled on their left: lines side by side would lie across
 * patches.
 */
const examples: ExampleMaker<MegabyteSettings, Megabyte> = {
  rowsSetting: () => 'batchSize',
  batchRows: ({ batchSize }) => batchSize,
  batchTargets: ({ examples: form, batchSize, contextSize }) =>
    form === 'lines' ? batchSize : batchSize * contextSize,
  trained: (network) => (network.padsContexts ? network : everyPosition(network)),
  make(data, options) {
    if (data.examples === 'lines') return windowExamples.make(data, options);
    const every = ({ tokens }: BlockSet) => everyStretch(tokens, options.contextSize);
    return blockExamples(data, options, { targets: 'each', every });
  },
  every: (part, options) =>
    isStream(part)
      ? everyStretch(part.tokens, options.contextSize, options.most)
      : windowExamples.every(part, options),
};

/** A model of patches, and one within each. */
export const megabyte: ModelKind<z.infer<typeof sizes>, MegabyteSettings, Megabyte> = {
  reads: {
    contextSize: true,
    dEmbed: true,
    patchSize: true,
    layers: true,
    localLayers: true,
    heads: true,
    dFf: true,
    dropout: true,
    batchSize: true,
  },
  defaults: { contextSize: 64, dEmbed: 32, optimizer: 'adamw', lr: 0.001 },
  sizes,
  sizesOf({ contextSize, dEmbed: channels, patchSize, heads, dropout, ...settings }, vocabSize) {
    const { layers = 2, localLayers, dFf } = settings;
    if (contextSize % patchSize !== 0) {
      throw new UserError(
        `--context-size of megabyte must be a multiple of --patch-size, ${patchSize}; got ${contextSize}`,
        { keys: ['contextSize', 'patchSize'] },
      );
    }
    checkWidth('megabyte', { dEmbed: channels, heads });
    const wide = patchSize * channels;
    return {
      vocabSize,
      patchSize,
      patches: contextSize / patchSize,
      channels,
      global: { layers, heads, hidden: dFf ?? 4 * wide },
      local: { layers: localLayers, heads, hidden: dFf ?? 4 * channels },
      dropout,
      separated: settings.examples === 'lines',
    };
  },
  make: (own, generator) => new Megabyte(own, generator),
  parameterCount: megabyteParameterCount,
  rowSize({ vocabSize: V, patchSize: P, patches: K, channels: C, global, local }) {
    const perPatch = global.layers * (8 * P * C + global.hidden);
    const perToken = local.layers * (8 * C + local.hidden) + 1.5 * V;
    return { tokens: P * K, embedded: 2 * P * K * C, hidden: K * perPatch + P * K * perToken };
  },
  embedded: ({ vocabSize: V, patchSize: P, patches: K, channels: C }) =>
    2 * V * C + P * K * C + P * C,
  products({ vocabSize: V, patchSize: P, patches: K, channels: C, global, local }) {
    const T = P * K;
    return {
      layers:
        K * global.layers * dense(P * C, global.hidden) + T * local.layers * dense(C, local.hidden),
      attention: causal(K, P * C) * global.layers + K * causal(P, C) * local.layers,
      head: T * C * V,
    };
  },
  examples,
};

/** Multiplications of a block's matrices for a position. */
const dense = (width: number, hidden: number): number => 4 * width * width + 2 * width * hidden;

/** Multiplications of attention in a row: of two products, each of which sees half of all pairs and the diagonal. */
const causal = (length: number, width: number): number => length * (length + 1) * width;
