import { Einsum, type TensorInfo } from '@tensorflow/tfjs-core';
import { emitEinsum } from '../ops/einsum.js';
import { composedKernel } from './composed-kernel.js';

/** `tf.einsum` of one tensor or two, of other kernels. */
export const einsumKernel = composedKernel(Einsum, (call, inputs, attrs) => {
  const tensors = Object.values(inputs).filter((info): info is TensorInfo => info !== undefined);
  const result = emitEinsum(attrs['equation'] as string, tensors, ({ kernel, names, ...step }) =>
    call(kernel, Object.fromEntries(names.map((name, i) => [name, step.inputs[i]])), step.attrs),
  );
  return tensors.includes(result) ? call('Identity', { x: result }) : result;
});
