import { Generator } from '@llm101/random';
import { describe, expect, it } from 'vitest';
import {
  answersAfter,
  BpeTokenizer,
  BytesTokenizer,
  CharTokenizer,
  countedPositions,
  DataError,
  DataLoader,
  encodeLines,
  NextTokenDataset,
  preview,
  SequenceDataset,
  SequenceLoader,
  spreadLines,
  type TextTokenizer,
  type TokenLines,
} from '../src/index.js';

const tokenizer = CharTokenizer.fromAlphabet('ab=');
const lines = ['ab=ba', 'b=b', 'a=', 'bab=bab'];
const marked = answersAfter(encodeLines(lines, tokenizer), tokenizer, '=');

/** The answers of some lines as text. */
function answersOf({ tokens, starts, answers = new Int32Array() }: TokenLines, by: TextTokenizer) {
  return Array.from(answers, (first, line) =>
    by.decode(tokens.subarray(first + 1, starts[line + 1])),
  );
}

describe('answersAfter', () => {
  it('finds what stands after the first mark of each line', () => {
    expect(answersOf(marked, tokenizer)).toEqual(['ba', 'b', '', 'bab']);
    expect(countedPositions(marked)).toBe(3 + 2 + 1 + 4);
    expect(countedPositions(encodeLines(lines, tokenizer))).toBe(6 + 4 + 3 + 8);
  });
  it('finds a mark of several characters that begins more than once', () => {
    const own = answersAfter(
      encodeLines(['aab=a', 'aaab=b=b', 'ab='], tokenizer),
      tokenizer,
      'ab=',
    );
    expect(answersOf(own, tokenizer)).toEqual(['a', 'b=b', '']);
  });
  it.each<[string, (text: string) => TextTokenizer]>([
    ['bytes', () => new BytesTokenizer()],
    [
      'merges',
      (text) => {
        const fit = BpeTokenizer.fit({ vocabSize: 300, lineEnds: 'separate' });
        fit.push(text);
        return fit.end();
      },
    ],
    [
      'composed graphemes',
      (text) => {
        const fit = CharTokenizer.fit({
          characters: 'graphemes',
          normalize: 'nfc',
          lineEnds: 'separate',
        });
        fit.push(text);
        return fit.end();
      },
    ],
  ])('finds a mark by its text, whatever a token is: %s', (_, make) => {
    const texts = ['zoe\u0301 → ana', 'anna → → 😀', '→ x'];
    const own = make(`${texts.join('\n')}\n`.repeat(50));
    const found = answersAfter(encodeLines(texts, own), own, '→');
    expect(answersOf(found, own)).toEqual([' ana', ' → 😀', ' x']);
  });
  it('begins an answer with the token that goes on behind the mark', () => {
    const fit = BpeTokenizer.fit({ vocabSize: 270, lineEnds: 'separate' });
    fit.push('((=))\n'.repeat(99));
    const own = fit.end();
    const found = answersAfter(encodeLines(['((=))'], own), own, '(');
    const [answer] = answersOf(found, own);
    expect(answer.endsWith('(=))')).toBe(true);
  });
  it('names the line that lacks the mark, and a mark that no line can have', () => {
    const ask =
      (mark: string, of = lines) =>
      () =>
        answersAfter(encodeLines(of, tokenizer), tokenizer, mark);
    expect(ask('=', ['a=b', 'ab'])).toThrow(
      new DataError(
        "every line must have '=', which its answer stands after; got 'ab'; give it one, or learn whole lines",
      ),
    );
    expect(ask('?')).toThrow(
      "every line must have '?', which its answer stands after; got 'ab=ba'",
    );
    expect(ask('')).toThrow('answersAfter: mark must have a character; got none');
  });
});

describe('data sets of lines that have answers', () => {
  it('have windows of answers alone, with the question before them', () => {
    const windows = new NextTokenDataset(marked, tokenizer, 4);
    expect(preview(windows, tokenizer, 99)).toEqual([
      '.ab= --> b',
      'ab=b --> a',
      'b=ba --> .',
      '..b= --> b',
      '.b=b --> .',
      '..a= --> .',
      'bab= --> b',
      'ab=b --> a',
      'b=ba --> b',
      '=bab --> .',
    ]);
    expect(Array.from({ length: windows.length }, (_, row) => windows.answerOf?.(row))).toEqual([
      0, 0, 0, 1, 1, 2, 3, 3, 3, 3,
    ]);
    expect(new NextTokenDataset(lines, tokenizer, 4).answerOf).toBeUndefined();
  });
  it('have other hashes than the whole lines', () => {
    const [whole, own] = [encodeLines(lines, tokenizer), marked].map((of) => [
      new NextTokenDataset(of, tokenizer, 4).hash(),
      new SequenceLoader(new SequenceDataset(of, tokenizer), { packedSize: 8 }).identity()['data'],
    ]);
    expect(whole[0]).not.toBe(own[0]);
    expect(whole[1]).not.toBe(own[1]);
    const other = { ...marked, answers: marked.starts.subarray(0, 4) };
    expect(new NextTokenDataset(other, tokenizer, 4).hash()).not.toBe(own[0]);
  });
  it('have batches whose weights are 0 but at answers, and say which answer a target is part of', () => {
    const dataset = new SequenceDataset(marked, tokenizer);
    const [batch] = new SequenceLoader(dataset, { packedSize: 10, rows: 3 });
    expect(tokenizer.decode(batch.inputs)).toBe('.ab=ba.b=b.a=........bab=bab..');
    expect([...(batch.weights ?? [])].join('')).toBe('000111001100100000000000111100');
    expect(Array.from(batch.answers ?? [], (answer) => (answer < 0 ? '.' : answer)).join('')).toBe(
      '...000..11..2...........3333..',
    );
    const [plain] = new SequenceLoader(new SequenceDataset(lines, tokenizer), { packedSize: 10 });
    expect(plain.answers).toBeUndefined();
  });
  it.each([
    { packedSize: 8 },
    { packedSize: 5, rows: 2, lookBack: 3 },
    { packedSize: 3, lookBack: 2 },
    { batchSize: 2 },
  ])('have every target of an answer once: %o', (layout) => {
    const dataset = new SequenceDataset(marked, tokenizer);
    const generator = Generator.seeded(7);
    const found = lines.map(() => '');
    let count = 0;
    for (const pass of [new SequenceLoader(dataset, { ...layout, shuffle: true, generator })]) {
      for (const { targets, weights = [], answers = [] } of pass) {
        let counted = 0;
        for (const [i, weight] of Array.from(weights).entries()) {
          expect(weight === 1).toBe(answers[i] >= 0);
          if (weight === 0) continue;
          counted++;
          found[answers[i]] += tokenizer.decode([targets[i]]);
        }
        expect(counted).toBeGreaterThan(0);
        count += counted;
      }
    }
    expect(count).toBe(countedPositions(marked));
    const sorted = (text: string): string => Array.from(text).toSorted().join('');
    expect(found.map(sorted)).toEqual(['ba.', 'b.', '.', 'bab.'].map(sorted));
  });
  it('keep their answers where some lines are taken', () => {
    const some = spreadLines(marked, 12);
    expect(some.length).toBeLessThan(lines.length);
    expect(answersOf(some, tokenizer)).toEqual(['ba', '']);
  });
  it('are drawn by the same loaders as others', () => {
    const windows = new NextTokenDataset(marked, tokenizer, 4);
    const drawn = Array.from(
      new DataLoader(windows, { batchSize: 4, shuffle: true, generator: Generator.seeded(1) }),
      ({ size }) => size,
    );
    expect(drawn).toEqual([4, 4, 2]);
  });
  it('must have a position of each line', () => {
    const wrong = (answers: Int32Array) => () =>
      new SequenceDataset({ ...marked, answers }, tokenizer);
    expect(wrong(Int32Array.of(1, 2))).toThrow(
      'answers must have a number for each line; got 2 for 4',
    );
    expect(wrong(Int32Array.of(9, 1, 2, 3))).toThrow('the answer of line 1 must be in it; got');
  });
});
