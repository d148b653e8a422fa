import { SequenceDataset } from '@llm101/data';
import { GPT, gptParameterCount, resolveGPTConfig } from '@llm101/models';
import { InfiniteLoader } from '@llm101/training';
import { z } from 'zod';
import { UserError } from '../errors.js';
import type { ExampleMaker, ModelKind } from './model-kind.js';
import { checkWidth, choice } from './choice.js';
import { EVALUATED_POSITIONS } from './blocks.js';
import { isStream } from '../text/text-part.js';
import { overlappingPieces, sequenceExamples, type SequenceSettings } from './sequences.js';

/** Where `dropoutAt` may have values set to 0. */
export const dropoutPlaces = ['embedding', 'attention', 'residual', 'feed-forward'] as const;

/** Where `bias` may have something added. */
export const biasPlaces = ['attention', 'feed-forward', 'norm', 'head'] as const;

/** What `activation` may name. */
export const gptActivations = ['gelu', 'gelu-tanh', 'swiglu', 'squared-relu'] as const;

/** What `init` may name. */
export const gptInits = ['gpt-2', 'pytorch'] as const;

/** The settings that {@link gpt} reads. */
export interface GptSettings extends SequenceSettings {
  readonly dEmbed: number;
  readonly layers?: number | undefined;
  readonly heads: number;
  readonly kvHeads?: number | undefined;
  readonly dFf?: number | undefined;
  readonly dropout: number;
  readonly dropoutAt: string;
  readonly positions: 'learned' | 'rotary';
  readonly norm: 'layer' | 'rms';
  readonly activation?: string | undefined;
  readonly qkNorm: boolean;
  readonly bias: string;
  readonly tiedHead: boolean;
  readonly projections: 'joint' | 'separate';
  readonly init?: string | undefined;
}

const sizes = z.object({
  vocabSize: z.int(),
  contextSize: z.int(),
  channels: z.int(),
  heads: z.int(),
  layers: z.int(),
  kvHeads: z.int(),
  hidden: z.int(),
  dropout: z.object({
    embedding: z.number(),
    attention: z.number(),
    residual: z.number(),
    feedForward: z.number(),
  }),
  bias: z.object({
    attention: z.boolean(),
    feedForward: z.boolean(),
    norm: z.boolean(),
    head: z.boolean(),
  }),
  tiedHead: z.boolean(),
  activation: z.enum(gptActivations),
  positions: z.enum(['learned', 'rotary']),
  norm: z.enum(['layer', 'rms']),
  qkNorm: z.boolean(),
  projections: z.enum(['joint', 'separate']),
  init: z.enum(gptInits),
  separated: z.boolean(),
});

/**
 * Lines are packed side by side, as for other models of sequences, if each fits into the context, which has no more positions. Where one
 * doesn't, each row holds one line, or a piece of one whose first half is that of the piece before it.
 */
const examples: ExampleMaker<GptSettings, GPT> = {
  ...sequenceExamples,
  make(data, options) {
    const { settings, contextSize, generator } = options;
    if (data.examples === 'blocks') return sequenceExamples.make(data, options);
    // those held out may be longer than any that is learned from
    const validation = this.every(data.val, { tokenizer: data.tokenizer, contextSize });
    const lines = new SequenceDataset(data.train.tokens, data.tokenizer);
    if (lines.longest <= contextSize)
      return { ...sequenceExamples.make(data, options), validation };
    const rows = Math.ceil((settings.packedRows * settings.packedSize) / contextSize);
    const layout = { packedSize: contextSize, rows, generator, shuffle: true };
    const loader = overlappingPieces(lines, layout);
    return { batches: new InfiniteLoader(loader, { reshuffle: settings.reshuffle }), validation };
  },
  every(part, options) {
    if (isStream(part)) return sequenceExamples.every(part, options);
    const { tokenizer, contextSize: packedSize } = options;
    const lines = new SequenceDataset(part.tokens, tokenizer);
    if (lines.longest <= packedSize) return sequenceExamples.every(part, options);
    const rows = Math.ceil(EVALUATED_POSITIONS / packedSize);
    return overlappingPieces(lines, { packedSize, rows });
  },
};

/** Attention and feed-forward in blocks: nanoGPT's, GPT-2's, the course's and Llama's are settings of it. */
export const gpt: ModelKind<z.infer<typeof sizes>, GptSettings, GPT> = {
  reads: {
    contextSize: true,
    dEmbed: true,
    layers: true,
    heads: true,
    kvHeads: true,
    dFf: true,
    dropout: true,
    dropoutAt: true,
    positions: true,
    norm: true,
    activation: true,
    qkNorm: true,
    bias: true,
    tiedHead: true,
    projections: true,
    init: true,
    packedSize: 'lines',
    packedRows: 'lines',
    batchSize: 'blocks',
  },
  defaults: { contextSize: 64, dEmbed: 64, optimizer: 'adamw', lr: 0.001 },
  sizes,
  sizesOf(settings, vocabSize) {
    const { contextSize, dEmbed: channels, heads, layers = 4, dropout: rate } = settings;
    const { positions, norm, qkNorm, tiedHead, projections } = settings;
    const kind = 'gpt';
    const activation = choice({
      kind,
      key: 'activation',
      names: gptActivations,
      got: settings.activation,
    });
    const init = choice({ kind, key: 'init', names: gptInits, got: settings.init });
    const [dropped, added] = [settings.dropoutAt, settings.bias].map(placesOf);
    checkWidth(kind, settings);
    if (settings.kvHeads !== undefined && heads % settings.kvHeads !== 0) {
      throw new UserError(`--kv-heads must divide --heads, ${heads}; got ${settings.kvHeads}`, {
        keys: ['kvHeads', 'heads'],
      });
    }
    if (positions === 'rotary' && (channels / heads) % 2 !== 0) {
      throw new UserError(
        `--positions rotary needs heads of an even width; got ${channels / heads}, --d-embed ${channels} by --heads ${heads}`,
        { keys: ['positions', 'dEmbed', 'heads'] },
      );
    }
    if (tiedHead && added('head')) {
      throw new UserError(
        `--bias with head needs a head of its own; got ${settings.bias}; pass --no-tied-head too, or leave the head out`,
        { keys: ['bias', 'tiedHead'] },
      );
    }
    return resolveGPTConfig({
      vocabSize,
      contextSize,
      channels,
      heads,
      layers,
      kvHeads: settings.kvHeads ?? heads,
      ...(settings.dFf !== undefined && { hidden: settings.dFf }),
      dropout: {
        embedding: dropped('embedding') ? rate : 0,
        attention: dropped('attention') ? rate : 0,
        residual: dropped('residual') ? rate : 0,
        feedForward: dropped('feed-forward') ? rate : 0,
      },
      bias: {
        attention: added('attention'),
        feedForward: added('feed-forward'),
        norm: added('norm'),
        head: added('head'),
      },
      activation,
      positions,
      norm,
      qkNorm,
      tiedHead,
      projections,
      init,
      separated: settings.examples === 'lines',
    });
  },
  make: (own, generator) => new GPT(own, generator),
  parameterCount: gptParameterCount,
  rowSize: ({ channels: C, layers, hidden, activation }) => ({
    tokens: 1,
    embedded: C,
    // a third of what is kept of a position: the estimate is for layers that keep more of each number
    hidden: Math.ceil((layers * (4 * C + (activation === 'swiglu' ? 2 : 1) * hidden)) / 3),
  }),
  embedded: ({ vocabSize: V, contextSize: T, channels: C, positions }) =>
    (V + (positions === 'learned' ? T : 0)) * C,
  products({ vocabSize: V, contextSize: T, channels: C, heads, ...own }) {
    const { kvHeads, layers, hidden, activation } = own;
    const matrices = 2 * C * C + (2 * C * C * kvHeads) / heads;
    const feedForward = (activation === 'swiglu' ? 3 : 2) * C * hidden;
    return {
      layers: layers * (matrices + feedForward),
      attention: layers * (T + 1) * C, // of a row that is full: half of its positions and itself, twice
      head: C * V,
    };
  },
  examples,
};

/** Whether a list such as `feed-forward,norm` names a place. */
const placesOf =
  (list: string) =>
  (place: (typeof dropoutPlaces | typeof biasPlaces)[number]): boolean =>
    list === 'all' || list.split(',').includes(place);
