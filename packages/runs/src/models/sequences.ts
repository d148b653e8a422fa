import { SequenceDataset, SequenceLoader } from '@llm101/data';
import { UserError } from '../errors.js';
import type { PreparedData } from '../prepare-data.js';
import type { Examples, ExamplesOptions } from './model-kind.js';

/** The settings of {@link sequenceExamples}. */
export interface SequenceSettings {
  /** Positions of a row. */
  readonly packedSize: number;
  /** Rows of a batch. */
  readonly packedRows: number;
}

/** Positions in a row of validation lines. */
const VALIDATION_POSITIONS = 2048;

/**
 * Whole lines, packed side by side, with a target for each position: for models that score every position. A line that is longer
 * than a row is cut into pieces, which repeat as much of the line as the model sees.
 *
 * @throws UserError when a row can't hold a line nor what the model sees
 */
export function sequenceExamples(
  { loaded, train, val, tokenizer }: PreparedData,
  options: ExamplesOptions<SequenceSettings>,
): Examples {
  const { settings, contextSize, generator } = options;
  const { packedSize, packedRows: rows } = settings;
  const lookBack = contextSize - 1;
  const lines = new SequenceDataset(train.tokens, tokenizer);
  if (packedSize < lines.longest && packedSize <= lookBack) {
    throw new UserError(
      `${loaded.name}: --packed-size must be at least ${contextSize}, what the model sees, as a line has ${lines.longest - 1} ` +
        `characters; got ${packedSize}`,
    );
  }
  return {
    loader: new SequenceLoader(lines, { packedSize, rows, lookBack, generator, shuffle: true }),
    validation: new SequenceLoader(new SequenceDataset(val.tokens, tokenizer), {
      packedSize: Math.max(VALIDATION_POSITIONS, 2 * lookBack),
      lookBack,
    }),
  };
}
