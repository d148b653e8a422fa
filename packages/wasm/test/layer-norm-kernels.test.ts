// Layer normalisation against its scalar twin.
import { describe, expect, it } from 'vitest';
import { layerNormGradientReference, layerNormReference } from '../src/reference/layer-norm.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

const EPSILON = 1e-5;

/** Rows of one length: usual ones, far from 0, all equal, large, subnormal. */
const finiteRows = (n: number): number[][] => {
  const usual = someValues(n, 2);
  return [
    usual,
    usual.map((x) => Math.fround(x + 100)),
    usual.map(() => 3),
    usual.map((x) => Math.fround(x * 1e15)),
    usual.map((x) => Math.fround(x * 1e-40)),
  ];
};

/** In how many steps of the largest h a sum of n rounded values is off. */
const steps = (n: number): number => 8 + n / 4;

describe.each(SIZES.slice(1))('rows of %i', (n) => {
  const weight = someValues(n, 20);
  const bias = someValues(n, 30);
  const operandsOf = (rows: number[][]) => ({
    x: rows.flat(),
    weight,
    bias,
    rows: rows.length,
    n,
    epsilon: EPSILON,
  });

  it('are normalised, in place too', () => {
    const operands = operandsOf(finiteRows(n));
    const { x, rows } = operands;
    const exact = layerNormReference(operands);
    for (const inPlace of [false, true]) {
      const memory = new KernelMemory();
      const [from, w, b] = [x, weight, bias].map((values) => memory.put(values));
      const y = inPlace ? from : memory.room(rows * n);
      const [means, inverses] = [memory.room(rows), memory.room(rows)];
      const args = [from, 0, w, b, 0, y, means, inverses, rows, n, EPSILON] as const;
      memory.kernels.functions.layerNorm(...args);
      for (const [i, actual] of memory.floats(y, rows * n).entries()) {
        const row = Math.floor(i / n);
        // (x - mean) is off by steps of x, which the inverse makes steps of h
        const size = Math.max(...x.slice(row * n, (row + 1) * n).map(Math.abs));
        const scale = size * exact.inverses[row] + 1;
        const bound = (scale * Math.abs(weight[i % n]) + Math.abs(bias[i % n])) * steps(n) * ULP;
        expectFloat(actual, exact.y[i], { absolute: bound }, `y ${i}`);
      }
      for (const [i, mean] of memory.floats(means, rows).entries()) {
        const size = Math.max(...x.slice(i * n, (i + 1) * n).map(Math.abs));
        expectFloat(
          mean,
          exact.means[i],
          { absolute: size * steps(n) * ULP + 2 ** -149 },
          `mean ${i}`,
        );
      }
      memory.checkCanaries();
    }
  });

  it('have a gradient, in place too', () => {
    const usual = [0, 7, 11].map((phase) => someValues(n, phase));
    const operands = operandsOf(usual);
    const { x, rows } = operands;
    const dy = someValues(rows * n, 40);
    const forward = layerNormReference(operands);
    const exact = layerNormGradientReference(operands, dy);
    for (const inPlace of [false, true]) {
      const memory = new KernelMemory();
      const from = [x, weight, forward.means, forward.inverses, dy].map((v) => memory.put(v));
      const [fromX, w, means, inverses, by] = from;
      const [dWeight, dBias] = [memory.room(n), memory.room(n)];
      const dx = inPlace ? by : memory.room(rows * n);
      memory.kernels.functions.layerNormGradient(
        ...([fromX, w, means, inverses, by, 0, dx, dWeight, dBias, rows, n, 0] as const),
      );
      for (const [i, actual] of memory.floats(dx, rows * n).entries()) {
        // of g and h, at most 4 each, and of their means; the inverse of a row of one is 316
        const inverse = forward.inverses[Math.floor(i / n)];
        expectFloat(actual, exact.dx[i], { absolute: inverse * 8 * steps(n) * ULP }, `dx ${i}`);
      }
      for (let j = 0; j < n; j++) {
        const scale = Math.max(...forward.inverses) * 8 * steps(rows) * ULP;
        expectFloat(
          memory.floats(dWeight, n)[j],
          exact.dWeight[j],
          { absolute: scale },
          `dWeight ${j}`,
        );
        expectFloat(
          memory.floats(dBias, n)[j],
          exact.dBias[j],
          { absolute: 8 * ULP },
          `dBias ${j}`,
        );
      }
      memory.checkCanaries();
    }
  });
});

it.each(SIZES.slice(1))('with a residual, rows of %i: the same bytes as in two passes', (n) => {
  const rows = 5;
  const [x, residual, dy] = [0, 50, 90].map((phase) => someValues(rows * n, phase));
  const [weight, bias] = [someValues(n, 20), someValues(n, 30)];
  const run = (fused: boolean, inPlace: boolean): number[][] => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    const room = (size: number): number => memory.room(size);
    const [a, b, w, shift, by] = [x, residual, weight, bias, dy].map((v) => memory.put(v));
    const [y, sum] = inPlace ? [b, a] : [room(rows * n), room(rows * n)];
    const [means, inverses, dW, dB] = [rows, rows, n, n].map(room);
    const dx = inPlace ? by : room(rows * n);
    const more = memory.put(residual);
    if (!fused) functions.add(a, 1, b, 1, sum, rows * n);
    const given = fused ? ([a, b, w, shift, sum] as const) : ([sum, 0, w, shift, 0] as const);
    functions.layerNorm(...given, y, means, inverses, rows, n, EPSILON);
    const forward = [sum, y].map((address) => memory.floats(address, rows * n));
    const slopes = [sum, w, means, inverses, by] as const;
    functions.layerNormGradient(...slopes, fused ? more : 0, dx, dW, dB, rows, n, 0);
    if (!fused) functions.add(dx, 1, more, 1, dx, rows * n);
    memory.checkCanaries();
    const parameters = [dW, dB].map((address) => memory.floats(address, n));
    return [...forward, memory.floats(dx, rows * n), ...parameters];
  };
  const separate = run(false, false);
  expect(run(true, false)).toEqual(separate);
  expect(run(true, true)).toEqual(separate);
});

it('NaN and infinities stay in their row', () => {
  const memory = new KernelMemory();
  const n = 5;
  const rows = [someValues(n), [1, NaN, 2, 3, 4], [Infinity, 1, 2, 3, 4], someValues(n)];
  const [y, means, inverses] = [memory.room(20), memory.room(4), memory.room(4)];
  const [x, w, b] = [memory.put(rows.flat()), memory.put([1, 1, 1, 1, 1]), memory.put(rows[0])];
  memory.kernels.functions.layerNorm(x, 0, w, b, 0, y, means, inverses, 4, n, EPSILON);
  const isNaN = memory.floats(y, 20).map(Number.isNaN);
  expect(isNaN).toEqual(Array.from({ length: 20 }, (_, i) => i >= 5 && i < 15));
});
