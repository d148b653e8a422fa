import { broadcast_util, broadcastTo, matMul, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import { onBackend } from './on-backend.js';
import { count, values } from './values.js';

beforeAll(() => startBackend());

/** Axes before the last two, of the left and of the right factor. */
const batches: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[2], [2]],
  [[3], [1]],
  [[1], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[2, 3], [3]],
];

describe('matMul', () => {
  it.each(batches)(
    'of batches %j by %j equals the CPU backend, in all transpositions',
    async (left, right) => {
      for (const [M, K, N] of [
        [1, 1, 1],
        [3, 5, 2],
        [4, 8, 27],
        [5, 1, 9],
      ]) {
        for (const [transposeA, transposeB] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ]) {
          const aShape = [...left, ...(transposeA ? [K, M] : [M, K])];
          const bShape = [...right, ...(transposeB ? [N, K] : [K, N])];
          const a = () => tensor(values(count(aShape)), aShape);
          const b = () => tensor(values(count(bShape)), bShape);
          const batch = broadcast_util.assertAndGetBroadcastShape([...left], [...right]);
          // The CPU backend broadcasts one side only, so it gets both in full.
          const full = (x: Tensor) => broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
          const [cpu] = await onBackend('cpu', () => [
            matMul(full(a()), full(b()), transposeA, transposeB),
          ]);
          const [wasm] = await onBackend('wasm', () => [matMul(a(), b(), transposeA, transposeB)]);
          expect(wasm.shape).toEqual(cpu.shape);
          // at most 8 products below 1, summed in float32 in another order
          expectClose(wasm.values, cpu.values, { absolute: 1e-6 });
        }
      }
    },
  );

  it('says what the factors must be', () => {
    const flags = tensor([1, 0, 1, 0], [2, 2], 'bool');
    expect(() => matMul(flags, flags)).toThrow(
      'BatchMatMul: the factors must be both float32, or both int32; got bool and bool; cast them',
    );
  });
});
