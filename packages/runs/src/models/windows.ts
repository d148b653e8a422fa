import { DataLoader, NextTokenDataset } from '@llm101/data';
import { NextTokenCounts } from '@llm101/training';
import type { PreparedData } from '../prepare-data.js';
import type { Examples, ExamplesOptions } from './model-kind.js';

/** The settings of {@link windowExamples}. */
export interface WindowSettings {
  /** T */
  readonly contextSize: number;
  /** B */
  readonly batchSize: number;
}

/** Windows of T tokens, each with the token that follows: for models that see a context of fixed size. */
export function windowExamples(
  { train, val, tokenizer }: PreparedData,
  { settings: { contextSize, batchSize }, generator }: ExamplesOptions<WindowSettings>,
): Examples {
  const windows = new NextTokenDataset(train.tokens, tokenizer, contextSize);
  const held = new NextTokenDataset(val.tokens, tokenizer, contextSize);
  return {
    loader: new DataLoader(windows, { batchSize, generator, shuffle: true }),
    validation: new NextTokenCounts(held, tokenizer.vocabSize),
  };
}

/** Rows of a batch of windows: no more than there are. */
export function windowRows({ batchSize }: WindowSettings, { train }: PreparedData): number {
  return Math.min(batchSize, train.tokens.positions);
}
