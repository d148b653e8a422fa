import { describe, expect, it } from 'vitest';
import { hasRelaxedSimd } from '../src/kernels/kernel-binaries.js';
import { packing, type Sizes } from '../src/ops/product.js';
import { matmulReference } from '../src/reference/products.js';
import { KernelMemory, someValues } from './kernel-memory.js';

interface Operands extends Sizes {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly bias?: readonly number[];
  readonly relu?: boolean;
}

const operandsOf = (sizes: Sizes): Operands => ({
  ...sizes,
  a: someValues(sizes.M * sizes.K),
  b: someValues(sizes.K * sizes.N, 3),
});

/** How far apart neighbours are, down and across, in a matrix of so many rows and columns. */
const steps = (rows: number, columns: number, isTransposed: boolean): readonly [number, number] =>
  isTransposed ? [1, rows] : [columns, 1];

/** What the kernel gives for a product, and that it wrote nothing beside it. */
function multiply(operands: Operands, allowRelaxed = false): number[] {
  const { a, b, bias, relu = false, M, N, K, transposeA, transposeB } = operands;
  const memory = new KernelMemory(allowRelaxed);
  const { packs, scratchBytes } = packing(operands);
  const to = memory.room(M * N);
  const left = [memory.put(a), ...steps(M, K, transposeA)] as const;
  const right = [memory.put(b), ...steps(K, N, transposeB)] as const;
  const last = [
    bias === undefined ? 0 : memory.put(bias),
    relu ? 1 : 0,
    0,
    packs,
    memory.room(scratchBytes / 4),
  ] as const;
  memory.kernels.functions.matmul(...left, ...right, to, M, N, K, ...last); // bounded: eleven
  memory.checkCanaries();
  return memory.floats(to, M * N);
}

/** The four ways in which the factors may lie. */
const forms = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

describe('matmul', () => {
  const small = [1, 2, 3, 4, 5, 6, 8, 11, 49].flatMap((M) =>
    [1, 4, 5, 8, 9, 12, 27].flatMap((N) => [0, 1, 3, 16].map((K) => ({ M, N, K }))),
  );
  it.each(forms)('of small and odd shapes is the reference to the bit: %j', (form) => {
    for (const sizes of small) {
      const relu = (sizes.M + sizes.N) % 2 === 0;
      const operands = { ...operandsOf({ ...sizes, ...form }), bias: someValues(sizes.N, 8), relu };
      expect(multiply(operands), JSON.stringify(sizes)).toEqual([...matmulReference(operands)]);
    }
  });

  // Each side beyond the size of a block, by a whole tile and by a part of one.
  const large = [
    [98, 24, 100],
    [5, 523, 70],
    [3, 9, 641],
    [193, 520, 20],
    [50, 19, 300],
    [67, 70, 257],
    [130, 12, 600],
    [131, 135, 300],
  ] as const;
  it.each(forms)('of more than a block is the reference to the bit: %j', (form) => {
    for (const [M, N, K] of large) {
      for (const last of [{}, { bias: someValues(N, 8), relu: true }]) {
        const operands = { ...operandsOf({ M, N, K, ...form }), ...last };
        expect(multiply(operands), `[${M}, ${N}, ${K}]`).toEqual([...matmulReference(operands)]);
      }
    }
  });

  it('of a matrix and itself turned is the reference to the bit', () => {
    for (const [M, K] of [
      [1, 3],
      [9, 5],
      [24, 64],
      [25, 70],
      [100, 130],
      [530, 9],
    ]) {
      const a = someValues(M * K);
      const sizes = { M, N: M, K, transposeA: false, transposeB: true, isSymmetric: true };
      const operands = { ...sizes, a, b: a };
      expect(multiply(operands), `[${M}, ${K}]`).toEqual([...matmulReference(operands)]);
    }
  });

  const binaries = hasRelaxedSimd() ? [false, true] : [false];
  it.each(binaries)('gives a row the same bits among any others; relaxed SIMD: %s', (relaxed) => {
    for (const form of forms) {
      for (const [N, K] of [
        [27, 40],
        [64, 300],
      ]) {
        const rows = 103;
        const all = operandsOf({ M: rows, N, K, ...form });
        const expected = multiply(all, relaxed);
        const at = (i: number, k: number): number =>
          all.a[form.transposeA ? k * rows + i : i * K + k];
        for (const [first, M] of [
          [0, 1],
          [7, 2],
          [50, 5],
          [13, 48],
          [6, 97],
        ]) {
          const a = Array.from({ length: M * K }, (_, index) =>
            form.transposeA
              ? at(first + (index % M), Math.floor(index / M))
              : at(first + Math.floor(index / K), index % K),
          );
          const some = multiply({ ...all, M, a }, relaxed);
          expect(some, `${M} rows of [${N}, ${K}]`).toEqual(
            expected.slice(first * N, (first + M) * N),
          );
        }
      }
    }
  });

  it.skipIf(!hasRelaxedSimd())('agrees with the reference where products are fused', () => {
    for (const form of forms) {
      for (const [M, N, K] of [...large, [11, 27, 16]] as const) {
        const operands = {
          ...operandsOf({ M, N, K, ...form }),
          bias: someValues(N, 8),
          relu: true,
        };
        const expected = matmulReference(operands);
        // sums of K products below 4, each rounded in one piece or in blocks
        const tolerance = 4 * K ** 1.5 * 2 ** -24;
        for (const [i, actual] of multiply(operands, true).entries()) {
          expect(Math.abs(actual - expected[i]), `[${M}, ${N}, ${K}]`).toBeLessThan(tolerance);
        }
      }
    }
  });

  it('keeps NaN and infinities in their rows, through ReLU too', () => {
    const a = [Number.NaN, 1, Infinity, 1, 1, 1, -Infinity, 2, 0, 0];
    const sizes = { M: 5, N: 1, K: 2, transposeA: false, transposeB: false };
    const given = multiply({ ...sizes, a, b: [1, 1], relu: true });
    expect(given).toEqual([Number.NaN, Infinity, 2, 0, 0]);
  });
});

describe('matmulBatch', () => {
  const sizes = [
    [1, 1, 1],
    [3, 5, 2],
    [4, 8, 16],
    [5, 27, 3],
    [52, 12, 260],
  ] as const;
  it.each(sizes)('of [%i, %i, %i], each factor shared or not, turned or not', (M, N, K) => {
    const count = 3;
    for (const [aShared, bShared] of [
      [false, false],
      [false, true],
      [true, false],
    ]) {
      for (const form of forms) {
        const memory = new KernelMemory();
        const a = someValues(M * K * (aShared ? 1 : count));
        const b = someValues(K * N * (bShared ? 1 : count), 5);
        const [aNext, bNext] = [aShared ? 0 : M * K, bShared ? 0 : K * N];
        const { packs, scratchBytes } = packing({ M, N, K, ...form });
        const left = [memory.put(a), ...steps(M, K, form.transposeA)] as const;
        const right = [memory.put(b), ...steps(K, N, form.transposeB)] as const;
        const c = memory.room(M * N * count);
        const last = [M, N, K, count, packs, memory.room(scratchBytes / 4)] as const;
        memory.kernels.functions.matmulBatch(...left, aNext, ...right, bNext, c, ...last); // bounded: twelve
        const expected = Array.from({ length: count }, (_, i) => {
          const factors = { a: a.slice(i * aNext), b: b.slice(i * bNext) };
          return [...matmulReference({ ...factors, M, N, K, ...form })];
        }).flat();
        expect(memory.floats(c, M * N * count)).toEqual(expected);
        memory.checkCanaries();
      }
    }
  });
});

it('uses relaxed SIMD where the engine has it and it is allowed', () => {
  expect(new KernelMemory(false).kernels.relaxedSimd).toBe(false);
  const { kernels } = new KernelMemory(true);
  // i8x16.relaxed_swizzle, the first instruction of the proposal
  const module = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1,
  ];
  const tail = [253, 15, 65, 2, 253, 15, 253, 128, 2, 11];
  expect(kernels.relaxedSimd).toBe(WebAssembly.validate(Uint8Array.from([...module, ...tail])));
});
