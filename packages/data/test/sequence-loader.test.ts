import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  CharTokenizer,
  DataError,
  NextTokenDataset,
  SequenceDataset,
  SequenceLoader,
  type Batch,
} from '../src/index.js';
import { allRows } from './all-rows.js';
import { thrownBy } from './thrown-by.js';

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const lines = ['ab', 'c', 'defg', 'h', 'ij'];
const dataset = new SequenceDataset(lines, tokenizer);

/** Rows as text, padding that doesn't count as `_`. */
function show({ size, contextSize: T, inputs, targets, weights = new Float32Array() }: Batch) {
  return Array.from({ length: size }, (_, row) => {
    const text = (tokens: Int32Array): string =>
      Array.from(tokens.subarray(row * T, (row + 1) * T), (token, t) =>
        weights[row * T + t] === 1 ? tokenizer.decode([token]) : '_',
      ).join('');
    return `${text(inputs)} --> ${text(targets)}`;
  });
}
const passes = (loader: SequenceLoader): string[][] => Array.from(loader, show);

describe('SequenceDataset', () => {
  it('counts positions', () => {
    expect(dataset).toMatchObject({ length: 5, positions: 15, longest: 5 });
    expect(dataset.lines.paddingIndex).toBe(0);
    expect([...dataset.lines.starts]).toEqual([0, 3, 5, 10, 12, 15]);
    expect(tokenizer.decode(dataset.lines.tokens)).toBe('.ab.c.defg.h.ij.');
  });
  it('has the rows of NextTokenDataset, each once', () => {
    const windows = new NextTokenDataset(lines, tokenizer, 8);
    const [batch] = new SequenceLoader(dataset, { packedSize: 15 });
    expect(dataset.positions).toBe(windows.length);
    expect(batch.targets).toEqual(allRows(windows).targets);
  });
  it('names the line of an unknown character', () => {
    const error = thrownBy(() => new SequenceDataset(['ab', 'zoé'], tokenizer));
    expect(error).toContain("SequenceDataset: line 2: 'é' (U+00E9), character 3 of 'zoé'");
  });
  it('must have lines', () => {
    expect(() => new SequenceDataset([], tokenizer)).toThrow(DataError);
    const error = thrownBy(() => Reflect.construct(SequenceDataset, ['ab', tokenizer]));
    expect(error).toContain('SequenceDataset: lines must be an array');
  });
});

describe('SequenceLoader', () => {
  it('gives each line a row as wide as the longest of its batch', () => {
    expect(passes(new SequenceLoader(dataset, { batchSize: 2 }))).toEqual([
      ['.ab --> ab.', '.c_ --> c._'],
      ['.defg --> defg.', '.h___ --> h.___'],
      ['.ij --> ij.'],
    ]);
  });
  it('packs lines into one row', () => {
    expect(passes(new SequenceLoader(dataset, { packedSize: 8 }))).toEqual([
      ['.ab.c___ --> ab.c.___'],
      ['.defg.h_ --> defg.h._'],
      ['.ij_____ --> ij._____'],
    ]);
  });
  it('packs lines into several rows of one batch, all batches of one shape', () => {
    expect(passes(new SequenceLoader(dataset, { packedSize: 5, rows: 2 }))).toEqual([
      ['.ab.c --> ab.c.', '.defg --> defg.'],
      ['.h.ij --> h.ij.', '_____ --> _____'],
    ]);
    expect(passes(new SequenceLoader(dataset, { packedSize: 6, rows: 3 }))).toEqual([
      ['.ab.c_ --> ab.c._', '.defg_ --> defg._', '.h.ij_ --> h.ij._'],
    ]);
  });
  it.each([{ batchSize: 2 }, { packedSize: 7 }, { packedSize: 5, rows: 2 }])(
    'has every line once, shuffled: %o',
    (layout) => {
      const loader = new SequenceLoader(dataset, {
        ...layout,
        shuffle: true,
        generator: Generator.seeded(3),
      });
      const read = (batches: Iterable<Batch>): string[] =>
        Array.from(batches, show)
          .flat()
          .flatMap((row) => row.split(' ')[0].replaceAll('_', '').split('.').slice(1));
      const pass = loader.pass();
      const first = read(pass);
      expect(first.toSorted()).toEqual(lines.toSorted());
      expect(read(pass)).toEqual(first);
      expect(Array.from(pass)).toHaveLength(pass.length);
      const rest = read(pass.from(1));
      expect(first.slice(-rest.length)).toEqual(rest);
      expect(rest.length).toBeLessThan(first.length);
      expect(read(loader)).not.toEqual(first);
      expect(() => pass.from(pass.length + 1)).toThrow(
        'Pass.from: batchIndex must be a whole number',
      );
    },
  );
  it.each<[() => unknown, string]>([
    [
      () => new SequenceLoader(dataset, { batchSize: 0 }),
      'SequenceLoader: batchSize must be a whole number from 1 on; got 0',
    ],
    [
      () => new SequenceLoader(dataset, { packedSize: 4 }),
      'SequenceLoader: packedSize must hold the longest line, 5 positions; got 4',
    ],
    [
      () => new SequenceLoader(dataset, { packedSize: 5, rows: 0 }),
      'SequenceLoader: rows must be a whole number from 1 on; got 0',
    ],
    [
      () => new SequenceLoader(dataset, { batchSize: 1, shuffle: true }),
      'SequenceLoader: shuffle needs a generator; got none; pass generator: Generator.seeded(seed)',
    ],
  ])('says what is wrong, %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a line that is longer than a row', () => {
  const long = new SequenceDataset(['abcdefghij', 'kl'], tokenizer); // 11 and 3 positions
  it('is cut into pieces that repeat what a model sees, and each position counts once', () => {
    expect(passes(new SequenceLoader(long, { packedSize: 5, lookBack: 2 }))).toEqual([
      ['.abcd --> abcde'],
      ['__efg --> __fgh'],
      ['__hij --> __ij.'],
      ['.kl__ --> kl.__'],
    ]);
    const [batch] = new SequenceLoader(long, { packedSize: 12, rows: 2, lookBack: 2 });
    expect(show(batch)).toEqual(['.abcdefghij_ --> abcdefghij._', '.kl_________ --> kl._________']);
  });
  it('has what comes before a piece in its inputs', () => {
    const [, second] = Array.from(new SequenceLoader(long, { packedSize: 5, lookBack: 2 }), (b) =>
      tokenizer.decode(b.inputs),
    );
    expect(second).toBe('cdefg');
  });
  it('is an error without it, or with one that fills the row', () => {
    expect(() => new SequenceLoader(long, { packedSize: 5 })).toThrow(
      'SequenceLoader: packedSize must hold the longest line, 11 positions; got 5',
    );
    expect(() => new SequenceLoader(long, { packedSize: 5, lookBack: 5 })).toThrow(
      'packedSize must hold the longest line, 11 positions, or be above lookBack, 5; got 5',
    );
  });
});
