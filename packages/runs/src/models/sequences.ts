import { SequenceDataset, SequenceLoader } from '@llm101/data';
import type { Generator } from '@llm101/random';
import { everyPosition, InfiniteLoader, type SequenceModel } from '@llm101/training';
import { UserError } from '../errors.js';
import { blockExamples, EVALUATED_POSITIONS, everyStretch } from './blocks.js';
import { isStream, type TextPart } from '../text/text-part.js';
import type { ExampleMaker, Network, Reads } from './model-kind.js';

/** The settings of {@link sequenceExamples}. */
export interface SequenceSettings {
  /** Positions of a row of lines. */
  readonly packedSize: number;
  /** Rows of a batch of them. */
  readonly packedRows: number;
  /** T: positions of a row of blocks. */
  readonly contextSize: number;
  /** B: rows of a batch of them. */
  readonly batchSize: number;
}

/** When {@link sequenceExamples} read them. */
export const sequenceReads: Reads<SequenceSettings> = {
  packedSize: 'lines',
  packedRows: 'lines',
  contextSize: 'blocks',
  batchSize: 'blocks',
};

/**
 * Examples with a target for each position, for models that score every position: whole lines, packed side by side, or stretches of
 * a text. A line that is longer than a row is cut into pieces, which repeat as much of the line as the model sees.
 *
 * `make` throws a UserError when a row can't hold a line nor what the model sees.
 */
export const sequenceExamples: ExampleMaker<SequenceSettings, Network & SequenceModel> = {
  rowsSetting: ({ examples }) => (examples === 'lines' ? 'packedRows' : 'batchSize'),
  batchRows: ({ examples, packedSize, packedRows, contextSize, batchSize }) =>
    examples === 'lines' ? packedRows * packedSize : batchSize * contextSize,
  trained: (network) => everyPosition(network),
  make(data, options) {
    const { settings, contextSize, generator } = options;
    const { tokenizer } = data;
    const every = (part: TextPart) => this.every(part, { tokenizer, contextSize });
    if (data.examples === 'blocks') return blockExamples(data, options, { targets: 'each', every });
    const { loaded, train, val } = data;
    const { packedSize, packedRows: rows, reshuffle } = settings;
    const lookBack = contextSize - 1;
    const lines = new SequenceDataset(train.tokens, tokenizer);
    if (packedSize < lines.longest && packedSize <= lookBack) {
      throw new UserError(
        `${loaded.name}: --packed-size must be at least ${contextSize}, what the model sees, as a line has ${lines.longest - 1} ` +
          `characters; got ${packedSize}`,
        { keys: ['packedSize', 'data'] },
      );
    }
    const loader = new SequenceLoader(lines, {
      packedSize,
      rows,
      lookBack,
      generator,
      shuffle: true,
    });
    return {
      batches: new InfiniteLoader(loader, { reshuffle }),
      validation: every(val),
    };
  },
  every(part, { tokenizer, contextSize, most }) {
    if (isStream(part)) return everyStretch(part.tokens, contextSize, most);
    const lookBack = contextSize - 1;
    return new SequenceLoader(new SequenceDataset(part.tokens, tokenizer), {
      packedSize: Math.max(EVALUATED_POSITIONS, 2 * lookBack),
      lookBack,
    });
  },
};

/** How {@link overlappingPieces} are laid out. */
interface PiecesOptions {
  readonly packedSize: number;
  readonly rows: number;
  readonly shuffle?: boolean;
  readonly generator?: Generator;
}

/**
 * Lines packed side by side into rows; one that is longer than a row is cut into pieces, each of which repeats half a row of the one
 * before it.
 */
export function overlappingPieces(lines: SequenceDataset, options: PiecesOptions): SequenceLoader {
  return new SequenceLoader(lines, {
    ...options,
    lookBack: Math.floor(options.packedSize / 2),
  });
}
