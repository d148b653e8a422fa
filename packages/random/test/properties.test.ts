import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exponential,
  Generator,
  multinomial,
  normal,
  permutation,
  rand,
  randint,
  randintInt64,
  randomInt64,
  randperm,
  uniform,
  computedOrder,
} from '../src/index.js';

const streams = {
  rand: (g: Generator) => rand(g, 7),
  uniform: (g: Generator) => uniform(g, 7, { low: -1, high: 2 }),
  normalPairs: (g: Generator) => normal(g, 7),
  normalBlocks: (g: Generator) => normal(g, 21),
  randperm: (g: Generator) => randperm(g, 7),
  permutation: (g: Generator) => permutation(g, 7),
  randomInt64: (g: Generator) => randomInt64(g),
  randint: (g: Generator) => randint(g, 7, { low: -3, high: 5 }),
  randintInt64: (g: Generator) => randintInt64(g, 7, { high: 2n ** 50n }),
  exponential: (g: Generator) => exponential(g, 7),
  multinomial: (g: Generator) => multinomial(g, [1, 2, 3, 4], { count: 3 }),
  multinomialAgain: (g: Generator) => multinomial(g, [1, 2, 3, 4], { count: 7, replacement: true }),
  nextDouble: (g: Generator) => g.nextDouble(),
};
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe.each(Object.entries(streams))('%s', (_name, draw) => {
  it('depends on the seed alone', () => {
    fc.assert(
      fc.property(seed, (s) => {
        expect(draw(Generator.seeded(s))).toEqual(draw(Generator.seeded(s)));
      }),
      { numRuns: 20 },
    );
  });
  it('continues from a saved state, wherever it was saved', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 1300 }), (s, skipped) => {
        const generator = Generator.seeded(s);
        normal(generator, 3); // leaves half a pair behind
        for (let i = 0; i < skipped; i++) generator.nextUint32();
        const saved = generator.state();
        const expected = [draw(generator), draw(generator)];
        const resumed = Generator.fromState(saved);
        expect([draw(resumed), draw(resumed)]).toEqual(expected);
        generator.load(saved);
        expect([draw(generator), draw(generator)]).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});

describe('orders', () => {
  it.each([randperm, permutation])('%o holds each index once', (order) => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 200 }), (s, n) => {
        const sorted = order(Generator.seeded(s), n).sort();
        expect([...sorted]).toEqual([...sorted.keys()]);
      }),
    );
  });
});

describe('ranges', () => {
  it('keeps rand in [0, 1) and uniform in its bounds', () => {
    const generator = Generator.seeded(1);
    expect(rand(generator, 10_000).every((x) => x >= 0 && x < 1)).toBe(true);
    const values = uniform(generator, 10_000, { low: 3, high: 4 });
    expect(values.every((x) => x >= 3 && x <= 4)).toBe(true);
  });
  it('gives normal values the mean and variance asked for', () => {
    const values = normal(Generator.seeded(2), 100_000, { mean: 1, std: 2 });
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.03); // five standard errors
    expect(Math.abs(variance - 4)).toBeLessThan(0.09);
  });
  it('draws nothing for an empty request', () => {
    const generator = Generator.seeded(3);
    const before = generator.state();
    for (const order of [rand(generator, 0), normal(generator, 0), randperm(generator, 0)]) {
      expect(order).toHaveLength(0);
    }
    expect(generator.state()).toEqual(before);
  });
});

describe('errors', () => {
  const generator = Generator.seeded(4);
  it.each([
    [() => Generator.seeded(-1), 'seed must be a whole number from 0 to 2^64 - 1; got -1'],
    [() => Generator.seeded(1.5), 'got 1.5'],
    [() => Generator.seeded(2n ** 64n), 'got 18446744073709551616'],
    [() => rand(generator, -1), 'rand: n must be a whole number from 0 to 4294967295; got -1'],
    [() => normal(generator, 1, { std: -1 }), 'normal: mean must be finite'],
    [() => uniform(generator, 1, { low: 2, high: 1 }), 'low <= high; got low 2, high 1'],
    [() => randperm(generator, 2 ** 30), 'randperm: n must be a whole number from 0 to 214748363'],
    [
      () => Generator.fromState({ words: new Uint32Array(3), index: 0, cachedNormal: undefined }),
      'a state has 624 words',
    ],
  ])('%o throws', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('computedOrder', () => {
  it.each([1, 2, 3, 4, 5, 16, 17, 1000, 4097])('has each of %d numbers once', (n) => {
    const at = computedOrder(Generator.seeded(7), n);
    const order = Array.from({ length: n }, (_, place) => at(place));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });
  it('is another by another key, the same by the same, and mixes well', () => {
    const n = 100_000;
    const ordersOf = (seed: number) => {
      const at = computedOrder(Generator.seeded(seed), n);
      return Array.from({ length: n }, (_, place) => at(place));
    };
    const [a, b] = [ordersOf(1), ordersOf(2)];
    expect(ordersOf(1)).toEqual(a);
    // Neighbours, and places and their numbers, are as far apart as those of a random order: n/3, to 1 %.
    const mean = (values: number[]) => values.reduce((x, y) => x + y, 0) / values.length;
    const far = (x: readonly number[], y: readonly number[]) =>
      mean(x.map((value, i) => Math.abs(value - y[i]))) / (n / 3);
    expect(far(a, b)).toBeCloseTo(1, 1.7);
    expect(far(a.slice(1), a.slice(0, -1))).toBeCloseTo(1, 1.7);
    expect(far(a, Array.from(a.keys()))).toBeCloseTo(1, 1.7);
  });
  it('goes beyond what an array holds', () => {
    const at = computedOrder(Generator.seeded(3), 2 ** 40 - 1);
    const numbers = Array.from({ length: 1000 }, (_, place) => at(place));
    expect(new Set(numbers).size).toBe(1000);
    expect(Math.max(...numbers)).toBeGreaterThan(2 ** 39);
    expect(Math.max(...numbers)).toBeLessThan(2 ** 40 - 1);
    expect(() => computedOrder(Generator.seeded(3), -1)).toThrow('n must be a whole number');
  });
});
