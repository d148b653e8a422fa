// What sender and receiver must agree on to the last bit: exponentials, logarithms, frequencies.
import { Generator } from '@llm101/random';
import { expectClose } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableExp } from '../src/coding/portable-math.js';
import { portableLog } from '../src/coding/portable-math.js';
import {
  crc32,
  distribution,
  frequenciesFromLogits,
  klDivergence,
  scaledFrequencies,
  type FrequencyTable,
} from '../src/index.js';

const frequenciesOf = (table: FrequencyTable) =>
  Array.from({ length: table.size }, (_, symbol) => table.frequency(symbol));

describe('portable functions', () => {
  it('exp is within 1e-15 of the truth', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        // Math.exp is within an ulp of it in V8; 700 · 2^-53 is the argument's own rounding.
        expectClose(portableExp(x), Math.exp(x), { relative: 1e-15 });
      }),
      { numRuns: 2000 },
    );
    expect(portableExp(0)).toBe(1);
  });
  it('log is within 1e-15 of the truth', () => {
    const x = fc.oneof(
      fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
    );
    fc.assert(
      fc.property(x, (value) => {
        expectClose(portableLog(value), Math.log(value), { absolute: 1e-300, relative: 1e-15 });
      }),
      { numRuns: 2000 },
    );
    expect(portableLog(1)).toBe(0);
  });
  it('have the bits that they had when this was written', () => {
    // A hash of 20,000 doubles: another engine, or a change to the order of operations, would show.
    const random = Generator.seeded(101);
    const values = new Float64Array(20_000);
    for (let i = 0; i < values.length; i += 2) {
      values[i] = portableExp(random.nextDouble() * 60 - 30);
      values[i + 1] = portableLog(random.nextDouble() + 2 ** -60);
    }
    const view = new DataView(new ArrayBuffer(8 * values.length));
    for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
    expect(crc32(new Uint8Array(view.buffer)).toString(16)).toBe('cd95f894');
  });
});

describe('scaledFrequencies', () => {
  it('by hand: one for each, the rest by weight, the remainder to the heaviest', () => {
    // 16 - 3 = 13 to share: 6.5, 3.25, 3.25 are 6, 3, 3, and 1 is left.
    expect(frequenciesOf(scaledFrequencies([2, 1, 1], 16))).toEqual([8, 4, 4]);
    expect(frequenciesOf(scaledFrequencies([0, 1], 4))).toEqual([1, 3]);
    expect(frequenciesOf(scaledFrequencies([5, 5, 5, 5], 16))).toEqual([4, 4, 4, 4]);
    expect(scaledFrequencies([1]).total).toBe(65536);
  });
  it('sums to the total, keeps order and costs little', () => {
    const weights = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })), {
        minLength: 1,
        maxLength: 64,
      })
      .filter((values) => values.some((value) => value > 0));
    fc.assert(
      fc.property(weights, fc.integer({ min: 7, max: 16 }), (values, power) => {
        const table = scaledFrequencies(values, 2 ** power);
        const frequencies = frequenciesOf(table);
        expect(table.total).toBe(2 ** power);
        expect(Math.min(...frequencies)).toBeGreaterThanOrEqual(1);
        const byWeight = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
        for (let i = 1; i < byWeight.length; i++) {
          const lighter = frequencies[byWeight[i - 1]];
          const same = values[byWeight[i - 1]] === values[byWeight[i]];
          // Of equal weights the first gets what is left over.
          expect(same || lighter <= frequencies[byWeight[i]]).toBe(true);
        }
        // The ones take n of the total away from all, and rounding down less than 1 from each: n / (total - n).
        const cost = klDivergence(distribution(values), distribution(frequencies));
        expect(cost).toBeLessThanOrEqual((2 * values.length) / 2 ** power + 1e-12);
      }),
    );
  });
  it.each([
    [() => scaledFrequencies([]), 'counts must have a positive, finite sum; got 0'],
    [() => scaledFrequencies([0]), 'counts must have a positive, finite sum; got 0'],
    [
      () => scaledFrequencies([1, NaN]),
      'weights must be finite and not negative; got NaN at index 1',
    ],
    [() => scaledFrequencies([1, 1], 3), 'total must be a power of two'],
    [() => scaledFrequencies([1, 1], 2), 'at least twice the 2 symbols; got 2'],
    [() => scaledFrequencies([1], 131072), 'at most 65536'],
  ])('%o', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('frequenciesFromLogits', () => {
  it('is the softmax', () => {
    const logits = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(logits, (values) => {
        const highest = Math.max(...values);
        const softmax = distribution(values.map((value) => Math.exp(value - highest)));
        const frequencies = distribution(frequenciesOf(frequenciesFromLogits(values)));
        // Each is raised by 1 / 65,536 or lowered by its part of that; the highest takes what rounding leaves.
        expectClose(frequencies, softmax, { absolute: (2 * values.length) / 65536 });
      }),
    );
  });
  it('does not care for a constant, as softmax does not', () => {
    const logits = Float32Array.of(1.5, -2.25, 0, 4);
    const shifted = logits.map((value) => value + 8); // exact in float32
    expect(frequenciesOf(frequenciesFromLogits(shifted))).toEqual(
      frequenciesOf(frequenciesFromLogits(logits)),
    );
  });
  it('takes logits of any size', () => {
    expect(frequenciesOf(frequenciesFromLogits([3e38, -3e38, 0]))).toEqual([65534, 1, 1]);
  });
  it('costs less than 0.1 % of the entropy of 27 letters', () => {
    const random = Generator.seeded(2);
    let cost = 0;
    for (let i = 0; i < 1000; i++) {
      const logits = Float32Array.from({ length: 27 }, () => 6 * random.nextDouble());
      const softmax = distribution(Array.from(logits, Math.exp));
      cost += klDivergence(softmax, distribution(frequenciesOf(frequenciesFromLogits(logits))));
    }
    expect(cost / 1000).toBeLessThan(0.001 * 2); // of the some 2 nats that a letter of a name has
  });
  it('has the figures that it had when this was written', () => {
    const random = Generator.seeded(101);
    const bytes = new Uint8Array(27 * 2 * 1000);
    for (let i = 0; i < 1000; i++) {
      const logits = Float32Array.from({ length: 27 }, () => 16 * random.nextDouble() - 8);
      for (const [symbol, frequency] of frequenciesOf(frequenciesFromLogits(logits)).entries()) {
        bytes.set([frequency & 255, frequency >> 8], 54 * i + 2 * symbol);
      }
    }
    expect(crc32(bytes).toString(16)).toBe('c4e3e28b');
  });
  it('reserves a symbol for what the alphabet lacks', () => {
    // 3/8, 3/8 and 1/4 of 65,533, rounded down, and one each; the two left over go to the first.
    const table = frequenciesFromLogits([1, 1], { escape: 0.25 });
    expect(frequenciesOf(table)).toEqual([24577, 24575, 16384]);
    expect(frequenciesOf(frequenciesFromLogits([0, 0], { escape: 0, total: 8 }))).toEqual([
      4, 3, 1,
    ]);
    expect(() => frequenciesFromLogits([0], { escape: 1 })).toThrow(
      'escape must be below 1; got 1',
    );
    expect(() => frequenciesFromLogits([0], { escape: -1 })).toThrow('must lie in [0, 1]; got -1');
  });
  it.each([
    [[], 'counts must have a positive, finite sum; got 0'],
    [[0, Infinity], 'logits must be finite; got Infinity at index 1'],
    [[NaN], 'logits must be finite; got NaN at index 0'],
  ])('%j', (logits, message) => {
    expect(() => frequenciesFromLogits(logits)).toThrow(RangeError);
    expect(() => frequenciesFromLogits(logits)).toThrow(message);
  });
});
