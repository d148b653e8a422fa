import { describe, expect, it } from 'vitest';
import { matmulReference } from '../src/reference/products.js';
import { KernelMemory, someValues } from './kernel-memory.js';

describe('matmul', () => {
  const shapes = [1, 2, 3, 4, 5, 8].flatMap((M) =>
    [1, 4, 7, 8, 9, 27].flatMap((N) => [0, 1, 3, 16].map((K) => [M, N, K] as const)),
  );
  it.each([false, true])('of small and odd shapes, A transposed: %s', (transposeA) => {
    for (const [M, N, K] of shapes) {
      for (const relu of [false, true]) {
        const memory = new KernelMemory();
        const operands = {
          a: someValues(M * K),
          b: someValues(K * N, 3),
          bias: someValues(N, 8),
          M,
          N,
          K,
          transposeA,
          relu,
        };
        const to = memory.room(M * N);
        const [a, b] = [memory.put(operands.a), memory.put(operands.b)];
        const [bias, scratch] = [memory.put(operands.bias), memory.room(8 * K)];
        const [aRow, aStep] = transposeA ? [1, M] : [K, 1];
        memory.kernels.functions.matmul(
          a,
          aRow,
          aStep,
          b,
          to,
          M,
          N,
          K,
          bias,
          relu ? 1 : 0,
          scratch,
        );
        const expected = matmulReference(operands);
        // sums of at most 16 products below 4, each operation rounded: 17 · 64 · 2^-24
        for (const [i, actual] of memory.floats(to, M * N).entries()) {
          expect(Math.abs(actual - expected[i]), `[${M}, ${N}, ${K}]`).toBeLessThan(7e-5);
        }
        memory.checkCanaries();
      }
    }
  });

  it('keeps NaN and infinities in their rows, through ReLU too', () => {
    const memory = new KernelMemory();
    const a = [Number.NaN, 1, Infinity, 1, 1, 1, -Infinity, 2, 0, 0];
    const to = memory.room(5);
    memory.kernels.functions.matmul(
      memory.put(a),
      2,
      1,
      memory.put([1, 1]),
      to,
      5,
      1,
      2,
      0,
      1,
      memory.room(16),
    );
    expect(memory.floats(to, 5)).toEqual([Number.NaN, Infinity, 2, 0, 0]);
  });
});

describe('matmulBatch', () => {
  const sizes = [
    [1, 1, 1],
    [3, 5, 2],
    [4, 8, 16],
    [5, 27, 3],
  ] as const;
  it.each(sizes)('of [%i, %i, %i], each factor shared or not, turned or not', (M, N, K) => {
    const count = 3;
    for (const [aShared, bShared] of [
      [false, false],
      [false, true],
      [true, false],
    ]) {
      for (const turned of [false, true]) {
        const memory = new KernelMemory();
        const a = someValues(M * K * (aShared ? 1 : count));
        const b = someValues(K * N * (bShared ? 1 : count), 5);
        const [aNext, bNext] = [aShared ? 0 : M * K, bShared ? 0 : K * N];
        const [aAt, bAt, scratch] = [memory.put(a), memory.put(b), memory.room(K * N + 8 * K)];
        const c = memory.room(M * N * count);
        const { functions } = memory.kernels;
        const [left, right] = [[aAt, K, 1, aNext] as const, [bAt, bNext, turned ? 1 : 0] as const];
        functions.matmulBatch(...left, ...right, c, M, N, K, count, scratch);
        const expected = Array.from({ length: count }, (_, i) => {
          const rows = b.slice(i * bNext, i * bNext + K * N);
          const given = turned
            ? rows.map((_, at) => rows[(at % N) * K + Math.floor(at / N)])
            : rows;
          return [...matmulReference({ a: a.slice(i * aNext), b: given, M, N, K })];
        }).flat();
        for (const [i, actual] of memory.floats(c, M * N * count).entries()) {
          expect(Math.abs(actual - expected[i])).toBeLessThan(7e-5); // as above
        }
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
