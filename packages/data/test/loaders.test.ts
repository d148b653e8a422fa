import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  type Batch,
  BlockDataset,
  CharTokenizer,
  DataLoader,
  type Dataset,
  NextTokenDataset,
  preview,
  RandomLoader,
  SequenceDataset,
  SequenceLoader,
  tokensInMemory,
} from '../src/index.js';

const lines = ['ab', 'abc', 'c'];
const tokenizer = CharTokenizer.fromText(lines);
const tokens = tokensInMemory(tokenizer.encode('abcabc'));
const generator = Generator.seeded(1);

const windows = new NextTokenDataset(lines, tokenizer, 2);
const sequences = new SequenceDataset(lines, tokenizer);
const blocks = new BlockDataset(tokens, { contextSize: 3 });
const lastOfBlocks = new BlockDataset(tokens, { contextSize: 3, targets: 'last' });

/** Sizes of the first batch. */
const sizes = ([batch]: Iterable<Batch>): number[] => [
  batch.size,
  batch.inputs.length,
  batch.targets.length,
];

describe('windows, blocks and whole lines', () => {
  it('go through their loaders, with a target a row or a target a position', () => {
    expect(sizes(new DataLoader(windows, { batchSize: 2 }))).toEqual([2, 4, 2]);
    expect(sizes(new DataLoader(blocks, { batchSize: 2 }))).toEqual([2, 6, 6]);
    expect(sizes(new DataLoader(lastOfBlocks, { batchSize: 2 }))).toEqual([2, 6, 2]);
    expect(sizes(new RandomLoader(windows, { batchSize: 2, generator }))).toEqual([2, 4, 2]);
    expect(sizes(new RandomLoader(blocks, { batchSize: 9, generator }))).toEqual([9, 27, 27]);
    expect(sizes(new SequenceLoader(sequences, { batchSize: 2 }))).toEqual([2, 8, 8]);
    expect(sizes(new SequenceLoader(sequences, { packedSize: 7 }))).toEqual([1, 7, 7]);
    expect(preview(blocks, tokenizer, 1)).toEqual(['abc --> bca']);
  });
  it('are refused by the loaders of others', () => {
    const wrong = (loader: unknown, dataset: object) => (): unknown =>
      Reflect.construct(loader as typeof DataLoader, [dataset, { batchSize: 2, generator }]);
    const whole = 'must have a method copyRow; got none; whole lines are for a SequenceLoader';
    expect(wrong(DataLoader, sequences)).toThrow(TypeError);
    expect(wrong(DataLoader, sequences)).toThrow(whole);
    expect(wrong(RandomLoader, sequences)).toThrow(whole);
    for (const dataset of [windows, blocks]) {
      expect(wrong(SequenceLoader, dataset)).toThrow(TypeError);
      expect(wrong(SequenceLoader, dataset)).toThrow('rows are for a DataLoader');
    }
  });
  it.each([0, 2, 4, 1.5, NaN])('are refused with %d targets a row of three', (targetsPerRow) => {
    const dataset = {
      length: 2,
      contextSize: 3,
      targetsPerRow,
      copyRow: blocks.copyRow.bind(blocks),
      copyTargets: blocks.copyTargets.bind(blocks),
    };
    for (const make of [
      () => new DataLoader(dataset, { batchSize: 1 }),
      () => new RandomLoader(dataset, { batchSize: 1, generator }),
      () => preview(dataset, tokenizer, 1),
    ]) {
      expect(make).toThrow(RangeError);
      expect(make).toThrow(
        `targetsPerRow of the data set must be 1 or its contextSize, 3; got ${targetsPerRow}`,
      );
    }
  });
  it('are refused where they are too many to shuffle', () => {
    const many: Dataset = {
      length: 2 ** 28,
      contextSize: 3,
      targetsPerRow: 1,
      copyRow: (_row, into, at) => into.fill(0, at, at + 3),
      copyTargets: (_row, into, at) => into.fill(0, at, at + 1),
    };
    expect(sizes(new DataLoader(many, { batchSize: 2 }))).toEqual([2, 6, 2]);
    expect(() => new DataLoader(many, { batchSize: 2, shuffle: true, generator })).toThrow(
      'DataLoader: 214,748,363 rows can be shuffled; the data set has 268,435,456',
    );
  });
});
