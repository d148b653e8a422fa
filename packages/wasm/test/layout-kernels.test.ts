// Kernels that move and reduce: every value where it belongs, none beside the result.
import { describe, expect, it } from 'vitest';
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
    memory.kernels.functions.permute(memory.put(x), to, K, I, O, 1, K, I * K);
    const expected = Array.from({ length: K * I * O }, (_, n) => {
      const [k, i, o] = [Math.floor(n / (I * O)), Math.floor(n / O) % I, n % O];
      return x[(o * I + i) * K + k];
    });
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
    memory.kernels.functions.segmentSum(rows, some, sums, ids.length, width, 5);
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

  it('marks indices, and copies', () => {
    const memory = new KernelMemory();
    const to = memory.room(12);
    memory.kernels.functions.oneHot(memory.put([2, 0, 3, -1], 'int32'), to, 4, 3);
    expect(memory.ints(to, 12)).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
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
    const [sums, means, most, columns] = [rows, rows, rows, n].map((size) => memory.room(size));
    functions.sumRows(from, sums, rows, n);
    functions.meanRows(from, means, rows, n);
    functions.maxRows(from, most, rows, n);
    functions.sumColumns(from, columns, rows, n);
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
});
