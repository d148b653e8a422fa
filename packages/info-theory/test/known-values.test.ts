import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  bitsFromNats,
  conditionalEntropy,
  crossEntropy,
  distribution,
  entropy,
  jensenShannonDistance,
  jensenShannonDivergence,
  jointDistribution,
  jointEntropy,
  klDivergence,
  mutualInformation,
  natsFromBits,
  perplexity,
  surprisal,
} from '../src/index.js';

const bits = { unit: 'bits' } as const;
// A handful of roundings of numbers around 1.
const rounding = { absolute: 1e-15, relative: 1e-15 };

describe('coins', () => {
  it('a fair coin has one bit, ln 2 nats', () => {
    expect(entropy([0.5, 0.5], bits)).toBe(1);
    expect(entropy([0.5, 0.5])).toBe(Math.LN2);
    expect(entropy([0.5, 0.5], { unit: 'nats' })).toBe(Math.LN2);
  });
  it('a coin of 1/4 has 2 - 3/4 log2 3 bits', () => {
    expectClose(entropy([0.25, 0.75], bits), 2 - 0.75 * Math.log2(3), rounding);
  });
  it('a coin with two heads has none, and the zero is positive', () => {
    expect(entropy([1, 0])).toBe(0);
    expect(entropy([1])).toBe(0);
    expect(surprisal(1)).toBe(0);
    expect(crossEntropy([1, 0], [1, 0])).toBe(0);
  });
  it('surprisal counts halvings', () => {
    expectClose(surprisal(1 / 8, bits), 3, rounding);
    expect(surprisal(0)).toBe(Infinity);
  });
  it('fair and biased coins diverge by known amounts, which differ by direction', () => {
    // Cover and Thomas (2006), example 2.3.1, with r = 1/2 and s = 1/4.
    expectClose(klDivergence([0.5, 0.5], [0.75, 0.25], bits), 1 - 0.5 * Math.log2(3), rounding);
    expectClose(klDivergence([0.75, 0.25], [0.5, 0.5], bits), 0.75 * Math.log2(3) - 1, rounding);
    expectClose(crossEntropy([0.75, 0.25], [0.5, 0.5], bits), 1, rounding);
  });
});

// Cover and Thomas (2006), example 2.2.1: rows are Y, columns are X.
const byY = [
  [1 / 8, 1 / 16, 1 / 32, 1 / 32],
  [1 / 16, 1 / 8, 1 / 32, 1 / 32],
  [1 / 16, 1 / 16, 1 / 16, 1 / 16],
  [1 / 4, 0, 0, 0],
];
const byX = byY[0].map((_, x) => byY.map((row) => row[x]));

describe('the joint distribution of Cover and Thomas, example 2.2.1', () => {
  it.each([
    ['H(X)', entropy([1 / 2, 1 / 4, 1 / 8, 1 / 8], bits), 7 / 4],
    ['H(Y)', entropy([1 / 4, 1 / 4, 1 / 4, 1 / 4], bits), 2],
    ['H(X|Y)', conditionalEntropy(byY, bits), 11 / 8],
    ['H(Y|X)', conditionalEntropy(byX, bits), 13 / 8],
    ['H(X,Y)', jointEntropy(byX, bits), 27 / 8],
    ['I(X;Y)', mutualInformation(byX, bits), 3 / 8],
    ['I(Y;X)', mutualInformation(byY, bits), 3 / 8],
  ])('%s', (_name, actual, expected) => {
    expectClose(actual, expected, rounding);
  });
});

describe('extremes', () => {
  it('what was ruled out and happens costs infinitely much', () => {
    expect(crossEntropy([0.5, 0.5], [1, 0])).toBe(Infinity);
    expect(klDivergence([0.5, 0.5], [1, 0])).toBe(Infinity);
  });
  it('what is possible and never happens costs only its part', () => {
    expectClose(klDivergence([1, 0], [0.5, 0.5], bits), 1, rounding);
    expect(klDivergence([1, 0], [1, 0])).toBe(0);
  });
  it('distributions with nothing in common are ln 2 apart', () => {
    expectClose(jensenShannonDivergence([0.3, 0.7, 0], [0, 0, 1]), Math.LN2, rounding);
    expectClose(jensenShannonDistance([1, 0], [0, 1], bits), 1, rounding);
  });
  it('the smallest probabilities neither overflow nor vanish into Infinity', () => {
    const least = Number.MIN_VALUE;
    expectClose(klDivergence([1, 0], [1, least]), 0, rounding);
    expectClose(klDivergence([0, 1], [1, least]), 1074 * Math.LN2, { relative: 1e-15 });
    expectClose(jensenShannonDivergence([1, least], [1, 0]), 0, rounding);
    expectClose(mutualInformation([[1e-200], [1]]), 0, rounding);
    expectClose(
      mutualInformation([
        [1e-200, 0],
        [0, 1],
      ]),
      200 * Math.LN10 * 1e-200,
      { relative: 1e-2 }, // plus 1e-200 for the other cell: 0.2 %
    );
  });
});

describe('accuracy', () => {
  it('keeps the digits of a small divergence', () => {
    const d = 2 ** -30; // exact beside 1/2; series: D = 2 d^2 + O(d^4), half a quarter of it for the mean
    const p = [0.5 + d, 0.5 - d];
    const q = [0.5, 0.5];
    // Rounding of 1e-16 · d against d^2.
    expectClose(klDivergence(p, q), 2 * d * d, { relative: 1e-6 });
    expectClose(jensenShannonDivergence(p, q), (d * d) / 2, { relative: 1e-6 });
    // Joint of two fair coins that agree a little more often: I = 2 (2 d)^2 with d on each cell.
    const table = [
      [0.25 + d, 0.25 - d],
      [0.25 - d, 0.25 + d],
    ];
    expectClose(mutualInformation(table), 8 * d * d, { relative: 1e-6 });
  });
  it('is not negative where the summands round to -1.2e-32', () => {
    const p = [0.5260500075601591, 0.47394999243984093];
    const q = [0.5260500075601592, 0.4739499924398408];
    expect(klDivergence(p, q)).toBe(0);
    const independent = jointDistribution([
      [390, 165],
      [780, 330],
    ]);
    expect(mutualInformation(independent)).toBe(0);
  });
  it('sums that are off by a rounding of float32 make no divergence', () => {
    const q = [0.2, 0.3, 0.5];
    for (const factor of [1 - 5e-7, 1 + 5e-7]) {
      const p = q.map((value) => value * factor);
      // (5e-7)^2 / 2; without the correction 5e-7, of either sign.
      expectClose(klDivergence(p, q), 1.25e-13, { relative: 1e-3 });
      expect(mutualInformation([p.map((v) => v / 2), p.map((v) => v / 2)])).toBeLessThan(1e-12);
    }
  });
  it.each([27, 256])('takes a softmax over %i classes computed in float32', (n) => {
    const weights = Float32Array.from({ length: n }, (_, i) => Math.exp(3 * Math.sin(i * i)));
    let total = 0;
    for (const weight of weights) total = Math.fround(total + weight);
    const softmax = weights.map((weight) => weight / total);
    expectClose(entropy(softmax), entropy(distribution(weights)), { relative: 1e-6 });
  });
});

describe('distribution', () => {
  it('normalises counts', () => {
    expect(distribution([4, 2, 1, 1])).toEqual(Float64Array.of(0.5, 0.25, 0.125, 0.125));
    expect(distribution(Int32Array.of(0, 3))).toEqual(Float64Array.of(0, 1));
  });
  it('normalises tables', () => {
    expect(jointDistribution([[1, 0], Int32Array.of(1, 2)])).toEqual([
      Float64Array.of(0.25, 0),
      Float64Array.of(0.25, 0.5),
    ]);
  });
});

describe('units and perplexity', () => {
  it('converts', () => {
    expect(bitsFromNats(Math.LN2)).toBe(1);
    expect(natsFromBits(1)).toBe(Math.LN2);
    expect(bitsFromNats(-Infinity)).toBe(-Infinity);
  });
  it('perplexity is the number of equally likely choices', () => {
    expect(perplexity(0)).toBe(1);
    expectClose(perplexity(Math.log(27)), 27, { relative: 1e-15 });
    expectClose(perplexity(natsFromBits(3)), 8, { relative: 1e-15 });
    expect(perplexity(Infinity)).toBe(Infinity);
  });
});
