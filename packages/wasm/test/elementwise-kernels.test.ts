// Elementwise kernels against their scalar twins: odd sizes, tails, empty tensors, infinities and NaN, canaries around.
import { describe, expect, it } from 'vitest';
import type { BinaryName, ComparisonName, UnaryName } from '../src/kernels/kernel-functions.js';
import {
  binaryReference,
  comparisonReference,
  geluDerivative,
  unaryReference,
} from '../src/reference/elementwise.js';
import { expectFloat, ULP } from './expect-float.js';
import { SIZES, SPECIAL } from './kernel-cases.js';
import { KernelMemory, someValues } from './kernel-memory.js';

/**
 * The worst error over the whole range, in steps of float32 at the exact value; 0 is the nearest float32. GELU's are steps of x: what
 * x is multiplied by loses digits where it is near 0.
 */
const UNARY: Readonly<Record<UnaryName, number>> = {
  relu: 0,
  negate: 0,
  exp: 0.97,
  log: 0.91,
  tanh: 0.502,
  sigmoid: 1.46,
  erf: 0.52,
  gelu: 1.3,
  geluByTanh: 1.3,
  squareRoot: 0,
  reciprocalSquareRoot: 1.5,
  squares: 0,
  squaredRelu: 0,
  bfloat16: 0,
  castInt: 0,
};

/** The distance from a value to the next larger one of float32. */
const stepAt = (x: number): number => {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (Math.max(exponent, -126) - 23);
};

function stepsOff(name: UnaryName, x: number, actual: number): number {
  const exact = unaryReference[name](x);
  const nearest = Math.fround(exact);
  if (Object.is(nearest, actual) || nearest === actual) return 0;
  return Math.abs(actual - exact) / stepAt(name.startsWith('gelu') ? x : exact);
}

describe.each(Object.keys(UNARY) as UnaryName[])('%s', (name) => {
  const special = name === 'castInt' ? [0, -1, 2 ** 31 - 1, -(2 ** 31)] : SPECIAL;
  const spread = name === 'castInt' ? [5, -7, 123_456_789] : [0.1, 5, 30, 1e-3, 1e3];

  it.each(SIZES)('%i values', (n) => {
    const memory = new KernelMemory();
    const values = someValues(n).map((x, i) => {
      const value = i < special.length ? special[i] : x * spread[i % spread.length];
      return name === 'castInt' ? Math.trunc(value) : Math.fround(value);
    });
    const from = memory.put(values, name === 'castInt' ? 'int32' : 'float32');
    const to = memory.room(n);
    memory.kernels.functions[name](from, to, n);
    const results = memory.floats(to, n);
    for (const [i, x] of values.entries()) {
      expect(stepsOff(name, x, results[i]), `${name}(${x})`).toBeLessThanOrEqual(UNARY[name]);
    }
    memory.checkCanaries();
  });
});

/**
 * Values from 2^-30 to 88.7, as many in each power of two, of both signs; of all powers for the logarithm. Beyond, e^x is infinite
 * and sigmoid 0 where it would be below 3e-39.
 */
function wholeRange(name: UnaryName, n: number): number[] {
  const [least, most] = name === 'log' ? [-149, 127.9] : [-30, 6.47];
  return Array.from({ length: n }, (_, i) =>
    Math.fround(2 ** (least + (i / n) * (most - least)) * (name === 'log' || i % 2 ? 1 : -1)),
  );
}

it.each(['exp', 'log', 'tanh', 'sigmoid', 'erf', 'gelu', 'geluByTanh'] as const)(
  '%s is as near as it says over its whole range',
  (name) => {
    const memory = new KernelMemory();
    const values = wholeRange(name, 40_000);
    const [from, to] = [memory.put(values), memory.room(values.length)];
    memory.kernels.functions[name](from, to, values.length);
    for (const [i, y] of memory.floats(to, values.length).entries()) {
      const x = values[i];
      expect(stepsOff(name, x, y), `${name}(${x})`).toBeLessThanOrEqual(UNARY[name]);
    }
  },
);

it.each([
  ['tanh', 999],
  ['erf', 990],
] as const)('of 1,000 values of %s, %i are the nearest float32', (name, least) => {
  const memory = new KernelMemory();
  const values = Array.from({ length: 20_000 }, (_, i) => Math.fround((i / 20_000) * 9.2));
  const [from, to] = [memory.put(values), memory.room(values.length)];
  memory.kernels.functions[name](from, to, values.length);
  const nearest = memory
    .floats(to, values.length)
    .filter((y, i) => y === Math.fround(unaryReference[name](values[i])));
  expect(nearest.length / 20).toBeGreaterThanOrEqual(least);
});

const BINARY = Object.keys(binaryReference) as BinaryName[];

describe.each(BINARY)('%s', (name) => {
  const reference = binaryReference[name];
  const forms = [
    [1, 1],
    [1, 0],
    [0, 1],
  ] as const;
  it.each(SIZES)('%i values, in all forms', (n) => {
    for (const [xStride, yStride] of forms) {
      const memory = new KernelMemory();
      const x = [...SPECIAL, ...someValues(n)].slice(0, xStride ? n : 1);
      const y = [...someValues(3, 5), ...SPECIAL.toReversed(), ...someValues(n, 9)].slice(
        0,
        yStride ? n : 1,
      );
      if (n === 0) return;
      const to = memory.room(n);
      memory.kernels.functions[name](memory.put(x), xStride, memory.put(y), yStride, to, n);
      for (const [i, actual] of memory.floats(to, n).entries()) {
        const [a, b] = [x[i * xStride], y[i * yStride]].map(Math.fround);
        const allowed = name === 'squaredDifference' ? 1.5 : 0; // rounded twice
        expectFloat(actual, reference(a, b), allowed, `${name}(${a}, ${b})`);
      }
      memory.checkCanaries();
    }
  });
});

describe.each(['add', 'subtract', 'multiply', 'divide'] as const)('%s', (name) => {
  it.each([
    [1, 1],
    [3, 5],
    [4, 8],
    [2, 27],
  ])('a row under, a column beside %i x %i', (rows, n) => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    const x = someValues(rows * n);
    const [row, column] = [someValues(n, 50), someValues(rows, 70)];
    const to = memory.room(rows * n);
    const check = (at: (i: number, j: number) => [number, number]): void => {
      for (const [index, actual] of memory.floats(to, rows * n).entries()) {
        const operands = at(Math.floor(index / n), index % n);
        expectFloat(actual, binaryReference[name](...operands), 0, `${name} ${index}`);
      }
    };
    functions[`${name}Row`](memory.put(x), memory.put(row), to, rows, n);
    check((i, j) => [x[i * n + j], row[j]]);
    functions[`${name}Column`](memory.put(x), memory.put(column), to, rows, n, 0);
    check((i, j) => [x[i * n + j], column[i]]);
    functions[`${name}Column`](memory.put(column), memory.put(x), to, rows, n, 1);
    check((i, j) => [column[i], x[i * n + j]]);
    memory.checkCanaries();
  });
});

describe.each(['none', 'tanh'] as const)('the gradient of gelu, %s', (form) => {
  it.each(SIZES)('%i values', (n) => {
    const memory = new KernelMemory();
    const near = someValues(n).map((x, i) => Math.fround(x * [0.1, 1, 3, 8][i % 4]));
    const x = [...SPECIAL.filter(Number.isFinite), ...near, NaN].slice(-n - 1, -1).concat(NaN);
    const dy = someValues(n + 1, 6);
    const [from, by, to] = [memory.put(x), memory.put(dy), memory.room(x.length)];
    const kernel = form === 'none' ? 'geluGradient' : 'geluByTanhGradient';
    memory.kernels.functions[kernel](from, by, to, x.length);
    for (const [i, actual] of memory.floats(to, x.length).entries()) {
      // Φ, and x φ of at most 0.24, some 8 roundings each
      const exact = Math.fround(dy[i]) * geluDerivative(Math.fround(x[i]), form);
      expectFloat(actual, exact, { absolute: Math.abs(dy[i]) * 4 * ULP }, `gelu'(${x[i]})`);
    }
    memory.checkCanaries();
  });
});

describe.each(Object.keys(comparisonReference) as ComparisonName[])('%s', (name) => {
  it.each(SIZES.slice(1))('%i values, in all forms', (n) => {
    const memory = new KernelMemory();
    const x = [...SPECIAL, ...someValues(n)].slice(0, n);
    const y = [...SPECIAL.toReversed(), ...someValues(n, 3)].slice(-n);
    const [xAt, yAt] = [memory.put(x), memory.put(y)];
    for (const [xStride, yStride] of [
      [1, 1],
      [1, 0],
      [0, 1],
    ]) {
      const to = memory.room(Math.ceil(n / 4));
      memory.kernels.functions[name](xAt, xStride, yAt, yStride, to, n);
      const pairs = x.map((_, i) => [Math.fround(x[i * xStride]), Math.fround(y[i * yStride])]);
      const exact = pairs.map(([a, b]) => (comparisonReference[name](a, b) ? 1 : 0));
      expect(memory.bytes(to, n)).toEqual(exact);
      const chosen = memory.room(n);
      memory.kernels.functions.select(to, xAt, xStride, yAt, yStride, chosen, n);
      expect(memory.floats(chosen, n)).toEqual(pairs.map(([a, b], i) => (exact[i] ? a : b)));
    }
    memory.checkCanaries();
  });
});

it('descends: w -= g rate, in place, each operation rounded', () => {
  for (const n of SIZES) {
    const memory = new KernelMemory();
    const [w, g, rate] = [someValues(n), someValues(n, 4), Math.fround(0.01)];
    const at = memory.put(w);
    memory.kernels.functions.descend(at, memory.put(g), memory.put([rate]), 0, n);
    expect(memory.floats(at, n)).toEqual(
      w.map((x, i) => Math.fround(x - Math.fround(g[i] * rate))),
    );
    memory.checkCanaries();
  }
});
