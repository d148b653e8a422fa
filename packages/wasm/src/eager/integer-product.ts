import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { stridesOf } from '../kernels/tensor-type.js';
import { productShape } from '../ops/product.js';

/** A kernel for `tf.matMul` that takes int32 too, of which it keeps the lower 32 bits as NumPy does. */
export function withIntegers(floats: KernelConfig): KernelConfig {
  return {
    ...floats,
    kernelFunc(params) {
      const { inputs, attrs = {}, backend } = params;
      const { a, b } = inputs;
      if (a?.dtype !== 'int32' || b?.dtype !== 'int32') return floats.kernelFunc(params);
      const wasm = backend as BackendWasm; // the one it is registered for
      const transposeA = attrs['transposeA'] === true;
      const transposeB = attrs['transposeB'] === true;
      const out = wasm.makeOutput(productShape({ a, b, transposeA, transposeB }), 'int32');
      // Views are taken after the output's allocation, which may have moved the heap.
      const [left, right, to] = [a, b, out].map((info) => ({
        values: wasm.typedArrayFromHeap(info) as Int32Array,
        shape: info.shape,
      }));
      multiply(transposed(left, transposeA), transposed(right, transposeB), to);
      return out;
    },
  };
}

interface Integers {
  readonly values: Int32Array;
  readonly shape: readonly number[];
}

/** Integers that lie in steps: the last two are those along a matrix's rows and columns. */
interface Strided extends Integers {
  readonly strides: readonly number[];
}

function transposed({ values, shape }: Integers, isTransposed: boolean): Strided {
  const strides = stridesOf(shape);
  if (!isTransposed) return { values, shape, strides };
  return { values, shape: swapped(shape), strides: swapped(strides) };
}

const swapped = (list: readonly number[]): number[] => [
  ...list.slice(0, -2),
  ...list.slice(-2).toReversed(),
];

function multiply(a: Strided, b: Strided, to: Integers): void {
  const [M, N] = to.shape.slice(-2);
  const K = a.shape.at(-1) ?? 0;
  const outer = to.shape.slice(0, -2);
  const [aRow, aStep] = a.strides.slice(-2);
  const [bRow, bStep] = b.strides.slice(-2);
  const [aStarts, bStarts] = [a, b].map((factor) => matrixStarts(factor, outer));
  let at = 0;
  for (const [i, aStart] of aStarts.entries()) {
    for (let m = 0; m < M; m++) {
      for (let n = 0; n < N; n++) {
        let sum = 0;
        for (let k = 0; k < K; k++) {
          const x = a.values[aStart + m * aRow + k * aStep];
          sum = (sum + Math.imul(x, b.values[bStarts[i] + k * bRow + n * bStep])) | 0;
        }
        to.values[at++] = sum;
      }
    }
  }
}

/** Where each matrix of a batch begins in a factor that is broadcast to it. */
function matrixStarts({ shape, strides }: Strided, outer: readonly number[]): number[] {
  const missing = outer.length + 2 - shape.length;
  return outer.reduce(
    (starts, size, axis) => {
      const own = axis - missing;
      const step = own < 0 || shape[own] === 1 ? 0 : strides[own];
      return starts.flatMap((start) => Array.from({ length: size }, (_, i) => start + i * step));
    },
    [0],
  );
}
