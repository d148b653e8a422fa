import { describe, expect, it } from 'vitest';
import {
  BlockDataset,
  DataError,
  DataLoader,
  splitText,
  tokensInMemory,
  type TokenArray,
  type TokenSource,
} from '../src/index.js';
import { allRows } from './all-rows.js';

const digits = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
const rowsOf = (dataset: BlockDataset): number[][] => {
  const { inputs, targets } = allRows(dataset);
  const [T, K] = [dataset.contextSize, dataset.targetsPerRow];
  return Array.from({ length: dataset.length }, (_, i) => [
    ...inputs.subarray(i * T, (i + 1) * T),
    ...targets.subarray(i * K, (i + 1) * K),
  ]);
};

describe('tokensInMemory', () => {
  it.each<TokenArray>([digits, Uint16Array.from(digits), Int32Array.from(digits)])(
    'copies tokens of any width: %o',
    (tokens) => {
      const source = tokensInMemory(tokens);
      const [ints, doubles] = [new Int32Array(5), new Float64Array(5)];
      source.copy(2, 3, ints, 1);
      source.slice(2, 9).copy(0, 3, doubles, 1);
      expect([...ints]).toEqual([0, 3, 4, 5, 0]);
      expect([...doubles]).toEqual([0, 3, 4, 5, 0]);
      expect(source.hash()).toBe(tokensInMemory(digits).hash());
      expect(source.slice(1, 9).hash()).not.toBe(source.hash());
    },
  );
  it('refuses what are no tokens', () => {
    expect(() => Reflect.apply(tokensInMemory, undefined, [[1, 2]])).toThrow(TypeError);
    expect(() => tokensInMemory(Int32Array.of(1, -1))).toThrow(
      'tokensInMemory: tokens must be from 0 on; got -1 at index 1',
    );
  });
  it.each([
    [-1, 2],
    [8, 2],
    [0.5, 1],
    [0, -1],
    [NaN, 1],
  ])('refuses to copy %d and %d more', (start, count) => {
    const source = tokensInMemory(digits);
    expect(() => source.copy(start, count, new Int32Array(9), 0)).toThrow(RangeError);
    expect(() => source.slice(start, start + count)).toThrow(RangeError);
  });
});

describe('BlockDataset', () => {
  it('has a row at each position, with a target for each token', () => {
    const dataset = new BlockDataset(tokensInMemory(digits.subarray(0, 5)), { contextSize: 3 });
    expect(rowsOf(dataset)).toEqual([
      [1, 2, 3, 2, 3, 4],
      [2, 3, 4, 3, 4, 5],
    ]);
  });
  it('has one target where the last position alone is scored', () => {
    const options = { contextSize: 3, stride: 2, targets: 'last' } as const;
    expect(rowsOf(new BlockDataset(tokensInMemory(digits), options))).toEqual([
      [1, 2, 3, 4],
      [3, 4, 5, 6],
      [5, 6, 7, 8],
    ]);
  });
  it.each([
    [4, 3, 3, 1],
    [6, 3, 3, 1],
    [7, 3, 3, 2],
    [9, 1, 1, 8],
    [9, 3, 1, 6],
    [9, 8, 5, 1],
  ])('of %d tokens has with T %d and stride %d %d rows', (length, contextSize, stride, rows) => {
    const tokens = tokensInMemory(digits.subarray(0, length));
    const dataset = new BlockDataset(tokens, { contextSize, stride });
    expect(dataset.length).toBe(rows);
    expect(rowsOf(dataset)).toHaveLength(rows);
  });
  it('goes through a DataLoader, in order and shuffled', () => {
    const dataset = new BlockDataset(tokensInMemory(digits), { contextSize: 2, stride: 2 });
    const batches = Array.from(new DataLoader(dataset, { batchSize: 3 }), (batch) => [
      ...batch.inputs,
      ...batch.targets,
    ]);
    expect(batches).toEqual([
      [1, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 7],
      [7, 8, 8, 9],
    ]);
  });
  it('has another hash with another text and another stride', () => {
    const hash = (length: number, stride: number): string =>
      new BlockDataset(tokensInMemory(digits.subarray(0, length)), {
        contextSize: 2,
        stride,
      }).hash();
    expect(new Set([hash(9, 1), hash(9, 2), hash(8, 1)]).size).toBe(3);
  });
  it('needs a block and what follows it', () => {
    const make = (): BlockDataset => new BlockDataset(tokensInMemory(digits), { contextSize: 9 });
    expect(make).toThrow(DataError);
    expect(make).toThrow('a text must have at least 10 tokens');
  });
  it('may read tokens of a source that someone wrote, which are checked', () => {
    const source = (token: number): TokenSource => ({
      length: 9,
      copy: (_start, count, into, at) => into.fill(token, at, at + count),
      slice: () => source(token),
      hash: () => 'none',
    });
    const batches = (token: number): number[][] =>
      Array.from(
        new DataLoader(new BlockDataset(source(token), { contextSize: 8 }), { batchSize: 1 }),
        ({ inputs }) => [...inputs],
      );
    expect(batches(5)).toEqual([[5, 5, 5, 5, 5, 5, 5, 5]]);
    expect(() => batches(-1)).toThrow('must write 8 whole numbers from 0 on; got -1 at position 0');
  });
  it('refuses sizes that are none', () => {
    const make = (options: object) => (): BlockDataset =>
      Reflect.construct(BlockDataset, [tokensInMemory(digits), { contextSize: 2, ...options }]);
    expect(make({ contextSize: 0 })).toThrow(RangeError);
    expect(make({ stride: 0.5 })).toThrow(RangeError);
    expect(make({ targets: 'some' })).toThrow("targets must be 'each' or 'last'; got 'some'");
  });
});

describe('splitText', () => {
  it('holds out the end, as nanoGPT does', () => {
    const { train, test } = splitText(tokensInMemory(new Uint8Array(1_115_394)));
    expect([train.length, test.length]).toEqual([1_003_854, 111_540]);
  });
  it('has no token on both sides', () => {
    const { train, test } = splitText(tokensInMemory(digits), { testSize: 0.3 });
    const all = new Int32Array(9);
    train.copy(0, train.length, all, 0);
    test.copy(0, test.length, all, train.length);
    expect([...all]).toEqual([...digits]);
    expect(test.length).toBe(3);
  });
  it('splits a string by its code points, and an array in place', () => {
    expect(splitText('a👩b👩👩', { testSize: 0.5 })).toEqual({ train: 'a👩', test: 'b👩👩' });
    const { train, test } = splitText(digits, { testSize: 0.3 });
    expect([train.length, test.length]).toEqual([6, 3]);
    expect(rowsOf(new BlockDataset(digits.subarray(5), { contextSize: 3 }))).toEqual([
      [6, 7, 8, 7, 8, 9],
    ]);
    expect(() => splitText('a')).toThrow(DataError);
  });
  it('refuses a fraction that is none, and a text that leaves a side empty', () => {
    const tokens = tokensInMemory(digits.subarray(0, 1));
    expect(() => splitText(tokens, { testSize: 1 })).toThrow(RangeError);
    expect(() => splitText(tokens)).toThrow(DataError);
  });
});
