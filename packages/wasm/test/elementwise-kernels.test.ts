// Elementwise kernels against their scalar twins: odd sizes, tails, empty tensors, infinities and NaN, canaries around.
import { describe, expect, it } from 'vitest';
import type { BinaryName, UnaryName } from '../src/kernels/kernel-functions.js';
import { binaryReference, unaryReference } from '../src/reference/elementwise.js';
import { expectFloat } from './expect-float.js';
import { KernelMemory, someValues } from './kernel-memory.js';

const SIZES = [0, 1, 3, 4, 5, 7, 8, 9, 27, 64];
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  Number.NaN,
  1e-40,
  3e38,
  -3e38,
  88,
  -88,
  100,
  -104,
];

/** Errors in steps of float32 that the arithmetic allows; a single operation is rounded once, so exact. */
const UNARY: Readonly<Record<UnaryName, number>> = {
  relu: 0,
  negate: 0,
  exp: 2,
  log: 3,
  tanh: 4,
  sigmoid: 4,
  squareRoot: 0,
  reciprocalSquareRoot: 1.5,
  squares: 0,
  castInt: 0,
};

describe.each(Object.keys(UNARY) as UnaryName[])('%s', (name) => {
  const reference = unaryReference[name];
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
      expectFloat(results[i], reference(x), UNARY[name], `${name}(${x})`);
    }
    memory.checkCanaries();
  });
});

it.each(['exp', 'log', 'tanh', 'sigmoid'] as const)(
  '%s is as near as it says over its whole range',
  (name) => {
    const memory = new KernelMemory();
    const n = 20_000;
    const values = Array.from({ length: n }, (_, i) =>
      Math.fround(name === 'log' ? 2 ** (-126 + (i / n) * 253) : -87 + (i / n) * 175),
    );
    const [from, to] = [memory.put(values), memory.room(n)];
    memory.kernels.functions[name](from, to, n);
    for (const [i, y] of memory.floats(to, n).entries()) {
      expectFloat(y, unaryReference[name](values[i]), UNARY[name], `${name}(${values[i]})`);
    }
  },
);

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
        // the square of a difference is rounded twice
        expectFloat(
          actual,
          reference(a, b),
          name === 'squaredDifference' ? 1.5 : 0,
          `${name}(${a}, ${b})`,
        );
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

it('descends: w -= g rate, in place, each operation rounded', () => {
  for (const n of SIZES) {
    const memory = new KernelMemory();
    const [w, g, rate] = [someValues(n), someValues(n, 4), Math.fround(0.01)];
    const at = memory.put(w);
    memory.kernels.functions.descend(at, memory.put(g), memory.put([rate]), n);
    expect(memory.floats(at, n)).toEqual(
      w.map((x, i) => Math.fround(x - Math.fround(g[i] * rate))),
    );
    memory.checkCanaries();
  }
});
