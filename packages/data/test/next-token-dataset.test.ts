import { describe, expect, it } from 'vitest';
import { CharTokenizer, DataError, NextTokenDataset, preview } from '../src/index.js';
import { allRows } from './all-rows.js';
import { thrownBy } from './thrown-by.js';

const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');

describe('NextTokenDataset', () => {
  it('makes a row for each character and the end', () => {
    const dataset = new NextTokenDataset(['ab', 'c'], tokenizer, 3);
    expect(dataset.length).toBe(5);
    expect(dataset.contextSize).toBe(3);
    expect([...allRows(dataset).inputs]).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 3]);
    expect([...allRows(dataset).targets]).toEqual([1, 2, 0, 3, 0]);
  });
  it('keeps the last tokens of a context that is too short', () => {
    const dataset = new NextTokenDataset(['abcd'], tokenizer, 1);
    expect([...allRows(dataset).inputs]).toEqual([0, 1, 2, 3, 4]);
    expect([...allRows(dataset).targets]).toEqual([1, 2, 3, 4, 0]);
  });
  it('pads with the token that the tokenizer names', () => {
    const other = {
      vocabSize: 2,
      paddingIndex: 9,
      encode: (text: string) => new Int32Array(text.length),
      decode: () => '',
    };
    const dataset = new NextTokenDataset(['x'], other, 2);
    expect([...allRows(dataset).inputs]).toEqual([9, 9, 9, 0]);
    expect([...allRows(dataset).targets]).toEqual([0, 9]);
  });
  it('names the line of an unknown character', () => {
    const error = thrownBy(() => new NextTokenDataset(['ab', 'zoé'], tokenizer, 3));
    expect(error).toMatch(/^DataError: /);
    expect(error).toContain("NextTokenDataset: line 2: 'é' (U+00E9), character 3 of 'zoé'");
  });
  it('lets other errors of a tokenizer through', () => {
    const broken = {
      vocabSize: 1,
      paddingIndex: 0,
      encode: (): never => {
        throw new TypeError('broken');
      },
      decode: () => '',
    };
    expect(() => new NextTokenDataset(['a'], broken, 1)).toThrow(TypeError);
  });
  it('must have a line', () => {
    expect(() => new NextTokenDataset([], tokenizer, 3)).toThrow(DataError);
  });
  it.each(['ab', null, undefined])('must have lines, not %o', (text) => {
    const error = thrownBy(() => Reflect.construct(NextTokenDataset, [text, tokenizer, 3]));
    expect(error).toMatch(/^TypeError: /);
    expect(error).toContain('lines must be an array; split a text by splitLines');
  });
  it.each([0, -1, 1.5, Number.NaN, Infinity])('must have a context size from 1 on: %d', (size) => {
    const make = () => new NextTokenDataset(['ab'], tokenizer, size);
    expect(make).toThrow(RangeError);
    expect(make).toThrow(
      `NextTokenDataset: contextSize must be a whole number from 1 on; got ${size}`,
    );
  });
});

describe('preview', () => {
  const dataset = new NextTokenDataset(['key'], tokenizer, 8);
  it('prints rows as the lecture does', () => {
    expect(preview(dataset, tokenizer, 2)).toEqual(['........ --> k', '.......k --> e']);
  });
  it('stops at the last row', () => {
    expect(preview(dataset, tokenizer, 99).at(-1)).toBe('.....key --> .');
    expect(preview(dataset, tokenizer, 99)).toHaveLength(4);
    expect(preview(dataset, tokenizer, 0)).toEqual([]);
    expect(() => preview(dataset, tokenizer, -1)).toThrow(RangeError);
  });
});
