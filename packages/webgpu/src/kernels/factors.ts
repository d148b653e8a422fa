import { sizeOf, stridesOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import { placeOf } from '../wgsl/indices.js';
import type { Kernel } from '../wgsl/kernel.js';

/** Sizes of a product. */
export interface Sizes {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** How many matrices there are. */
  readonly batch: number;
}

/** A batch that multiplies by one B is a taller A, where that isn't transposed. */
export function sizesOf({ attrs, inputs, outputs }: GraphNode): Sizes {
  const [[a, b], [c]] = [inputs, outputs];
  const [rows, columns] = a.shape.slice(-2);
  const isTurned = attrs['transposeA'] === true;
  const N = b.shape.at(attrs['transposeB'] === true ? -2 : -1) ?? 1;
  const M = isTurned ? columns : rows;
  return { M, N, K: isTurned ? rows : columns, batch: sizeOf({ shape: c.shape.slice(0, -2) }) };
}

/** How many matrices apart those of a factor are, along the axes of the batch. */
function batchAxes({ shape }: Value, outer: readonly number[]): { size: number; stride: number }[] {
  const own = shape.slice(0, -2);
  const padded = [...Array.from({ length: outer.length - own.length }, () => 1), ...own];
  const strides = stridesOf(padded);
  return outer.map((size, i) => ({ size, stride: padded[i] === 1 ? 0 : strides[i] }));
}

/** Elements of both factors, as expressions. */
export interface Factors {
  /** Of the result, and so of the factors. */
  readonly type: 'f32' | 'i32';
  /** Declares where a `matrix` begins in each. */
  readonly starts: string;
  readonly a: (row: string, k: string) => string;
  readonly b: (k: string, column: string) => string;
}

export function factorsOf(
  { inputs: [a, b], outputs: [c], attrs }: GraphNode,
  kernel: Kernel,
  { M, N, K }: Sizes,
): Factors {
  const outer = c.shape.slice(0, -2);
  const matrix = (value: Value): string => placeOf('matrix', batchAxes(value, outer));
  const isTurned = { a: attrs['transposeA'] === true, b: attrs['transposeB'] === true };
  return {
    type: c.dtype === 'int32' ? 'i32' : 'f32',
    starts: `let start_a = ${matrix(a)} * ${M * K}u;
let start_b = ${matrix(b)} * ${K * N}u;`,
    a: (row, k) => kernel.at(a, `start_a + ${isTurned.a ? place(k, row, M) : place(row, k, K)}`),
    b: (k, column) =>
      kernel.at(b, `start_b + ${isTurned.b ? place(column, k, K) : place(k, column, N)}`),
  };
}

const place = (row: string, column: string, width: number): string =>
  `(${row}) * ${width}u + ${column}`;
