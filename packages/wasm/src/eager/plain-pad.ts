import { util, type KernelFunc } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { stridesOf } from '../kernels/tensor-type.js';
import { given, numbersOf } from './plain-elementwise.js';

/** `tf.pad`: a tensor with a number around it. */
export const plainPad: KernelFunc = ({ inputs, attrs = {}, backend }) => {
  const { x } = given(inputs);
  const wasm = backend as BackendWasm; // the one it is registered for
  const paddings = attrs['paddings'] as readonly (readonly [before: number, after: number])[];
  const shape = x.shape.map((size, axis) => paddings[axis][0] + size + paddings[axis][1]);
  const out = wasm.makeOutput(shape, x.dtype);
  const [from, to] = [numbersOf(wasm, x), numbersOf(wasm, out)];
  const [apart, places] = [stridesOf(x.shape), stridesOf(shape)];
  to.fill(Number(attrs['constantValue']));
  for (let i = 0; i < util.sizeFromShape(x.shape); i++) {
    let at = 0;
    for (const [axis, stride] of apart.entries()) {
      at += ((Math.floor(i / stride) % x.shape[axis]) + paddings[axis][0]) * places[axis];
    }
    to[at] = from[i];
  }
  return out;
};
