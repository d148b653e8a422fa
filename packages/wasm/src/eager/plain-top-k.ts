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
  const rank = (i: number): number => (Number.isNaN(from[i]) ? Infinity : from[i]);
  const isLater = (i: number): number => Number(!Number.isNaN(from[i])); // infinity is behind NaN
  for (let row = 0; row < util.sizeFromShape(shape.slice(0, -1)); row++) {
    const order = Array.from({ length: n }, (_, i) => row * n + i);
    order.sort((a, b) =>
      rank(a) === rank(b) ? isLater(a) - isLater(b) || a - b : rank(b) - rank(a),
    );
    for (const [r, i] of order.slice(0, k).entries()) {
      values[row * k + r] = from[i];
      indices[row * k + r] = i - row * n;
    }
  }
  return outputs;
};
