// Norms and their gradients, beside those of wasm.
import { add, cast, div, mul, type Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { onBoth, run } from './on-both.js';
import { hasNone } from './on-gpu.js';

const EPSILON = { epsilon: 1e-5 };

/** Rows and their lengths: one number, parts of lanes, more lanes, more rows than a group takes at once. */
const SIZES = [
  [1, 1],
  [5, 3],
  [9, 65],
  [2, 400],
  [1, 3100],
  [1030, 5],
] as const;

it.skipIf(hasNone).each(SIZES)('%i rows of %i', async (rows, n) => {
  const step = (x: Tensor, weight: Tensor, bias: Tensor, dy: Tensor): Tensor[] => {
    const [y, mean, inverseDeviation] = run('LayerNorm', { x, weight, bias }, EPSILON);
    const inputs = { x, weight, mean, inverseDeviation, dy };
    const [byRoot, inverse] = run('RMSNorm', { x, weight }, EPSILON);
    const gradients = [
      ...run('LayerNormGrad', inputs),
      ...run('RMSNormGrad', { x, weight, inverse, dy }),
    ];
    return [y, mean, inverseDeviation, byRoot, inverse, ...gradients];
  };
  const { off } = await onBoth(step, { feeds: [[rows, n], [n], [n], [rows, n]] });
  expect(off).toBeLessThan(1e-5);
});

it.skipIf(hasNone)('with sums before and behind', async () => {
  const shape = [2, 7, 33];
  const feeds = [shape, shape, [33], [33], shape];
  const step = (...[a, b, weight, bias, dy]: Tensor[]): Tensor[] => {
    const x = add(a, b);
    const [y, mean, inverseDeviation] = run('LayerNorm', { x, weight, bias }, EPSILON);
    const inputs = { x, weight, mean, inverseDeviation, dy };
    const [dx, dWeight, dBias] = run('LayerNormGrad', inputs);
    return [x, y, add(dx, a), dWeight, dBias];
  };
  expect((await onBoth(step, { feeds })).off).toBeLessThan(1e-5);
  const byRoot = (...[a, b, weight, , dy]: Tensor[]): Tensor[] => {
    const x = add(a, b);
    const [y, inverse] = run('RMSNorm', { x, weight }, EPSILON);
    const [dx, dWeight] = run('RMSNormGrad', { x, weight, inverse, dy });
    return [x, y, add(dx, mul(a, b)), dWeight];
  };
  expect((await onBoth(byRoot, { feeds })).off).toBeLessThan(1e-5);
});

it.skipIf(hasNone)('what is not finite stays in its row', async () => {
  const step = (x: Tensor, weight: Tensor, bias: Tensor, divisors: Tensor): Tensor[] =>
    run('LayerNorm', { x: div(x, cast(divisors, 'float32')), weight, bias }, EPSILON);
  const divisors = Int32Array.from({ length: 20 }, (_, i) => (i === 7 ? 0 : 1));
  const feeds = [[4, 5], [5], [5], divisors];
  const { off, results } = await onBoth(step, { feeds, shapes: [[4, 5]] });
  expect(off).toBeLessThan(1e-5);
  const areFinite = results[0].map(Number.isFinite);
  expect(areFinite).toEqual(areFinite.map((_, i) => i < 5 || i >= 10));
});
