import { Generator } from '@llm101/random';
import { expectClose } from '@tools/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binarySymmetricCapacity,
  binarySymmetricChannel,
  Channel,
  channelCapacity,
  distribution,
  entropy,
  erasureCapacity,
  erasureChannel,
  jointDistribution,
  mutualInformation,
  substitutionCapacity,
  substitutionChannel,
  symbolErrorRate,
} from '../src/index.js';

const bits = { unit: 'bits' } as const;
const rounding = { absolute: 1e-15, relative: 1e-15 };
/** The tolerance of the iteration, in nats, and roundings. */
const iterated = { absolute: 2e-9 };
const rate = fc.double({ min: 0, max: 1, noNaN: true });

describe('closed forms', () => {
  it('of the binary symmetric channel', () => {
    expect(binarySymmetricCapacity(0, bits)).toBe(1);
    expect(binarySymmetricCapacity(1, bits)).toBe(1);
    expect(binarySymmetricCapacity(0.5, bits)).toBe(0);
    // 1 - H(1/4) = 3/4 log2 3 - 1.
    expectClose(binarySymmetricCapacity(0.25, bits), 0.75 * Math.log2(3) - 1, rounding);
  });
  it('of the erasure channel', () => {
    expectClose(erasureCapacity(2, 0.25, bits), 0.75, rounding);
    expectClose(erasureCapacity(8, 0.5, bits), 1.5, rounding);
    expect(erasureCapacity(27, 1)).toBe(0);
  });
  it('of the substitution channel', () => {
    expectClose(substitutionCapacity(2, 0.1), binarySymmetricCapacity(0.1), rounding);
    expect(substitutionCapacity(4, 0, bits)).toBe(2);
    // What arrives says nothing where each of 4 is equally likely: a rate of 3/4.
    expectClose(substitutionCapacity(4, 0.75), 0, { absolute: 1e-15 });
  });
});

describe('channelCapacity', () => {
  it('finds the closed forms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), rate, (size, p) => {
        const binary = channelCapacity(binarySymmetricChannel(p)).capacity;
        expectClose(binary, binarySymmetricCapacity(p), iterated);
        const erasure = channelCapacity(erasureChannel(size, p)).capacity;
        expectClose(erasure, erasureCapacity(size, p), iterated);
        const substitution = channelCapacity(substitutionChannel({ size, rate: p })).capacity;
        expectClose(substitution, substitutionCapacity(size, p), iterated);
      }),
      { numRuns: 50 },
    );
  });
  it('of the Z channel: a 1 is lost half the time', () => {
    // Cover and Thomas (2006), problem 7.8: log2(5/4) bits, with a 1 in 2/5 of the places.
    const { capacity, input, upperBound } = channelCapacity(
      new Channel([
        [1, 0],
        [0.5, 0.5],
      ]),
      { tolerance: 1e-12, ...bits },
    );
    expectClose(capacity, Math.log2(5 / 4), { absolute: 1e-11 });
    expectClose(upperBound, Math.log2(5 / 4), { absolute: 1e-11 });
    expectClose(input, [0.6, 0.4], { absolute: 1e-5 }); // the capacity is flat there: √(1e-12)
  });
  it('of the noisy typewriter: each letter or the next; 13 letters pass without error', () => {
    const typewriter = new Channel(
      Array.from({ length: 26 }, (_, x) =>
        Array.from({ length: 26 }, (_, y) => (y === x || y === (x + 1) % 26 ? 0.5 : 0)),
      ),
    );
    expectClose(channelCapacity(typewriter, bits).capacity, Math.log2(13), iterated);
  });
  it('is what its input carries, and no input carries more than the bound', () => {
    const size = fc.integer({ min: 1, max: 5 });
    const row = (n: number) =>
      fc
        .array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1, noNaN: true })), {
          minLength: n,
          maxLength: n,
        })
        .filter((values) => values.some((value) => value > 0))
        .map(distribution);
    const channel = fc
      .tuple(size, size)
      .chain(([x, y]) => fc.tuple(fc.array(row(y), { minLength: x, maxLength: x }), row(x)));
    fc.assert(
      fc.property(channel, ([matrix, other]) => {
        const maxIterations = 3000;
        const found = channelCapacity(new Channel(matrix), { maxIterations });
        const { capacity, upperBound, input, iterations } = found;
        const carried = (p: Float64Array) =>
          mutualInformation(jointDistribution(matrix.map((r, x) => r.map((v) => v * p[x]))));
        expectClose(carried(input), capacity, { absolute: 1e-12 });
        // Where it is slow, like 1 / iterations, the bounds still hold.
        expect(upperBound - capacity).toBeLessThanOrEqual(iterations < maxIterations ? 1e-9 : 1e-3);
        expect(carried(other)).toBeLessThanOrEqual(upperBound + 1e-12);
      }),
      { numRuns: 60 },
    );
  });
  it('stops after the given rounds, with bounds that hold', () => {
    const channel = new Channel([
      [0.9, 0.1],
      [0.4, 0.6],
    ]);
    const exact = channelCapacity(channel).capacity;
    const early = channelCapacity(channel, { maxIterations: 2 });
    expect(early.iterations).toBe(2);
    expect(early.capacity).toBeLessThan(exact);
    expect(early.upperBound).toBeGreaterThan(exact);
  });
  it.each([
    [{ tolerance: 0 }, 'channelCapacity: tolerance must be positive; got 0'],
    [
      { maxIterations: 0 },
      'channelCapacity: maxIterations must be a whole number from 1 on; got 0',
    ],
  ])('%j', (options, message) => {
    expect(() => channelCapacity(binarySymmetricChannel(0.1), options)).toThrow(
      new RangeError(message),
    );
  });
});

describe('transmission', () => {
  it('changes symbols at the given rate, to all others equally often', () => {
    const n = 60_000;
    const sent = Array.from({ length: n }, (_, i) => i % 4);
    const channel = substitutionChannel({ size: 4, rate: 0.3, spared: [3] });
    const received = channel.transmit(sent, Generator.seeded(101));
    const changed = sent.map((x, i) => [x, received[i]] as const).filter(([x, y]) => x !== y);
    // Three of four symbols can change. Standard deviation √(45,000 · 0.3 · 0.7) = 97; four of them.
    expectClose(changed.length, 45_000 * 0.3, { absolute: 390 });
    expect(changed.every(([x, y]) => x !== 3 && y !== 3)).toBe(true);
    const toFirst = changed.filter(([x]) => x === 2).filter(([, y]) => y === 0).length;
    expectClose(toFirst, 2250, { absolute: 4 * 46 }); // √(15,000 · 0.15 · 0.85) = 44
    expectClose(symbolErrorRate([sent], [received]), changed.length / n, rounding);
  });
  it('erases', () => {
    const received = erasureChannel(3, 0.5).transmit(
      Array.from({ length: 10_000 }, () => 1),
      Generator.seeded(5),
    );
    expect(new Set(received)).toEqual(new Set([1, 3]));
    expectClose(received.filter((y) => y === 3).length, 5000, { absolute: 200 });
  });
  it('repeats with its seed, and takes one draw a symbol', () => {
    const channel = binarySymmetricChannel(0.5);
    const sent = Array.from({ length: 50 }, () => 0);
    const once = channel.transmit(sent, Generator.seeded(8));
    expect(channel.transmit(sent, Generator.seeded(8))).toEqual(once);
    const random = Generator.seeded(8);
    const halves = [
      ...channel.transmit(sent.slice(25), random),
      ...channel.transmit(sent.slice(25), random),
    ];
    expect(halves).toEqual(once);
  });
  it('a draw of just below 1 falls to the last symbol that can be received', () => {
    const thirds = new Channel([[1 / 3, 1 / 3, 1 / 3 - 1e-7, 0]]);
    expect(thirds.transmit([0], { nextDouble: () => 1 - 2 ** -53 })).toEqual([2]);
  });
});

describe('refusals', () => {
  it.each([
    [() => new Channel([]), 'Channel: the table must have a row and a column; got none'],
    [() => new Channel([[1], [0.5, 0.5]]), 'Channel: rows must have the same length, 1'],
    [() => new Channel([[1], [0.5]]), 'Channel: probabilities of row 1 must sum to 1'],
    [() => binarySymmetricChannel(1.5), 'binarySymmetricChannel: flip must lie in [0, 1]; got 1.5'],
    [() => erasureChannel(0, 0.1), 'erasureChannel: size must be a whole number from 1 on; got 0'],
    [
      () => erasureChannel(2, 0.1, { spared: [2] }),
      'erasureChannel: a symbol must be a whole number, 0 … 1; got 2',
    ],
    [() => erasureChannel(2, NaN), 'erasureChannel: loss must lie in [0, 1]; got NaN'],
    [
      () => substitutionChannel({ size: 2, rate: 0.1, spared: [0] }),
      "there must be two symbols or more that aren't spared; got 1",
    ],
    [() => substitutionCapacity(1, 0), 'size must be a whole number from 2 on; got 1'],
    [
      () => binarySymmetricChannel(0.1).transmit([2], Generator.seeded(1)),
      'Channel: a symbol must be a whole number, 0 … 1; got 2',
    ],
    [() => symbolErrorRate([[1]], []), 'as many sequences received as sent; got 0 and 1'],
    [() => symbolErrorRate([[1]], [[1, 2]]), 'got 1 and 2 at index 0'],
    [() => symbolErrorRate([[]], [[]]), 'the sequences must have a symbol; got none'],
  ])('%o', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

it('what is received is never more certain than what is sent and the channel leave open', () => {
  // H(Y) = I + H(Y|X) for a fair input of the substitution channel, whose output is fair too.
  const size = 5;
  const open = entropy([0.8, 0.05, 0.05, 0.05, 0.05]);
  expectClose(substitutionCapacity(size, 0.2) + open, Math.log(size), { absolute: 1e-15 });
});
