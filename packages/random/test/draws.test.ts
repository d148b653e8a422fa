// Figures of PyTorch 2.13.0 (CPU), seed 101; hashes are SHA-256 of the little-endian bytes, int32 for whole numbers.
import { createHash } from 'node:crypto';
import { expectClose } from '@tools/testing';
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
  randn,
  randomInt64,
  randperm,
  uniform,
} from '../src/index.js';

const seeded = (): Generator => Generator.seeded(101);
const sha256 = (values: Float32Array | Int32Array): string =>
  createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');

describe('randint', () => {
  it('equals torch.randint', () => {
    const drawn = randint(seeded(), 10_000, { high: 228_146 });
    expect([...drawn.subarray(0, 5)]).toEqual([107965, 195481, 26131, 177802, 9615]);
    expect(sha256(drawn)).toBe('05e78e154cbd5aef509447431b04b05bce105becb6ce196f59cdf29f1bc90038');
  });
  it('draws 64 bits for each of 2^28 numbers and more', () => {
    const first = (high: number): number[] => [...randint(seeded(), 3, { high })];
    expect(first(2 ** 28 - 1)).toEqual([70431591, 225658387, 35079514]);
    expect(first(2 ** 28)).toEqual([225658379, 65216326, 201638487]);
    const widest = randint(seeded(), 10_000, { low: -(2 ** 31), high: 2 ** 31 });
    expect(sha256(widest)).toBe('d74dabdc5c2324a44ba19376d142dda770b28674a7a48ff72b0e7544dfa25d44');
  });
  it('has a form for what 32 bits do not hold', () => {
    const first = (low: bigint, high: bigint): bigint[] => [
      ...randintInt64(seeded(), 3, { low, high }),
    ];
    expect(first(5n, 2n ** 40n)).toEqual([410438353807n, 352031970212n, 274813498570n]);
    expect(first(0n, 2n ** 32n)).toEqual([2373142027n, 4091748166n, 4228170327n]);
    expect(first(0n, 10n)).toEqual([1n, 7n, 9n]);
    expect(first(-(2n ** 63n), 2n ** 63n - 1n)).toEqual([
      302501347963651595n,
      1303586835433463622n,
      -8698115266245770665n,
    ]);
  });
});

describe('randn', () => {
  it.each([
    [16, '12dd982a5014b075bc87561e8491d31ed4b76e8adbb1052a1901bab8df0b2433'],
    [17, '80bfadaea32224e49d05351fde48127a7ffda08c0246d16909ecfc8c806f5921'],
    [31, '4bd106c63611dad5e6dfb2391620614f09d80f699638c43de1a667edeb0c350c'],
  ])('equals torch.randn(%i)', (n, hash) => {
    expect(sha256(randn(seeded(), n))).toBe(hash);
  });
  it('equals torch.randn below 16 values', () => {
    const tolerance = { relative: 1.2e-7 }; // a unit in the last place: logarithms are the engine's
    expectClose(randn(seeded(), 1), [-1.3905061483383179], tolerance);
    const last = randn(seeded(), 15).subarray(-2);
    expectClose(last, [-0.21662983298301697, -0.7261615991592407], tolerance);
  });
  it('is the standard normal', () => {
    expect(randn(seeded(), 40)).toEqual(normal(seeded(), 40));
  });
});

describe('exponential', () => {
  it('equals tensor.exponential_', () => {
    // Within a unit in the last place: logarithms are the engine's.
    const tolerance = { relative: 1.2e-7 };
    expectClose(
      exponential(seeded(), 4, { rate: 2.5 }),
      [0.3512091040611267, 0.5196240544319153, 0.15146076679229736, 0.12938767671585083],
      tolerance,
    );
    const generator = seeded();
    exponential(generator, 17);
    expect(rand(generator, 1)[0]).toBe(0.5083949565887451);
  });
  it('has the mean of its rate', () => {
    const values = exponential(seeded(), 100_000, { rate: 4 });
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(mean - 0.25)).toBeLessThan(0.004); // five standard errors
  });
});

describe('multinomial', () => {
  const weights = Array.from({ length: 27 }, (_, i) => ((i + 1) % 7) + (i + 1) / 50);
  it('equals torch.multinomial for one index', () => {
    const generator = seeded();
    const drawn = Array.from({ length: 20 }, () => multinomial(generator, weights)[0]);
    expect(drawn).toEqual([
      10, 23, 25, 12, 25, 12, 1, 3, 5, 18, 10, 18, 22, 12, 25, 18, 5, 11, 9, 2,
    ]);
  });
  it('draws one index in the same way with and without replacement', () => {
    expect(multinomial(seeded(), weights, { replacement: true })).toEqual(
      multinomial(seeded(), weights),
    );
  });
  it('equals torch.multinomial without replacement', () => {
    expect([...multinomial(seeded(), weights, { count: 27 })]).toEqual([
      10, 17, 11, 16, 26, 3, 25, 7, 12, 4, 2, 23, 22, 19, 5, 14, 24, 8, 21, 1, 18, 15, 0, 9, 20, 6,
      13,
    ]);
  });
  it('equals torch.multinomial with replacement', () => {
    const drawn = multinomial(seeded(), weights, { count: 20_000, replacement: true });
    expect([...drawn.subarray(0, 8)]).toEqual([17, 19, 10, 9, 12, 24, 19, 4]);
    expect(sha256(drawn)).toBe('5bf1fdf9259bdb5adbb4769b70ff968b1402dc48d72e166588cb44ce921aebdb');
  });
  it('equals torch.multinomial on many weights', () => {
    const many = rand(Generator.seeded(5), 50_000);
    const again = multinomial(seeded(), many, { count: 20_000, replacement: true });
    expect(sha256(again)).toBe('d4c26d68412919e761820536145e1baa40e5e6e5820008c515459c78f3969006');
    const once = multinomial(seeded(), many, { count: 200 });
    expect(sha256(once)).toBe('082d5341af8fcbb5a5c3d98b92b0ba7fcb48221cbcea8e627ddd79596ef9af27');
  });
  it('draws only what may be drawn', () => {
    const generator = seeded();
    const some = [0, 1, 0, 2];
    for (const replacement of [true, false]) {
      const drawn = multinomial(generator, some, { count: 2, replacement });
      expect([...drawn].every((index) => some[index] > 0)).toBe(true);
    }
  });
});

describe('errors', () => {
  const generator = seeded();
  it.each([
    [
      () => randint(generator, 1, { high: 0 }),
      'randint: low must be below high; got low 0, high 0',
    ],
    [() => randint(generator, 1, { high: 1.5 }), 'whole numbers from -2^31 to 2^31; got 0 and 1.5'],
    [() => randint(generator, 1, { high: 2 ** 40 }), 'use randintInt64'],
    [() => randintInt64(generator, 1, { high: 2n ** 63n }), 'from -2^63 to below 2^63'],
    [() => exponential(generator, 1, { rate: 0 }), 'rate must be finite and above 0; got 0'],
    [() => multinomial(generator, [1, -1]), 'finite and not negative; got -1 at 1'],
    [() => multinomial(generator, [0, 0]), 'at least 1 of the weights must be above 0; got 0'],
    [
      () => multinomial(generator, [1, 1], { count: 3 }),
      'at least 3 of the weights must be above 0; got 2; draw with replacement, or fewer',
    ],
  ])('%o throws', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('without a generator', () => {
  const calls: Record<string, (generator: Generator) => unknown> = {
    rand: (generator) => rand(generator, 1),
    uniform: (generator) => uniform(generator, 1, { low: 0, high: 1 }),
    normal: (generator) => randn(generator, 1),
    randint: (generator) => randint(generator, 1, { high: 2 }),
    randintInt64: (generator) => randintInt64(generator, 1, { high: 2n }),
    exponential: (generator) => exponential(generator, 1, { rate: 1 }),
    multinomial: (generator) => multinomial(generator, [1, 2]),
    randperm: (generator) => randperm(generator, 2),
    permutation: (generator) => permutation(generator, 2),
    randomInt64: (generator) => randomInt64(generator),
  };
  it.each(Object.entries(calls))('%s says what is needed', (name, call) => {
    for (const wrong of [undefined, 101]) {
      expect(() => call(wrong as never)).toThrow(
        `${name}: a generator is needed, such as Generator.seeded(101); got ${wrong}`,
      );
    }
  });
});
