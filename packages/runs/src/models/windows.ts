import { DataLoader, NextTokenDataset } from '@llm101/data';
import { InfiniteLoader, NextTokenCounts } from '@llm101/training';
import { blockExamples, everyWindow, shuffleOf } from './blocks.js';
import { isStream, scoredCount, type TextPart } from '../text/text-part.js';
import type { ExampleMaker } from './model-kind.js';

/** The settings of {@link windowExamples}. */
export interface WindowSettings {
  /** T */
  readonly contextSize: number;
  /** B */
  readonly batchSize: number;
}

/** Windows of T tokens, each with the token that follows: for models that see a context of fixed size. */
export const windowExamples: ExampleMaker<WindowSettings> = {
  rowsSetting: () => 'batchSize',
  batchRows: ({ batchSize }, data) =>
    data?.examples === 'lines' ? Math.min(batchSize, scoredCount(data.train)) : batchSize,
  trained: (network) => network,
  make(data, options) {
    const { tokenizer } = data;
    const { settings, generator, contextSize } = options;
    const every = (part: TextPart) => this.every(part, { tokenizer, contextSize });
    if (data.examples === 'blocks') return blockExamples(data, options, { targets: 'last', every });
    const { batchSize, reshuffle } = settings;
    const windows = new NextTokenDataset(data.train.tokens, tokenizer, contextSize);
    const shuffle = shuffleOf(windows);
    const loader = new DataLoader(windows, { batchSize, generator, shuffle });
    return {
      batches: new InfiniteLoader(loader, { reshuffle }),
      validation: every(data.val),
    };
  },
  leastScored: (contextSize) => contextSize + 1,
  every(part, options) {
    if (isStream(part)) return everyWindow(part.tokens, options);
    const { tokenizer, contextSize } = options;
    const windows = new NextTokenDataset(part.tokens, tokenizer, contextSize);
    return new NextTokenCounts(windows, tokenizer.vocabSize);
  },
};
