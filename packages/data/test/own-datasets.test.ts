import { describe, expect, it } from 'vitest';
import {
  ArrayDataset,
  CharTokenizer,
  DataLoader,
  type Dataset,
  encodeLines,
  NextTokenDataset,
  preview,
  SequenceDataset,
  SequenceLoader,
  type TokenBuffer,
  type TokenLines,
} from '../src/index.js';

/** Pieces of 0, 1, 2, … with a target for each position, the one after it. */
const pieces: Dataset = {
  length: 4,
  contextSize: 3,
  targetsPerRow: 3,
  copyRow(row, into, at) {
    for (let t = 0; t < 3; t++) into[at + t] = 3 * row + t;
  },
  copyTargets(row, into, at) {
    for (let t = 0; t < 3; t++) into[at + t] = 3 * row + t + 1;
  },
};
const altered = (change: Partial<Dataset>): Dataset => ({ ...pieces, ...change });
const read = (dataset: Dataset): number[][] =>
  Array.from(new DataLoader(dataset, { batchSize: 3 }), ({ inputs, targets }) => [
    ...inputs,
    ...targets,
  ]);
const write =
  (values: readonly number[], shift = 0) =>
  (_row: number, into: TokenBuffer, at: number): void =>
    into.set(values, at + shift);

describe('a data set that someone wrote', () => {
  it('gives its rows and a target for each position', () => {
    expect(read(pieces)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [9, 10, 11, 10, 11, 12],
    ]);
  });
  it('may be of a class that extends one of this package', () => {
    class Fractions extends ArrayDataset {
      override copyTargets(_row: number, into: TokenBuffer, at: number): void {
        into[at] = 0.5;
      }
    }
    const inputs = Int32Array.of(1, 2);
    const dataset = new Fractions({ contextSize: 1, inputs, targets: inputs });
    expect(() => read(dataset)).toThrow('copyTargets(0) of the data set must write 1 whole');
  });
  it.each<[string, Partial<Dataset>, string]>([
    ['too few tokens', { copyRow: write([1, 2]) }, 'got none at position 2'],
    ['too many tokens', { copyRow: write([1, 2, 3, 4]) }, 'it writes beside it'],
    ['far too many', { copyRow: write([1, 2, 3, 4, 5, 6, 7, 8]) }, 'got an error'],
    ['tokens elsewhere', { copyRow: write([1, 2, 3], -1) }, 'it writes beside it'],
    ['the target of a window alone', { copyTargets: write([1]) }, 'got none at position 1'],
    ['nothing', { copyTargets: () => undefined }, 'got none at position 0'],
    ['NaN', { copyTargets: write([1, NaN, 2]) }, 'got none at position 1'],
    ['a fraction', { copyRow: write([1, 2.5, 2]) }, 'got 2.5 at position 1'],
    ['a negative number', { copyRow: write([1, 2, -1]) }, 'got -1 at position 2'],
    ['what no int32 holds', { copyRow: write([2 ** 31, 1, 1]) }, 'got 2147483648 at position 0'],
  ])('is refused when it writes %s', (_what, change, message) => {
    const dataset = altered(change);
    const method = 'copyRow' in change ? 'copyRow' : 'copyTargets';
    const rule = `${method}(0) of the data set must write 3 whole numbers from 0 on`;
    expect(() => read(dataset)).toThrow(RangeError);
    expect(() => read(dataset)).toThrow(`DataLoader: ${rule}`);
    expect(() => read(dataset)).toThrow(message);
    const tokenizer = CharTokenizer.fromAlphabet('abcdefghijkl');
    expect(() => preview(dataset, tokenizer, 1)).toThrow(`preview: ${rule}`);
  });
  it('is refused when it has fewer rows than it says', () => {
    const rows = [[1, 2, 3]];
    const copyRow: Dataset['copyRow'] = (row, into, at) => into.set(rows[row] ?? [], at);
    expect(() => read(altered({ copyRow }))).toThrow('copyRow(1) of the data set must write 3');
  });
  it.each<[Partial<Dataset>, string]>([
    [{ targetsPerRow: 2 }, 'targetsPerRow of the data set must be 1 or its contextSize, 3; got 2'],
    [{ targetsPerRow: NaN }, 'got NaN'],
    [{ contextSize: 1.5 }, 'contextSize of the data set must be a whole number from 1 on; got 1.5'],
    [{ contextSize: 0, targetsPerRow: 0 }, 'got 0'],
    [{ length: 2.5 }, 'length of the data set must be a whole number from 1 on; got 2.5'],
    [{ length: 0 }, 'got 0'],
  ])('must have sizes that fit: %o', (change, message) => {
    expect(() => read(altered(change))).toThrow(RangeError);
    expect(() => read(altered(change))).toThrow(message);
  });
  it('must have the methods', () => {
    const without = { ...pieces, copyTargets: undefined };
    const make = () => Reflect.construct(DataLoader, [without, { batchSize: 1 }]);
    expect(make).toThrow('DataLoader: the data set must have a method copyTargets; got none');
  });
  it('counts as many rows as when the loader was made', () => {
    const growing = { ...pieces };
    const loader = new DataLoader(growing, { batchSize: 3 });
    growing.length = 100;
    expect(Array.from(loader, ({ size }) => size)).toEqual([3, 1]);
  });
});

describe('ArrayDataset', () => {
  it('has a target a row or one for each position, and nothing between', () => {
    const inputs = Int32Array.of(1, 2, 3, 4);
    const targetsOf = (targets: Int32Array) =>
      new ArrayDataset({ contextSize: 2, inputs, targets }).targetsPerRow;
    expect(targetsOf(Int32Array.of(3, 4))).toBe(1);
    expect(targetsOf(Int32Array.of(2, 3, 4, 5))).toBe(2);
    expect(() => targetsOf(Int32Array.of(1, 2, 3))).toThrow('got 4 tokens and 3 targets');
  });
  it('holds whole numbers from 0 on', () => {
    const targets = Int32Array.of(1);
    const make = (inputs: unknown) =>
      Reflect.construct(ArrayDataset, [{ contextSize: 1, inputs, targets }]);
    expect(() => make([NaN])).toThrow('ArrayDataset: inputs must be an Int32Array');
    expect(() => make(Float32Array.of(0.5))).toThrow(TypeError);
    expect(() => make(Int32Array.of(-1))).toThrow('inputs must be from 0 on; got -1 at index 0');
  });
});

describe('lines that someone encoded', () => {
  const tokenizer = CharTokenizer.fromAlphabet('abc');
  const right = encodeLines(['ab', 'c'], tokenizer);
  it.each<[string, Partial<TokenLines>, string]>([
    ['of another count', { length: 3 }, 'starts must have one number more'],
    ['too short', { tokens: right.tokens.slice(0, 4) }, 'tokens must be 6'],
    [
      'without an end',
      { tokens: Uint8Array.of(0, 1, 2, 0, 3, 3) },
      'the last token must be padding',
    ],
    [
      'with padding within',
      { tokens: Uint8Array.of(0, 1, 0, 0, 3, 0) },
      'tokens of line 1 must be',
    ],
    ['that begin elsewhere', { starts: Int32Array.of(0, 2, 5) }, 'line 2 must begin with padding'],
    ['with other lengths', { longest: 2 }, 'longest must be the positions of the longest line, 3'],
  ])('are refused: %s', (_what, change, message) => {
    const lines = { ...right, ...change };
    const dataset = { length: 2, positions: 5, longest: 3, lines };
    expect(() => new NextTokenDataset(lines, tokenizer, 2)).toThrow(message);
    expect(() => new SequenceDataset(lines, tokenizer)).toThrow(message);
    expect(() => new SequenceLoader(dataset, { batchSize: 1 })).toThrow(message);
  });
  it('are of the tokenizer that they are given with', () => {
    const smaller = CharTokenizer.fromAlphabet('a');
    expect(() => new NextTokenDataset(right, smaller, 2)).toThrow('must be from 0 to 1');
  });
});
