import { SequenceDataset } from '@llm101/data';
import {
  RecurrentNetwork,
  recurrentNetworkParameterCount,
  type RecurrentNetworkSizes,
} from '@llm101/models';
import { InfiniteLoader } from '@llm101/training';
import { z } from 'zod';
import { blockExamples, EVALUATED_POSITIONS, everyStretch } from './blocks.js';
import { isStream, type TextPart } from '../text/text-part.js';
import { overlappingPieces, sequenceExamples } from './sequences.js';
import type { ExampleMaker, ModelKind } from './model-kind.js';

/** The settings that recurrent networks read. */
export interface RecurrentSettings {
  readonly contextSize: number;
  readonly batchSize: number;
  readonly dEmbed: number;
  readonly dHidden: number;
  readonly layers?: number | undefined;
  readonly dropout: number;
}

/** How long a line is read in one piece, in a validation. */
const LONGEST = 256;

/**
 * Stretches of a text; or whole lines, packed side by side into rows of T positions. A line that is longer is cut into pieces, of
 * which each repeats half a row of the one before, so that the state remembers something.
 */
const recurrentExamples: ExampleMaker<RecurrentSettings, RecurrentNetwork> = {
  rowsSetting: () => 'batchSize',
  batchRows: ({ batchSize, contextSize }) => batchSize * contextSize,
  trained: (network) => sequenceExamples.trained(network),
  make(data, options) {
    const { settings, generator, contextSize } = options;
    const { tokenizer } = data;
    const every = (part: TextPart) => this.every(part, { tokenizer, contextSize });
    if (data.examples === 'blocks') return blockExamples(data, options, { targets: 'each', every });
    const { batchSize: rows, reshuffle } = settings;
    const lines = new SequenceDataset(data.train.tokens, tokenizer);
    const layout = { packedSize: contextSize, rows, generator, shuffle: true };
    return {
      batches: new InfiniteLoader(overlappingPieces(lines, layout), { reshuffle }),
      validation: every(data.val),
    };
  },
  every(part, { tokenizer, contextSize, most }) {
    if (isStream(part)) return everyStretch(part.tokens, contextSize, most);
    const lines = new SequenceDataset(part.tokens, tokenizer);
    const packedSize = Math.max(Math.min(lines.longest, LONGEST), contextSize);
    const rows = Math.max(1, Math.floor(EVALUATED_POSITIONS / packedSize));
    return overlappingPieces(lines, { packedSize, rows });
  },
};

type Sizes = Omit<RecurrentNetworkSizes, 'cell'>;

const sizes = z.object({
  vocabSize: z.int(),
  contextSize: z.int(),
  dEmbed: z.int(),
  dHidden: z.int(),
  layers: z.int().max(64),
  dropout: z.number(),
  separated: z.boolean(),
});

/** A kind of recurrent network: by the cell of its layers. */
function recurrent(cell: RecurrentNetworkSizes['cell']) {
  const gates = { gru: 3, lstm: 4 }[cell];
  const kept = { gru: 9, lstm: 13 }[cell]; // measured, in units of a state
  return {
    reads: {
      contextSize: true,
      batchSize: true,
      dEmbed: true,
      dHidden: true,
      layers: true,
      dropout: true,
    },
    defaults: { contextSize: 32, dEmbed: 32, dHidden: 128, optimizer: 'adamw', lr: 0.003 },
    sizes,
    sizesOf: ({ contextSize, dEmbed, dHidden, layers = 1, dropout, examples }, vocabSize) => ({
      vocabSize,
      contextSize,
      dEmbed,
      dHidden,
      layers,
      dropout,
      separated: examples === 'lines',
    }),
    make: (own, generator) => new RecurrentNetwork({ cell, ...own }, generator),
    parameterCount: (own) => recurrentNetworkParameterCount({ cell, ...own }),
    rowSize: ({ dEmbed: C, dHidden: H, layers = 1 }) => ({
      tokens: 1,
      embedded: C,
      hidden: kept * H * layers,
    }),
    embedded: ({ vocabSize: V, dEmbed: C }) => V * C,
    products: ({ vocabSize: V, dEmbed: C, dHidden: H, layers = 1 }) => ({
      layers: gates * H * (C + H + (layers - 1) * 2 * H),
      attention: 0,
      head: H * V,
    }),
    examples: recurrentExamples,
  } satisfies ModelKind<Sizes, RecurrentSettings, RecurrentNetwork>;
}

/** Gated recurrent units. */
export const gru: ModelKind<z.infer<typeof sizes>, RecurrentSettings, RecurrentNetwork> = recurrent(
  'gru',
);

/** Long short-term memory. */
export const lstm: typeof gru = recurrent('lstm');
