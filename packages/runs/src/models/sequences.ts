import { SequenceDataset, SequenceLoader } from '@llm101/data';
import { everyPosition, type SequenceModel } from '@llm101/training';
import type { PreparedData } from '../prepare-data.js';
import type { Examples, ExamplesOptions, Network } from './model-kind.js';

/** The settings of {@link sequenceExamples}. */
export interface SequenceSettings {
  readonly packedSize: number;
}

/** Positions in a row of validation lines; more where a line is longer. */
const VALIDATION_POSITIONS = 2048;

/** Whole lines, packed side by side, with a target for each position: for models that score every position. */
export function sequenceExamples(
  network: Network & SequenceModel,
  { train, val, tokenizer }: PreparedData,
  { settings: { packedSize }, generator }: ExamplesOptions<SequenceSettings>,
): Examples {
  const validation = new SequenceDataset(val.tokens, tokenizer);
  return {
    trained: everyPosition(network),
    loader: new SequenceLoader(new SequenceDataset(train.tokens, tokenizer), {
      packedSize,
      generator,
      shuffle: true,
    }),
    validation: new SequenceLoader(validation, {
      packedSize: Math.max(VALIDATION_POSITIONS, validation.longest),
    }),
  };
}
