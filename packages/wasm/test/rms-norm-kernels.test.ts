// Normalisation by the root mean square against its scalar twin.
import { describe, expect, it } from 'vitest';
import { rmsNormGradientReference, rmsNormReference } from '../src/reference/rms-norm.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

const EPSILON = 1e-5;

/** In how many steps a sum of n rounded values is off. */
const steps = (n: number): number => 8 + n / 4;

/** Usual rows, and more of them than are summed in single precision. */
const cases = [...SIZES.slice(1), 600].flatMap((n) =>
  [3, n < 6 ? 600 : 4].map((rows) => ({ n, rows })),
);

describe.each(cases)('$rows rows of $n', ({ n, rows }) => {
  const [x, dy] = [someValues(rows * n, 2), someValues(rows * n, 40)];
  const weight = someValues(n, 20);
  const operands = { x, weight, rows, n, epsilon: EPSILON };
  const exact = rmsNormReference(operands);

  it.each([false, true])('are normalised, in place: %s', (inPlace) => {
    const memory = new KernelMemory();
    const [from, w] = [memory.put(x), memory.put(weight)];
    const [y, inverses] = [inPlace ? from : memory.room(rows * n), memory.room(rows)];
    memory.kernels.functions.layerNorm(from, 0, w, 0, 0, y, 0, inverses, rows, n, EPSILON);
    for (const [i, actual] of memory.floats(y, rows * n).entries()) {
      const bound = (Math.abs(exact.y[i]) + 1e-30) * steps(n) * ULP;
      expectFloat(actual, exact.y[i], { absolute: bound }, `y ${i}`);
    }
    for (const [i, actual] of memory.floats(inverses, rows).entries()) {
      const bound = exact.inverses[i] * steps(n) * ULP;
      expectFloat(actual, exact.inverses[i], { absolute: bound }, `inverse ${i}`);
    }
    memory.checkCanaries();
  });

  it.each([false, true])('have gradients, in place: %s', (inPlace) => {
    const wanted = rmsNormGradientReference(operands, dy);
    const memory = new KernelMemory();
    const [from, w, inverses, by] = [x, weight, exact.inverses, dy].map((v) => memory.put(v));
    const [dWeight, scratch] = [memory.room(n), memory.room(4 * n)];
    const dx = inPlace ? by : memory.room(rows * n);
    memory.kernels.functions.layerNormGradient(
      ...([from, w, 0, inverses, by, 0, dx, dWeight, 0, rows, n, scratch] as const),
    );
    for (const [i, actual] of memory.floats(dx, rows * n).entries()) {
      const inverse = exact.inverses[Math.floor(i / n)];
      expectFloat(actual, wanted.dx[i], { absolute: inverse * 8 * steps(n) * ULP }, `dx ${i}`);
    }
    const bound = Math.max(...exact.inverses) * 8 * steps(rows) * ULP;
    for (const [j, actual] of memory.floats(dWeight, n).entries()) {
      expectFloat(actual, wanted.dWeight[j], { absolute: bound }, `dWeight ${j}`);
    }
    memory.checkCanaries();
  });
});

it.each(SIZES.slice(1))('with a residual, rows of %i: the same bytes as in two passes', (n) => {
  const rows = 5;
  const [x, residual, dy] = [0, 50, 90].map((phase) => someValues(rows * n, phase));
  const weight = someValues(n, 20);
  const run = (fused: boolean): number[][] => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    const [a, b, w, by] = [x, residual, weight, dy].map((v) => memory.put(v));
    const [sum, y, dx] = Array.from({ length: 3 }, () => memory.room(rows * n));
    const [inverses, dW] = [memory.room(rows), memory.room(n)];
    if (!fused) functions.add(a, 1, b, 1, sum, rows * n);
    const given = fused ? ([a, b, w, 0, sum] as const) : ([sum, 0, w, 0, 0] as const);
    functions.layerNorm(...given, y, 0, inverses, rows, n, EPSILON);
    const slopes = [sum, w, 0, inverses, by] as const;
    functions.layerNormGradient(...slopes, fused ? b : 0, dx, dW, 0, rows, n, 0);
    if (!fused) functions.add(dx, 1, b, 1, dx, rows * n);
    memory.checkCanaries();
    return [sum, y, dx].map((address) => memory.floats(address, rows * n));
  };
  expect(run(true)).toEqual(run(false));
});
