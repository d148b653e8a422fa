import { describe, expect, it } from 'vitest';
import { CharTokenizer, encodeLines, NextTokenDataset, SequenceDataset } from '../src/index.js';
import type { Tokenizer } from '../src/index.js';

/** Each character is its own number, padding is 0. */
const byCodePoint = (vocabSize: number): Tokenizer => ({
  vocabSize,
  paddingIndex: 0,
  encode: (text) => Int32Array.from(text, (character) => character.codePointAt(0) ?? 0),
  decode: (tokens) => String.fromCodePoint(...tokens),
});

describe('encodeLines', () => {
  it('begins each line with padding and ends the last with it', () => {
    const lines = encodeLines(['ab', '', 'c'], CharTokenizer.fromAlphabet('abc'));
    expect([...lines.tokens]).toEqual([0, 1, 2, 0, 0, 3, 0]);
    expect([...lines.starts]).toEqual([0, 3, 4, 6]);
    expect(lines).toMatchObject({ length: 3, positions: 6, longest: 3, paddingIndex: 0 });
  });
  it.each([
    [256, Uint8Array],
    [257, Uint16Array],
    [65_536, Uint16Array],
    [65_537, Int32Array],
  ])('keeps %d tokens in the smallest integers', (vocabSize, type) => {
    const last = String.fromCodePoint(vocabSize - 1);
    const { tokens } = encodeLines([last, `a${last}`], byCodePoint(vocabSize));
    expect(tokens).toBeInstanceOf(type);
    expect([...tokens]).toEqual([0, vocabSize - 1, 0, 97, vocabSize - 1, 0]);
  });
  it('has room for more tokens than UTF-16 code units', () => {
    const bytes: Tokenizer = {
      ...byCodePoint(257),
      paddingIndex: 256,
      encode: (text) => Int32Array.from(new TextEncoder().encode(text)),
    };
    const { tokens } = encodeLines(['€', '€€€', 'a'], bytes);
    const euro = [0xe2, 0x82, 0xac];
    expect([...tokens]).toEqual([256, ...euro, 256, ...euro, ...euro, ...euro, 256, 97, 256]);
  });
  it.each([
    ['c', 99],
    ['\0', 0],
  ])('refuses what is no token of a text: %j', (line, token) => {
    const encode = () => encodeLines(['a', line], byCodePoint(99));
    expect(encode).toThrow(RangeError);
    expect(encode).toThrow(
      `encodeLines: line 2: the tokenizer must give tokens below its vocabSize that aren't padding; got ${token}`,
    );
  });
  it('is shared by data sets', () => {
    const tokenizer = CharTokenizer.fromAlphabet('abc');
    const lines = encodeLines(['ab', 'c'], tokenizer);
    expect(new NextTokenDataset(lines, tokenizer, 4).lines).toBe(lines);
    expect(new SequenceDataset(lines, tokenizer).lines).toBe(lines);
  });
});
