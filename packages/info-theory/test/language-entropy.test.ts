import { readFileSync } from 'node:fs';
import { Generator } from '@llm101/random';
import { expectClose, namesPath } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conditionalEntropy,
  entropy,
  distribution,
  grassbergerEntropy,
  jointDistribution,
  matchLengthRate,
  NgramModel,
  ngramEntropies,
  sequenceCrossEntropy,
  tally,
} from '../src/index.js';

const bits = { unit: 'bits' } as const;

describe('ngramEntropies', () => {
  it('of a word by hand', () => {
    // abab|abac: a 4, b 3, c 1; at the start a twice; after a: b 3, c 1; after b: a 2 (the third ends its line).
    const lines = [
      [0, 1, 0, 1],
      [0, 1, 0, 2],
    ];
    const entropies = ngramEntropies(lines, { size: 4, order: 3, ...bits });
    const afterA = entropy([3 / 4, 1 / 4], bits);
    // Two back: start a -> b b; ab -> a a; ba -> b c.
    expectClose(
      entropies,
      [2, entropy([4 / 8, 3 / 8, 1 / 8], bits), (4 / 8) * afterA, (2 / 8) * 1],
      { absolute: 1e-14 },
    );
  });
  it('falls with the length of context, from ln size on', () => {
    const line = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        fc.pre(lines.some((symbols) => symbols.length > 0));
        const entropies = ngramEntropies(lines, { size: 4, order: 5 });
        for (let n = 1; n < entropies.length; n++) {
          expect(entropies[n]).toBeLessThanOrEqual(entropies[n - 1] + 1e-13);
          expect(entropies[n]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
  it('are what the measures say of one text', () => {
    const random = Generator.seeded(3);
    const text = Array.from({ length: 500 }, () => Math.floor(random.nextDouble() ** 2 * 4));
    const entropies = ngramEntropies([text], { size: 4, order: 2 });
    expectClose(entropies[1], entropy(distribution(tally(text, 4))), { relative: 1e-13 });
    // The first symbol has the start before it: a fifth context, which leaves nothing open.
    const pairs = Array.from({ length: 5 }, () => new Float64Array(4));
    pairs[4][text[0]] = 1;
    for (let i = 1; i < text.length; i++) pairs[text[i - 1]][text[i]]++;
    expectClose(entropies[2], conditionalEntropy(jointDistribution(pairs)), { relative: 1e-12 });
  });
  it.each([
    [() => ngramEntropies([], { size: 2, order: 1 }), 'the sequences must have a symbol; got none'],
    [() => ngramEntropies([[2]], { size: 2, order: 1 }), 'a symbol must be a whole number, 0 … 1'],
    [() => ngramEntropies([[0]], { size: 2, order: -1 }), 'order must be a whole number from 0 on'],
  ])('%o', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

/** The estimator as its paper writes it, in cubic time. */
function matchLengthsByDefinition(text: number[]): number {
  let sum = 0;
  let places = 0;
  const s = text.map((symbol) => String.fromCharCode(97 + symbol)).join('');
  for (let i = 2; i < s.length; i++) {
    let length = 1;
    while (i + length <= s.length && s.slice(0, i).includes(s.slice(i, i + length))) length++;
    if (i + length > s.length) break;
    sum += length / Math.log(i);
    places++;
  }
  return places === 0 ? 0 : places / sum;
}

describe('matchLengthRate', () => {
  it('equals its definition', () => {
    const text = fc
      .integer({ min: 1, max: 3 })
      .chain((most) =>
        fc.array(fc.integer({ min: 0, max: most }), { minLength: 4, maxLength: 120 }),
      );
    fc.assert(
      fc.property(text, (symbols) => {
        const expected = matchLengthsByDefinition(symbols);
        expectClose(matchLengthRate(symbols, { size: 4 }), expected, { relative: 1e-13 });
      }),
      { numRuns: 300 },
    );
  });
  it('comes near to the entropy of fair coins, and to none for what repeats', () => {
    const random = Generator.seeded(11);
    const coins = Array.from({ length: 100_000 }, () => Math.floor(random.nextDouble() * 2));
    // Converges like 1 / ln n: a tenth.
    expectClose(matchLengthRate(coins, { size: 2, ...bits }), 1, { absolute: 0.1 });
    const turns = Array.from({ length: 100_000 }, (_, i) => i % 3);
    expect(matchLengthRate(turns, { size: 3, ...bits })).toBeLessThan(0.001);
  });
  it('wants four symbols', () => {
    expect(() => matchLengthRate([0, 0, 0], { size: 1 })).toThrow('at least 4 symbols; got 3');
  });
});

const file = namesPath();
describe.skipIf(file === undefined)("the lecture's names (../shared/names.txt)", () => {
  const lines = (file === undefined ? '' : readFileSync(file, 'utf8'))
    .split('\n')
    .filter((name) => name !== '')
    .map((name) => Array.from(name, (c) => c.charCodeAt(0) - 96).concat(0));

  it('leave open 4.75, 4.07, 3.54, 3.15 bits by n-grams of 0 to 3 letters', () => {
    const entropies = ngramEntropies(lines, { size: 27, order: 4, ...bits });
    expectClose(entropies.slice(0, 4), [4.7549, 4.0723, 3.5404, 3.1534], { absolute: 5e-5 });
    const corrected = ngramEntropies(lines, {
      size: 27,
      order: 4,
      estimator: grassbergerEntropy,
      ...bits,
    });
    expect(corrected[4]).toBeGreaterThan(entropies[4]);
  });
  it('every tenth name, by n-grams of the others: Kneser–Ney is ahead of Witten–Bell', () => {
    const held = lines.filter((_, i) => i % 10 === 9);
    const crossEntropyOf = (smoothing: 'kneser-ney' | 'witten-bell', order: number) => {
      const model = new NgramModel({ size: 27, order, smoothing });
      for (const [i, line] of lines.entries()) if (i % 10 !== 9) model.observe(line);
      return sequenceCrossEntropy(model, held, bits);
    };
    const pairs = crossEntropyOf('kneser-ney', 2);
    const five = crossEntropyOf('kneser-ney', 5);
    expectClose(pairs, 3.54, { absolute: 0.03 });
    expectClose(five, 2.86, { absolute: 0.03 });
    expect(five).toBeLessThan(crossEntropyOf('witten-bell', 5) - 0.05);
  });
});
