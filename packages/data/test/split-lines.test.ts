import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  BytesTokenizer,
  CharTokenizer,
  duplicateReport,
  encodeLines,
  encodeText,
  LineIndex,
  splitLines,
  splitTokenLines,
  firstLines,
  spreadLines,
  type TextTokenizer,
  tokenLinesOf,
  trainTestSplit,
} from '../src/index.js';

const TEXT =
  'ab\r\nc\n\n\r\nab\n😀é\r\r\nde\u0301\nab\nlast line, which has no end and is longer than the others\r';
const separate = { lineEnds: 'separate' } as const;
const tokenizers: [string, TextTokenizer][] = [
  ['characters', CharTokenizer.fromText(TEXT)],
  ['composed characters', CharTokenizer.fromText(TEXT, { normalize: 'nfc' })],
  ['graphemes', CharTokenizer.fromText(TEXT, { characters: 'graphemes' })],
  ['bytes', new BytesTokenizer()],
];

/** A text cut into pieces of a size. */
function* cut(text: string, size: number): Iterable<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

describe.each(tokenizers)('lines in pieces, by %s', (_, tokenizer) => {
  const lines = splitLines(TEXT);
  it('are those of the whole text, wherever it is cut', async () => {
    const whole = encodeLines(lines, tokenizer);
    for (let size = 1; size <= 12; size++) {
      const { tokens, characters } = await encodeText(cut(TEXT, size), tokenizer, separate);
      expect(tokenLinesOf(tokens, tokenizer)).toEqual(whole);
      const composed = tokenizer.decode(tokenizer.encode(lines.join('')));
      expect(characters).toBe(Array.from(composed).length + lines.length);
    }
  });
  it.each([false, true])('are split as strings are, distinct: %s', async (distinct) => {
    const { tokens } = await encodeText(TEXT, tokenizer, separate);
    for (const seed of [1, 2, 3, 4, 5]) {
      const options = { testSize: 0.4, distinct };
      const generator = () => Generator.seeded(seed);
      const strings = trainTestSplit(lines, { ...options, generator: generator() });
      const counts: number[] = [];
      const split = splitTokenLines(tokens, tokenizer, {
        ...options,
        generator: generator(),
        onCounted: (n) => counts.push(n),
      });
      expect(split.train).toEqual(encodeLines(strings.train, tokenizer));
      expect(split.test).toEqual(encodeLines(strings.test, tokenizer));
      expect(counts).toEqual([distinct ? new Set(lines).size : lines.length]);
      expect(duplicateReport(split.train, split.test)).toEqual(
        duplicateReport(strings.train, strings.test),
      );
    }
  });
});

describe('lines as tokens', () => {
  const tokenizer = CharTokenizer.fromAlphabet('abc');
  const lines = encodeLines(['ab', '', 'c', 'ab', 'abc', 'c', 'cab'], tokenizer);
  it('are found by their tokens', () => {
    const index = new LineIndex([lines]);
    expect(Array.from({ length: 7 }, (_, i) => index.add(0, i))).toEqual([0, 1, 2, 0, 4, 2, 6]);
    expect(index.distinct).toBe(5);
    const has = (text: string) => index.has(tokenizer.encode(text));
    expect(['ab', '', 'abc', 'a', 'ba', 'cabc'].map(has)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  it('are spread evenly where some are enough', () => {
    expect(spreadLines(lines, lines.positions)).toBe(lines);
    expect(spreadLines(lines, 10)).toEqual(encodeLines(['ab', 'c', 'abc', 'cab'], tokenizer));
    expect(spreadLines(lines, 1)).toEqual(encodeLines(['ab'], tokenizer));
  });
  it('are cut off after some, on the same memory', () => {
    const some = firstLines(lines, 3);
    expect(some).toEqual(encodeLines(['ab', '', 'c'], tokenizer));
    expect(some.tokens.buffer).toBe(lines.tokens.buffer);
    expect(firstLines(lines, 7)).toEqual(lines);
    for (const length of [0, 8, 1.5]) {
      expect(() => firstLines(lines, length)).toThrow(
        `firstLines: length must be a whole number from 1 to 7, the lines that there are; got ${length}`,
      );
    }
  });
  it('that no line is are refused', async () => {
    const { tokens } = await encodeText('\n\r\n\n', tokenizer, separate);
    expect(tokens.length).toBe(1);
    expect(() => tokenLinesOf(tokens, tokenizer)).toThrow('a text must have a line; got none');
    const generator = Generator.seeded(1);
    expect(() => splitTokenLines(tokens, tokenizer, { testSize: 0.5, generator })).toThrow(
      'both sides must have an item',
    );
    const none = CharTokenizer.fromAlphabet('abc', { padding: false });
    await expect(encodeText('a', none, separate)).rejects.toThrow('the tokenizer has no padding');
    expect(() => duplicateReport(lines, ['ab'])).toThrow('both sides must be strings, or both');
  });
});
