import { describe, expect, it } from 'vitest';
import { chooseNamed, chooseOne, lastCore, parseFlags } from '../src/options.mjs';
import { formatKernels, productForms, withoutAttention } from '../src/kernels.mjs';
import { gptProducts, megabyteProducts, trainingFlops, waveNetProducts } from '../src/products.mjs';
import { FLOPS_PER_PASS, peakModule } from '../src/contestants/peak.mjs';
import { largestDifference, median, spread } from '../src/figures.mjs';

describe('statistics', () => {
  it('takes the middle, whatever the order', () => {
    expect(median([3, 1, 100])).toBe(3);
    expect(median([4, 1, 3, 100])).toBe(3.5);
    expect(spread([9, 10, 12])).toBe(0.3);
  });
  it('takes nothing for equal that is not a number or not there', () => {
    expect(largestDifference([1, 2], [1, 1.5])).toBe(0.5);
    expect(largestDifference([1, NaN], [1, NaN])).toBe(Infinity);
    expect(largestDifference([1, 2], [1])).toBe(Infinity);
  });
});

describe('operations of a step', () => {
  it('counts a product forward and twice backward', () => {
    expect(trainingFlops([[2, 3, 5]])).toBe(3 * 2 * 2 * 3 * 5);
  });
  it('follows the lengths of a WaveNet: 4 -> 3 -> 1', () => {
    expect(waveNetProducts({ vocabSize: 5, contextSize: 4, channels: 2 }, 10)).toEqual([
      [30, 4, 4],
      [10, 2, 2],
      [30, 2, 2],
      [10, 4, 4],
      [10, 2, 2],
      [10, 2, 2],
      [10, 2, 5],
    ]);
  });
  it('has the 12 C² of a transformer layer per token, and 2 T C of attention', () => {
    const [vocabSize, contextSize, width] = [27, 32, 64];
    const sizes = { vocabSize, contextSize, width, heads: 4, depth: 1 };
    const perToken = 12 * width ** 2 + 2 * contextSize * width + width * vocabSize;
    const products = gptProducts(sizes, { batchSize: 1, length: contextSize });
    expect(trainingFlops(products)).toBe(6 * contextSize * perToken);
  });
});

it('of a MEGABYTE are those of wide patches and of the tokens within them', () => {
  const sizes = { vocabSize: 27, contextSize: 8, patch: 4, width: 16, heads: 4 };
  const [rows, T, P, C] = [3 * 8, 8, 4, 16];
  const batch = { batchSize: 3, length: T };
  const layer = (width: number, length: number): number => 12 * width ** 2 + 2 * length * width;
  const flops = (globalDepth: number, localDepth: number): number =>
    trainingFlops(megabyteProducts({ ...sizes, globalDepth, localDepth }, batch));
  expect(flops(0, 0)).toBe(6 * rows * C * 27);
  expect(flops(1, 0) - flops(0, 0)).toBe(6 * (rows / P) * layer(P * C, T / P));
  expect(flops(0, 1) - flops(0, 0)).toBe(6 * rows * layer(C, P));
});

describe('the flags', () => {
  it('have defaults, and name several workloads in either form', () => {
    const none = { json: undefined, other: undefined, isRelaxed: false };
    expect(parseFlags([])).toEqual({ only: [], rounds: 5, seconds: 0.3, ...none });
    expect(parseFlags(['--only', 'mlp,cnn', '--only=wavenet', '--rounds=3'])).toMatchObject({
      only: ['mlp', 'cnn', 'wavenet'],
      rounds: 3,
    });
  });
  it('choose by name', () => {
    const all = ['a', 'b', 'c'].map((name) => ({ name }));
    expect(chooseNamed(all, [])).toEqual(all);
    expect(chooseNamed(all, ['c', 'a']).map(({ name }) => name)).toEqual(['a', 'c']);
    expect(() => chooseNamed(all, ['a', 'x'])).toThrow('bench: --only takes a, b, c; got x');
    expect(chooseOne(all, ['b'])).toBe(all[1]);
    expect(() => chooseOne(all, [])).toThrow('bench: name one of a, b, c; got none');
    expect(() => chooseOne(all, ['a', 'b'])).toThrow('name one of a, b, c; got a, b');
  });
  it('refuses what is no count', () => {
    expect(() => parseFlags(['--rounds', '0'])).toThrow(
      "bench: --rounds must be a whole number from 1 on; got '0'",
    );
    expect(() => parseFlags(['--seconds', 'x'])).toThrow(
      "bench: --seconds must be a number above 0; got 'x'",
    );
  });
});

it('finds the last core of a list', () => {
  expect(['0', '0-1', '0-2,4-5', '1,3\n'].map(lastCore)).toEqual([0, 1, 5, 3]);
});

describe('the module that measures the peak', () => {
  it('multiplies and adds in twelve chains', async () => {
    const { instance } = await WebAssembly.instantiate(peakModule({ isRelaxed: false }));
    const run = instance.exports['run'] as (...values: number[]) => number;
    expect(FLOPS_PER_PASS).toBe(12 * 4 * 2);
    // Chain i starts at the float with bits 0x40(i + 1)0000 and each pass makes it x / 2 + 1.
    const starts = Float32Array.from(
      new Float32Array(
        Int32Array.from({ length: 12 }, (_, i) => 0x40000000 + ((i + 1) << 16)).buffer,
      ),
    );
    const sum = starts.reduce((total, start) => total + start / 4 + 1.5, 0);
    expect(run(2, 0.5, 1)).toBe(sum); // exact: all are small multiples of 2^-8
  });
  it('is the same with relaxed SIMD, where there is any', async () => {
    const bytes = peakModule({ isRelaxed: true });
    if (!WebAssembly.validate(bytes)) return;
    const { instance } = await WebAssembly.instantiate(bytes);
    const run = instance.exports['run'] as (...values: number[]) => number;
    expect(run(100, 0.5, 1)).toBe(24); // twelve chains that end at 2
  });
});

describe('the products that training multiplies', () => {
  it('are those of the scores and of both gradients, each once', () => {
    const small = { name: 'small', products: [[2, 3, 5] as const] };
    const twice = { name: 'twice', products: [[2, 3, 5] as const, [2, 3, 5] as const] };
    expect(productForms([small, twice])).toEqual([
      { m: 2, n: 5, k: 3, batch: 1, form: 'A Bᵀ', where: 'small forward, twice forward' },
      { m: 2, n: 3, k: 5, batch: 1, form: 'A B', where: 'small input, twice input' },
      { m: 5, n: 3, k: 2, batch: 1, form: 'Aᵀ B', where: 'small weight, twice weight' },
    ]);
  });
  it('are not those of attention', () => {
    expect(
      withoutAttention([
        [2, 3, 5],
        [2, 3, 5, 7],
      ]),
    ).toEqual([[2, 3, 5]]);
  });
  it('are listed with their speed, and where they occur', () => {
    const [form] = productForms([{ name: 'small', products: [[2, 3, 5, 7]] }]);
    const plain = { gflops: 21, peakGflops: 42 };
    const relaxed = { gflops: 30, peakGflops: 60 };
    const lines = [
      { ...form, plain },
      { ...form, plain, relaxed },
    ].map((row) => formatKernels([row]).split('\n')[2].split(/ {2,}/));
    expect(lines).toEqual([
      ['7 of 2 x 5 x 3', 'A Bᵀ', '21.0', '50 %', '-', '-', '0.0200'],
      ['7 of 2 x 5 x 3', 'A Bᵀ', '21.0', '50 %', '30.0', '50 %', '0.0200'],
    ]);
    const table = formatKernels([{ ...form, plain }]);
    expect(table).toContain('\n  small forward');
  });
});
