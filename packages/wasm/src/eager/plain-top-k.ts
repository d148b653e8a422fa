import { util, type KernelFunc } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { given, numbersOf } from './plain-elementwise.js';

/** `tf.topk`: the largest of each row, and where they are; of equal ones the first. NaN counts as the largest, as in `torch.topk`. */
export const plainTopK: KernelFunc = ({ inputs, attrs = {}, backend }) => {
  const { x } = given(inputs);
  const wasm = backend as BackendWasm; // the one it is registered for
  const k = Number(attrs['k']);
  const n = x.shape.at(-1) ?? 1;
  const shape = [...x.shape.slice(0, -1), k];
  const outputs = [wasm.makeOutput(shape, x.dtype), wasm.makeOutput(shape, 'int32')];
  const [from, values, indices] = [x, ...outputs].map((info) => numbersOf(wasm, info));
  const isNaN = (i: number): number => Number(from[i] !== from[i]);
  for (let row = 0; row < util.sizeFromShape(shape.slice(0, -1)); row++) {
    Array.from({ length: n }, (_, i) => row * n + i)
      .sort((a, b) => isNaN(b) - isNaN(a) || from[b] - from[a] || a - b)
      .slice(0, k)
      .forEach((i, r) => {
        values[row * k + r] = from[i];
        indices[row * k + r] = i - row * n;
      });
  }
  return outputs;
};
