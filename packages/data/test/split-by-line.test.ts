import { Generator } from '@llm101/random';
import { expect, it } from 'vitest';
import { CharTokenizer, splitTextByLine, tokensInMemory, trainTestSplit } from '../src/index.js';

const tokenizer = CharTokenizer.fromText('ab \n', { lineEnds: 'characters' });
const sides = (text: string, seed: number): string[] => {
  const tokens = tokensInMemory(tokenizer.encode(text));
  const generator = Generator.seeded(seed);
  const { train, test } = splitTextByLine(tokens, tokenizer, { testSize: 0.4, generator });
  return [train, test].map((side) => {
    const all = new Int32Array(side.length);
    side.copy(0, side.length, all, 0);
    return tokenizer.decode(all);
  });
};

it.each(['a\nb\n\nab\n ba\nb', 'a\nb\n', 'a\nb'])(
  'holds out the lines that are drawn, with their ends and in their order: %j',
  (text) => {
    const lines = text.match(/.*\n|.+$/g) ?? [];
    const numbers = Array.from(lines.keys());
    for (const seed of [1, 2, 3, 4]) {
      const options = { testSize: 0.4, generator: Generator.seeded(seed) };
      const { train, test } = trainTestSplit(numbers, options);
      const textOf = (side: number[]) =>
        side
          .sort((x, y) => x - y)
          .map((i) => lines[i])
          .join('');
      expect(sides(text, seed)).toEqual([textOf(train), textOf(test)]);
    }
  },
);
it('refuses a text of one line', () => {
  expect(() => sides('ab\n', 1)).toThrow('both sides must have an item');
});
