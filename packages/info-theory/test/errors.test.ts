import { describe, expect, it } from 'vitest';
import {
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
  perplexity,
  surprisal,
  type UnitOptions,
} from '../src/index.js';

const fair = [0.5, 0.5];

describe('one distribution', () => {
  it.each([
    [
      [0.6, 0.6],
      'entropy: probabilities must sum to 1 (within 1e-6); got 1.2; normalise counts with distribution()',
    ],
    [[0.5, 0.499998], 'entropy: probabilities must sum to 1 (within 1e-6); got 0.99999'],
    [[], 'entropy: probabilities must not be empty; got none'],
    [
      [4, 2],
      'entropy: probabilities must lie in [0, 1]; got 4 at index 0; normalise counts with distribution()',
    ],
    [[0.5, -0.5, 1], 'entropy: probabilities must lie in [0, 1]; got -0.5 at index 1'],
    [[0.5, NaN], 'entropy: probabilities must lie in [0, 1]; got NaN at index 1'],
    [[0.5, Infinity], 'entropy: probabilities must lie in [0, 1]; got Infinity at index 1'],
  ])('entropy(%j)', (p, message) => {
    expect(() => entropy(p)).toThrow(RangeError);
    expect(() => entropy(p)).toThrow(message);
  });
  it('a sum within 1e-6 passes', () => {
    expect(() => entropy([0.5, 0.4999995])).not.toThrow();
    expect(() => entropy([0.5, 0.5000005])).not.toThrow();
  });
  it.each([-0.1, 1.1, NaN])('surprisal(%d)', (p) => {
    expect(() => surprisal(p)).toThrow(
      new RangeError(`surprisal: a probability must lie in [0, 1]; got ${p}`),
    );
  });
});

describe.each([crossEntropy, klDivergence, jensenShannonDivergence, jensenShannonDistance])(
  '$name',
  (measure) => {
    const where = measure.name;
    it.each([
      [fair, [0.5, 0.25, 0.25], 'p and q must have the same length; got 2 and 3'],
      [[1, 1], fair, 'probabilities of p must sum to 1 (within 1e-6); got 2'],
      [fair, [1, 1], 'probabilities of q must sum to 1 (within 1e-6); got 2'],
      [fair, [2, -1], 'probabilities of q must lie in [0, 1]; got 2 at index 0'],
      [[], [], 'probabilities of p must not be empty; got none'],
    ])('(%j, %j)', (p, q, message) => {
      expect(() => measure(p, q)).toThrow(RangeError);
      expect(() => measure(p, q)).toThrow(`${where}: ${message}`);
    });
  },
);

describe.each([jointEntropy, conditionalEntropy, mutualInformation])('$name', (measure) => {
  const where = measure.name;
  it.each([
    [[], 'the table must have a row and a column; got none'],
    [[[]], 'the table must have a row and a column; got none'],
    [[fair, [0]], 'rows must have the same length, 2; got 1 at row 1'],
    [
      [[0, 3]],
      'probabilities must lie in [0, 1]; got 3 at row 0, column 1; normalise counts with jointDistribution()',
    ],
    [[[0.5], [NaN]], 'probabilities must lie in [0, 1]; got NaN at row 1, column 0'],
    [
      [fair, fair],
      'probabilities must sum to 1 (within 1e-6); got 2; normalise counts with jointDistribution()',
    ],
  ])('(%j)', (table, message) => {
    expect(() => measure(table)).toThrow(RangeError);
    expect(() => measure(table)).toThrow(`${where}: ${message}`);
  });
});

describe('counts', () => {
  it.each([
    [() => distribution([]), 'distribution: counts must have a positive, finite sum; got 0'],
    [() => distribution([0, 0]), 'distribution: counts must have a positive, finite sum; got 0'],
    [() => distribution([1e308, 1e308]), 'must have a positive, finite sum; got Infinity'],
    [() => distribution([1, -1]), 'counts must be finite and not negative; got -1 at index 1'],
    [() => distribution([NaN]), 'counts must be finite and not negative; got NaN at index 0'],
    [() => jointDistribution([]), 'jointDistribution: the table must have a row and a column'],
    [() => jointDistribution([[1], []]), 'jointDistribution: rows must have the same length, 1'],
    [
      () => jointDistribution([[1], [-1]]),
      'jointDistribution: counts of row 1 must be finite and not negative; got -1 at index 0',
    ],
    [() => jointDistribution([[0]]), 'jointDistribution: counts must have a positive, finite sum'],
  ])('%o', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

it.each([-1, -1e-9, NaN])('perplexity(%d)', (loss) => {
  expect(() => perplexity(loss)).toThrow(
    new RangeError(`perplexity: a loss in nats must be at least 0; got ${loss}`),
  );
});

describe('an unknown unit', () => {
  // @ts-expect-error: 'bit' is not a unit
  const options: UnitOptions = { unit: 'bit' };
  it.each([
    ['surprisal', () => surprisal(1, options)],
    ['entropy', () => entropy(fair, options)],
    ['crossEntropy', () => crossEntropy(fair, fair, options)],
    ['klDivergence', () => klDivergence(fair, fair, options)],
    ['jensenShannonDivergence', () => jensenShannonDivergence(fair, fair, options)],
    ['jensenShannonDistance', () => jensenShannonDistance(fair, fair, options)],
    ['jointEntropy', () => jointEntropy([fair], options)],
    ['conditionalEntropy', () => conditionalEntropy([fair], options)],
    ['mutualInformation', () => mutualInformation([fair], options)],
  ])('%s', (where, call) => {
    expect(call).toThrow(new RangeError(`${where}: unit must be 'nats' or 'bits'; got bit`));
  });
});
