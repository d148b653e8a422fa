// Kernels that move and reduce: every value where it belongs, none beside the result.
import { describe, expect, it } from 'vitest';
import { SIZES, SPECIAL } from './kernel-cases.js';
import type { KernelFunctions } from '../src/kernels/kernel-functions.js';
import { KernelMemory, someValues } from './kernel-memory.js';

describe('moves', () => {
  it.each([
    [1, 1],
    [3, 5],
    [4, 4],
    [5, 9],
    [64, 27],
    [0, 3],
  ])('transposes %i x %i', (rows, columns) => {
    const memory = new KernelMemory();
    const x = someValues(rows * columns);
    const to = memory.room(rows * columns);
    memory.kernels.functions.transpose(memory.put(x), to, rows, columns);
    const at = (i: number): number => x[(i % rows) * columns + Math.floor(i / rows)];
    expect(memory.floats(to, rows * columns)).toEqual(x.map((_, i) => at(i)));
    memory.checkCanaries();
  });

  it('permutes three axes', () => {
    const memory = new KernelMemory();
    const [O, I, K] = [3, 5, 2];
    const x = someValues(O * I * K);
    const to = memory.room(x.length);
    memory.kernels.functions.permute(memory.put(x), to, 1, 1, K, I, O, 0, 0, 1, K, I * K);
    const expected = Array.from({ length: K * I * O }, (_, n) => {
      const [k, i, o] = [Math.floor(n / (I * O)), Math.floor(n / O) % I, n % O];
      return x[(o * I + i) * K + k];
    });
    expect(memory.floats(to, x.length)).toEqual(expected);
    memory.checkCanaries();
  });

  it.each([1, 3, 4, 9])('permutes five axes, rows of %i as wholes', (n) => {
    const memory = new KernelMemory();
    const shape = [2, 3, 4, 2, n];
    const strides = [24 * n, 8 * n, 2 * n, n, 1];
    const x = someValues(48 * n);
    const to = memory.room(x.length);
    const [sizes, steps] = [shape, strides].map((list) => [2, 3, 0, 1, 4].map((i) => list[i]));
    const args = [memory.put(x), to, ...sizes, ...steps] as Parameters<KernelFunctions['permute']>;
    memory.kernels.functions.permute(...args);
    const expected: number[] = [];
    for (let j = 0; j < 4; j++)
      for (let k = 0; k < 2; k++)
        for (let h = 0; h < 2; h++)
          for (let i = 0; i < 3; i++) {
            const at = (((h * 3 + i) * 4 + j) * 2 + k) * n;
            expected.push(...x.slice(at, at + n));
          }
    expect(memory.floats(to, x.length)).toEqual(expected);
    memory.checkCanaries();
  });

  it.each([1, 3, 4, 6, 8])('gathers rows of %i, and sums them up again', (width) => {
    const memory = new KernelMemory();
    const table = someValues(5 * width);
    const ids = [4, 0, 4, 2, 2, 4];
    const rows = memory.room(ids.length * width);
    const indices = memory.put(ids, 'int32');
    memory.kernels.functions.gatherRows(memory.put(table), indices, rows, ids.length, width);
    const gathered = ids.flatMap((id) => table.slice(id * width, (id + 1) * width));
    expect(memory.floats(rows, gathered.length)).toEqual(gathered);

    const sums = memory.room(5 * width);
    const some = memory.put([4, 0, -1, 2, 5, 4], 'int32'); // -1 and 5 are left out
    memory.kernels.functions.segmentSum(rows, some, sums, ids.length, width, 5, 0);
    const expected = Array.from<number>({ length: 5 * width }).fill(0);
    for (const [i, id] of [4, 0, undefined, 2, undefined, 4].entries()) {
      if (id === undefined) continue;
      for (let j = 0; j < width; j++) {
        expected[id * width + j] = Math.fround(expected[id * width + j] + gathered[i * width + j]);
      }
    }
    expect(memory.floats(sums, expected.length)).toEqual(expected);
    memory.checkCanaries();
  });

  it.each(SIZES)('copies rows of %i bytes, and of words, from one stride to another', (n) => {
    for (const rows of [0, 1, 5]) {
      for (const word of [1, 4]) {
        const memory = new KernelMemory();
        const bytes = n * word;
        const [fromStep, toStep] = [bytes + 4, bytes + 12];
        const x = Uint8Array.from({ length: fromStep * rows }, (_, i) => (i * 7 + 1) % 251);
        const words = Math.ceil((toStep * rows) / 4);
        const [from, to] = [memory.putBytes(x), memory.room(words)];
        const before = memory.bytes(to, words * 4);
        memory.kernels.functions.copyRows(from, fromStep, to, toStep, rows, bytes);
        const expected = before.map((byte, i) => {
          const [row, at] = [Math.floor(i / toStep), i % toStep];
          return row < rows && at < bytes ? x[row * fromStep + at] : byte;
        });
        expect(memory.bytes(to, words * 4)).toEqual(expected);
        memory.checkCanaries();
      }
    }
  });

  it('copies planes of rows', () => {
    const memory = new KernelMemory();
    const [planes, rows, n] = [3, 2, 5];
    const x = someValues(planes * rows * n);
    const to = memory.room(x.length);
    const [row, plane] = [n * 4, rows * n * 4];
    const places = [memory.put(x), plane, row, to, row, planes * n * 4] as const; // [rows, planes, n]
    memory.kernels.functions.copyPlanes(...places, planes, rows, row);
    const expected = Array.from({ length: x.length }, (_, at) => {
      const [j, i, k] = [Math.floor(at / (planes * n)), Math.floor(at / n) % planes, at % n];
      return x[(i * rows + j) * n + k];
    });
    expect(memory.floats(to, x.length)).toEqual(expected);
    memory.checkCanaries();
  });

  it.each(SIZES)('pads rows of %i, and fills', (n) => {
    for (const [before, after] of [
      [0, 0],
      [1, 0],
      [0, 5],
      [17, 3],
    ]) {
      const memory = new KernelMemory();
      const [rows, width] = [3, before + n + after];
      const x = someValues(rows * n);
      const to = memory.room(rows * width);
      const one = 0x3f800000; // the bits of 1
      memory.kernels.functions.padRows(memory.put(x), to, rows, n, before, after, one);
      const row = (i: number): number[] => [
        ...Array.from<number>({ length: before }).fill(1),
        ...x.slice(i * n, (i + 1) * n),
        ...Array.from<number>({ length: after }).fill(1),
      ];
      expect(memory.floats(to, rows * width)).toEqual([0, 1, 2].flatMap(row));
      memory.checkCanaries();
    }
  });

  it.each(SIZES)('casts %i values', (n) => {
    const memory = new KernelMemory();
    const bits = Array.from({ length: n }, (_, i) => (i * 3) % 2);
    const to = memory.room(n);
    memory.kernels.functions.castBool(memory.putBytes(Uint8Array.from(bits)), to, n);
    expect(memory.floats(to, n)).toEqual(bits);
    const large = [2.5e9, -2.5e9, 1e20, 2 ** 31, -(2 ** 31), 1.9, -1.9];
    const x = [...large, ...SPECIAL, ...someValues(64)].slice(0, n).map(Math.fround);
    memory.kernels.functions.castFloat(memory.put(x), to, n);
    expect(memory.ints(to, n)).toEqual([...Int32Array.from(x)]);
    memory.checkCanaries();
  });

  it('marks indices, and copies', () => {
    const memory = new KernelMemory();
    const to = memory.room(12);
    memory.kernels.functions.oneHot(memory.put([2, 0, 3, -1], 'int32'), to, 4, 3, 7, 5);
    expect(memory.ints(to, 12)).toEqual([5, 5, 7, 7, 5, 5, 5, 5, 5, 5, 5, 5]);
    memory.kernels.functions.copy(to, memory.room(12), 48);
    memory.checkCanaries();
  });
});

describe('reductions', () => {
  it.each([
    [1, 1],
    [3, 5],
    [4, 27],
    [8, 64],
  ])('of %i x %i', (rows, n) => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    const x = someValues(rows * n);
    const from = memory.put(x);
    const row = (i: number): number[] => x.slice(i * n, (i + 1) * n);
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    const [sums, means, most, columns, scratch] = [rows, rows, rows, n, 2 * n].map((size) =>
      memory.room(size),
    );
    functions.sumRows(from, sums, rows, n);
    functions.meanRows(from, means, rows, n);
    functions.maxRows(from, most, rows, n);
    functions.sumColumns(from, columns, rows, n, scratch);
    for (let i = 0; i < rows; i++) {
      // at most 64 values below 2, each sum rounded: 64 · 128 · 2^-24
      expect(Math.abs(memory.floats(sums, rows)[i] - sum(row(i)))).toBeLessThan(5e-4);
      expect(Math.abs(memory.floats(means, rows)[i] - sum(row(i)) / n)).toBeLessThan(1e-5);
      expect(memory.floats(most, rows)[i]).toBe(Math.max(...row(i)));
    }
    for (let j = 0; j < n; j++) {
      const column = x.filter((_, index) => index % n === j);
      expect(Math.abs(memory.floats(columns, n)[j] - sum(column))).toBeLessThan(1e-5);
    }
    memory.checkCanaries();
  });

  it.each([
    [512, 37],
    [513, 37],
    [600, 16],
    [700, 64],
    [1200, 3],
  ])('columns of %i x %i: one after another, in double beyond 512 rows', (rows, n) => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    const x = someValues(2 * rows * n);
    const from = memory.put(x);
    const [sums, planes, means, scratch] = [n, 2 * n, n, 2 * n].map((size) => memory.room(size));
    functions.sumColumns(from, sums, rows, n, scratch);
    functions.sumPlanes(from, planes, 2, rows, n, scratch);
    functions.meanColumns(from, means, rows, n, scratch);
    const isLong = rows > 512;
    const column = (plane: number, j: number, divisor: number): number => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        sum += x[(plane * rows + i) * n + j];
        if (!isLong) sum = Math.fround(sum);
      }
      return Math.fround(sum / divisor);
    };
    const of = (plane: number, divisor: number): number[] =>
      Array.from({ length: n }, (_, j) => column(plane, j, divisor));
    expect(memory.floats(sums, n)).toEqual(of(0, 1));
    expect(memory.floats(planes, 2 * n)).toEqual([...of(0, 1), ...of(1, 1)]);
    expect(memory.floats(means, n)).toEqual(of(0, rows));
    memory.checkCanaries();
  });

  it.each([...SIZES, 512, 513, 600])('squares of %i values, as sums of rows of squares', (n) => {
    const memory = new KernelMemory();
    const { functions } = memory.kernels;
    for (const factor of [1, 1e19, 1e25]) {
      const x = someValues(n).map((value) => Math.fround(value * factor));
      const at = memory.put(x);
      const [squares, sum, wanted] = [n, 1, 1].map((size) => memory.room(size));
      functions.squares(at, squares, n);
      functions.sumRows(squares, wanted, 1, n);
      functions.sumSquares(at, sum, n);
      expect(memory.floats(sum, 1)).toEqual(memory.floats(wanted, 1));
    }
    memory.checkCanaries();
  });

  it.each(SIZES)('the largest of %i values, wherever it is, and NaN', (n) => {
    const rows = [
      someValues(n),
      someValues(n).map((x) => -Math.abs(x)),
      SPECIAL.filter((x) => !Number.isNaN(x)),
      ...Array.from({ length: n }, (_, at) => someValues(n).map((x, j) => (j === at ? 9 : x))),
      ...Array.from({ length: n }, (_, at) => someValues(n).map((x, j) => (j === at ? NaN : x))),
    ];
    const memory = new KernelMemory();
    for (const row of rows) {
      const to = memory.room(1);
      memory.kernels.functions.maxRows(memory.put(row), to, 1, row.length);
      expect(memory.floats(to, 1)).toEqual([Math.max(...row)]);
    }
    memory.checkCanaries();
  });
});
