// Hand-derived values of the measures beyond entropy and divergence, and what they refuse.
import { expectClose } from '@tools/testing';
import { describe, expect, it } from 'vitest';
import {
  conditionalMutualInformation,
  entropy,
  gaussianEntropy,
  redundancy,
  renyiEntropy,
  tally,
  tallyPairs,
  totalVariation,
  typicalSet,
} from '../src/index.js';

const bits = { unit: 'bits' } as const;
// A handful of roundings of numbers around 1.
const rounding = { absolute: 1e-15, relative: 1e-15 };

describe('renyiEntropy', () => {
  const p = [1 / 2, 1 / 4, 1 / 8, 1 / 8, 0];
  it.each([
    [0, 2], // four of five values are possible
    [1, 7 / 4],
    [2, Math.log2(32 / 11)], // Σ p² = 1/4 + 1/16 + 2/64 = 11/32
    [3, Math.log2(256 / 37) / 2], // Σ p³ = 1/8 + 1/64 + 2/512 = 37/256
    [Infinity, 1],
  ])('of order %d', (order, expected) => {
    expectClose(renyiEntropy(p, { order, ...bits }), expected, rounding);
  });
  it('comes near to Shannon entropy from both sides without losing digits', () => {
    // d/dα at 1 is minus half the variance of the surprisal: (1/4 · 9/16 · 2 + 1/4 · 25/16 ...) is 11/16 bit² here.
    const slope = (-11 / 16 / 2) * Math.LN2;
    for (const step of [1e-3, 1e-6, 1e-9, -1e-9, -1e-6, -1e-3]) {
      const order = 1 + step; // the rounded sum, so its exact distance from 1 counts
      const difference = renyiEntropy(p, { order, ...bits }) - 7 / 4;
      // A second-order term of about step², and roundings of numbers around 2.
      expectClose(difference, slope * (order - 1), { absolute: step * step + 1e-15 });
    }
  });
  it('is 0, not -0, for what is certain', () => {
    for (const order of [0, 0.5, 1, 2, Infinity]) {
      expect(renyiEntropy([1, 0], { order })).toBe(0);
    }
  });
  it.each([-1, NaN])('order %d', (order) => {
    expect(() => renyiEntropy([1], { order })).toThrow(
      new RangeError(`renyiEntropy: order must be at least 0; got ${order}`),
    );
  });
});

describe('gaussianEntropy', () => {
  it('is 0 at variance 1 / 2πe, and half a bit more for twice the variance', () => {
    const unit = 1 / (2 * Math.PI * Math.E);
    expectClose(gaussianEntropy(unit), 0, { absolute: 1e-15 });
    expectClose(gaussianEntropy(2 * unit, bits), 0.5, rounding);
    expect(gaussianEntropy(unit / 2)).toBeLessThan(0);
  });
  it('correlation takes -ln(1 - ρ²) / 2 away', () => {
    const apart = gaussianEntropy([
      [4, 0],
      [0, 9],
    ]);
    const together = gaussianEntropy([
      [4, 3],
      [3, 9],
    ]); // ρ = 3 / (2 · 3)
    expectClose(apart, gaussianEntropy(4) + gaussianEntropy(9), rounding);
    expectClose(apart - together, -Math.log(3 / 4) / 2, { absolute: 1e-15 });
  });
  it.each([
    [0, 'positive definite; got a pivot of 0 at row 0'],
    [-1, 'a variance must be positive'],
    [NaN, 'covariances must be finite; got NaN at row 0, column 0'],
    [[], 'the matrix must have a row; got none'],
    [[[1, 0]], 'a covariance matrix of 1 rows must have 1 columns; got 2 at row 0'],
    [
      [
        [1, 0.5],
        [0.4, 1],
      ],
      'must be symmetric; got 0.5 at row 0, column 1 and 0.4 at row 1, column 0',
    ],
    [
      [
        [1, 2],
        [2, 1],
      ],
      'positive definite; got a pivot of -3 at row 1',
    ],
  ])('%j', (covariance, message) => {
    expect(() => gaussianEntropy(covariance)).toThrow(RangeError);
    expect(() => gaussianEntropy(covariance)).toThrow(message);
  });
});

describe('conditionalMutualInformation', () => {
  it('one bit where Z is the parity of two coins that know nothing of each other', () => {
    const tables = [
      [
        [1 / 4, 0],
        [0, 1 / 4],
      ],
      [
        [0, 1 / 4],
        [1 / 4, 0],
      ],
    ];
    expectClose(conditionalMutualInformation(tables, bits), 1, rounding);
  });
  it('none where Z is what X and Y have in common', () => {
    const tables = [
      [
        [1 / 2, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 1 / 2],
      ],
    ];
    expect(conditionalMutualInformation(tables)).toBe(0);
  });
  it.each([
    [[], 'there must be a table; got none'],
    [[[[0.5]], [[0.25, 0.25]]], 'tables must have the same size, 1 x 1; got 1 x 2 at table 1'],
    [[[[0.5, 0.5], [0]]], 'rows must have the same length, 2; got 1 at row 1'],
    [[[[0.5]], [[0.6]]], 'probabilities must sum to 1 (within 1e-6); got 1.1'],
  ])('%j', (tables, message) => {
    expect(() => conditionalMutualInformation(tables)).toThrow(RangeError);
    expect(() => conditionalMutualInformation(tables)).toThrow(message);
  });
});

describe('totalVariation and redundancy', () => {
  it('is the largest difference of an event', () => {
    // Of the events {0}, {1}, {2} and their unions, {0} differs most: 0.5 against 0.2.
    expectClose(totalVariation([0.5, 0.3, 0.2], [0.2, 0.5, 0.3]), 0.3, rounding);
    expect(totalVariation([1, 0], [0, 1])).toBe(1);
    expect(() => totalVariation([1], [0.5, 0.5])).toThrow('totalVariation: p and q must have');
  });
  it('is the fraction that a code saves', () => {
    expectClose(redundancy([1 / 2, 1 / 4, 1 / 8, 1 / 8]), 1 / 8, rounding);
    expect(redundancy([0.5, 0.5])).toBe(0);
    expect(redundancy([1, 0, 0])).toBe(1);
    expect(() => redundancy([1])).toThrow('redundancy: there must be two symbols or more');
  });
});

describe('typicalSet', () => {
  it('counts the sequences of a coin of 1/4', () => {
    // n = 4, H = 2 - 3/4 log2 3 = 0.811 bits. One rare symbol makes a surprisal of H exactly, none or two are off by
    // log2(3) / 4 = 0.396; so are 4 sequences, then 1 + 4 + 6.
    const h = entropy([1 / 4, 3 / 4], bits);
    const narrow = typicalSet([1 / 4, 3 / 4], { length: 4, epsilon: 0.3, ...bits });
    expectClose(narrow.probability, (4 * 27) / 256, rounding);
    expectClose(narrow.logSize, 2, rounding);
    expectClose(narrow.upperBound, 4 * (h + 0.3), rounding);
    expectClose(narrow.lowerBound, 4 * (h - 0.3) + Math.log2(108 / 256), rounding);
    const wide = typicalSet([1 / 4, 3 / 4], { length: 4, epsilon: 0.397, ...bits });
    expectClose(wide.probability, (81 + 4 * 27 + 6 * 9) / 256, rounding);
    expectClose(wide.logSize, Math.log2(11), rounding);
  });
  it('takes all sequences where all are equally likely, at whatever epsilon', () => {
    const set = typicalSet([0.25, 0.25, 0.25, 0.25, 0], { length: 30, epsilon: 1e-9, ...bits });
    expectClose(set.probability, 1, { absolute: 1e-12 }); // 5,456 types
    expectClose(set.logSize, 60, { relative: 1e-13 });
  });
  it('can be empty', () => {
    const set = typicalSet([0.3, 0.7], { length: 1, epsilon: 0.01 });
    expect([set.probability, set.logSize, set.lowerBound]).toEqual([0, -Infinity, -Infinity]);
  });
  it.each([
    [{ length: 0, epsilon: 1 }, 'length must be a whole number from 1 on; got 0'],
    [{ length: 1.5, epsilon: 1 }, 'length must be a whole number from 1 on; got 1.5'],
    [{ length: 3, epsilon: 0 }, 'epsilon must be positive; got 0'],
  ])('%j', (options, message) => {
    expect(() => typicalSet([0.5, 0.5], options)).toThrow(RangeError);
    expect(() => typicalSet([0.5, 0.5], options)).toThrow(message);
  });
  it('refuses what would take hours', () => {
    const letters = Array.from({ length: 27 }, () => 1 / 27);
    expect(() => typicalSet(letters, { length: 100, epsilon: 1 })).toThrow('take a shorter');
  });
});

describe('samples', () => {
  it('are counted', () => {
    expect(tally([2, 0, 2], 4)).toEqual(Uint32Array.of(1, 0, 2, 0));
    expect(tallyPairs({ x: [0, 1, 1], y: [2, 0, 2], rows: 2, columns: 3 })).toEqual([
      Uint32Array.of(0, 0, 1),
      Uint32Array.of(1, 0, 1),
    ]);
  });
  it.each([
    [() => tally([3], 3), 'tally: a symbol must be a whole number, 0 … 2; got 3'],
    [() => tally([0.5], 3), 'tally: a symbol must be a whole number, 0 … 2; got 0.5'],
    [() => tally([], 0), 'tally: size must be a whole number from 1 on; got 0'],
    [
      () => tallyPairs({ x: [0], y: [0, 0], rows: 1, columns: 1 }),
      'tallyPairs: x and y must have the same length; got 1 and 2',
    ],
  ])('%o', (call, message) => {
    expect(call).toThrow(new RangeError(message));
  });
});
