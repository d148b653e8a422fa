import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import { BlockDataset, type Dataset, RandomLoader, tokensInMemory } from '../src/index.js';

/** A text whose tokens are their own positions, so that a batch shows where its rows begin. */
const positions = (length: number): BlockDataset =>
  new BlockDataset(tokensInMemory(Int32Array.from({ length }, (_, i) => i)), { contextSize: 64 });
const starts = (batches: Iterable<{ inputs: Int32Array }>): number[][] =>
  Array.from(batches, ({ inputs }) =>
    Array.from({ length: inputs.length / 64 }, (_, i) => inputs[i * 64]),
  );

describe('RandomLoader', () => {
  it('draws the batches that nanoGPT draws from torch.randint, of training and of validation', () => {
    const generator = Generator.seeded(1337);
    const train = positions(1_003_854);
    const batch = new RandomLoader(train, { batchSize: 12, generator });
    const trainBatches = new RandomLoader(train, { batchSize: 12, batches: 2, generator });
    const valBatches = new RandomLoader(positions(111_540), {
      batchSize: 12,
      batches: 2,
      generator,
    });
    // PyTorch 2.13
    expect(starts(batch)[0].slice(0, 4)).toEqual([138825, 368537, 972872, 611890]);
    expect(starts(trainBatches)[1].slice(0, 4)).toEqual([92032, 220671, 360776, 381795]);
    expect(starts(valBatches)[1].slice(0, 4)).toEqual([59959, 81125, 103232, 94942]);
    expect(starts(batch)[0].slice(0, 4)).toEqual([645066, 575171, 302697, 583556]);
  });
  it('draws a row again, and more rows than there are', () => {
    const generator = Generator.seeded(1);
    const [batch] = starts(new RandomLoader(positions(67), { batchSize: 20, generator }));
    expect(batch).toHaveLength(20);
    expect(new Set(batch)).toEqual(new Set([0, 1, 2]));
  });
  it('keeps the rows of a pass', () => {
    const generator = Generator.seeded(1);
    const loader = new RandomLoader(positions(1000), { batchSize: 3, batches: 4, generator });
    const pass = loader.pass();
    expect(pass).toHaveLength(4);
    expect(starts(pass)).toEqual(starts(pass));
    expect(starts(pass.from(2))).toEqual(starts(pass).slice(2));
    expect(starts(loader)).not.toEqual(starts(pass));
  });
  it('tells another text and other batches apart', () => {
    const identity = (length: number, batchSize: number): string =>
      JSON.stringify(
        new RandomLoader(positions(length), {
          batchSize,
          generator: Generator.seeded(1),
        }).identity(),
      );
    expect(new Set([identity(100, 3), identity(101, 3), identity(100, 2)]).size).toBe(3);
  });
  it('refuses what it cannot draw from', () => {
    const generator = Generator.seeded(1);
    const make = (dataset: Partial<Dataset>, options: object) => (): RandomLoader =>
      Reflect.construct(RandomLoader, [dataset, { batchSize: 2, generator, ...options }]);
    const dataset = positions(100);
    expect(make(dataset, { batchSize: 0 })).toThrow(RangeError);
    expect(make(dataset, { batches: 0.5 })).toThrow(RangeError);
    expect(make(dataset, { generator: undefined })).toThrow(TypeError);
    const two: Dataset = {
      length: 1,
      contextSize: 3,
      targetsPerRow: 2,
      copyRow: () => undefined,
      copyTargets: () => undefined,
    };
    expect(make(two, {})).toThrow(
      'targetsPerRow of the data set must be 1 or its contextSize, 3; got 2',
    );
    expect(make({ ...two, targetsPerRow: 3, length: 2 ** 32 }, {})).toThrow('at most 2^31 rows');
  });
});
