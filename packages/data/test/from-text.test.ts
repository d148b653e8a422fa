import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  type BlockDataset,
  CharTokenizer,
  DataError,
  loadBlocks,
  loadText,
  loadWindows,
  NextTokenDataset,
  splitBlocks,
  splitLines,
  splitSequences,
  splitWindows,
  trainTestSplit,
} from '../src/index.js';
import { allRows } from './all-rows.js';

const seeded = () => Generator.seeded(101);

describe('data sets in one call', () => {
  it('are those of the four calls behind it', async () => {
    const { text } = await loadText('names');
    const lines = trainTestSplit(splitLines(text), { testSize: 0.1, generator: seeded() });
    const tokenizer = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
    const windows = await loadWindows('names', { contextSize: 16, generator: seeded() });
    expect(windows.tokenizer.vocabSize).toBe(tokenizer.vocabSize);
    for (const side of ['train', 'test'] as const) {
      const expected = new NextTokenDataset(lines[side], tokenizer, 16);
      expect(windows[side].length).toBe(expected.length);
      expect(allRows(windows[side])).toEqual(allRows(expected));
    }
  });
  it('or whole lines', () => {
    const options = { generator: seeded(), testSize: 0.5 };
    const { tokenizer, train, test } = splitSequences('ab\nc\n', options);
    const texts = [train, test].map(({ lines }) => tokenizer.decode(lines.tokens));
    expect(texts.toSorted()).toEqual(['.ab.', '.c.']);
  });
  it('hold out as much, and number characters, as asked for', () => {
    const tokenizer = CharTokenizer.fromAlphabet('cba');
    const options = { contextSize: 2, generator: seeded(), testSize: 0.5, tokenizer };
    const { train, test } = splitWindows('a\nb\n', options);
    expect(
      [train, test].flatMap((side) => Array.from(allRows(side).targets)).toSorted((a, b) => a - b),
    ).toEqual([0, 0, 2, 3]);
    expect([train.length, test.length]).toEqual([2, 2]);
  });
  it('or blocks of one text, the end held out', async () => {
    const { tokenizer, train, test } = splitBlocks('ab\nba\nab', { contextSize: 2, testSize: 0.4 });
    expect([tokenizer.vocabSize, train.length, test.length]).toEqual([3, 2, 1]);
    expect(tokenizer.decode(allRows(train).inputs)).toBe('abb\n');
    expect(tokenizer.decode(allRows(train).targets)).toBe('b\n\nb');
    expect(tokenizer.decode(allRows(test).inputs)).toBe('a\n');
    const loaded = await loadBlocks('names', { contextSize: 16, targets: 'last' });
    expect(loaded.tokenizer.vocabSize).toBe(27);
    expect(loaded.train.length).toBe(Math.floor(58_955 * 0.9) - 16);
    expect(loaded.train.targetsPerRow).toBe(1);
    expect(() => splitBlocks('ab', { contextSize: 2 })).toThrow(DataError);
  });
  it('or blocks of lines that are held out at random', () => {
    const text = 'ab\nba\naa\nbb\n';
    const options = { contextSize: 2, testSize: 0.5, generator: seeded() };
    const { tokenizer, train, test } = splitBlocks(text, options);
    const lines = trainTestSplit(splitLines(text), { testSize: 0.5, generator: seeded() });
    const textOf = ({ tokens }: BlockDataset): string => {
      const all = new Int32Array(tokens.length);
      tokens.copy(0, all.length, all, 0);
      return tokenizer.decode(all);
    };
    expect([train, test].map(textOf)).toEqual([
      `${lines.train.join('\n')}\n`,
      `${lines.test.join('\n')}\n`,
    ]);
  });
  it('say what is wrong with the text', () => {
    const options = { contextSize: 2, generator: seeded() };
    expect(() => splitWindows('', options)).toThrow(DataError);
    const tokenizer = CharTokenizer.fromAlphabet('ab');
    expect(() => splitWindows('ab\nax\n', { ...options, tokenizer })).toThrow(/x/);
  });
});
