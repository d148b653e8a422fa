// Products of each size of tile, ragged on all sides, beside those of wasm.
import { add, matMul, relu, type Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onBoth } from './on-both.js';
import { hasNone } from './on-gpu.js';

const cases = [
  { batch: 1, M: 17, N: 5, K: 18, turned: [false, false] },
  { batch: 1, M: 41, N: 25, K: 300, turned: [false, true] },
  { batch: 12, M: 33, N: 35, K: 20, turned: [true, false] },
  { batch: 16, M: 65, N: 67, K: 21, turned: [false, true] },
  { batch: 64, M: 130, N: 129, K: 9, turned: [true, true] }, // 128 by 128 a group
  { batch: 1, M: 70, N: 3, K: 3100, turned: [true, false] }, // in three parts
  { batch: 2, M: 5, N: 3, K: 2050, turned: [false, true] },
] as const;

it.skipIf(hasNone).each(cases)(
  '$batch x $M x $N, $K deep, turned $turned',
  async ({ batch, M, N, K, turned: [turnedA, turnedB] }) => {
    const step = (a: Tensor, b: Tensor, bias: Tensor): Tensor[] => [
      relu(add(matMul(a, b, turnedA, turnedB), bias)),
    ];
    const feeds = [turnedA ? [batch, K, M] : [batch, M, K], turnedB ? [N, K] : [K, N], [N]];
    expect((await onBoth(step, { feeds })).off).toBeLessThan(4e-6);
  },
);
