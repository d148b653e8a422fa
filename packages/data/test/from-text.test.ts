import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  CharTokenizer,
  DataError,
  loadText,
  loadWindows,
  NextTokenDataset,
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
  it('say what is wrong with the text', () => {
    const options = { contextSize: 2, generator: seeded() };
    expect(() => splitWindows('', options)).toThrow(DataError);
    const tokenizer = CharTokenizer.fromAlphabet('ab');
    expect(() => splitWindows('ab\nax\n', { ...options, tokenizer })).toThrow(/x/);
  });
});
