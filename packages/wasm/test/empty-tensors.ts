import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** A float32 tensor that nothing is written to, so that the machine need not have the memory. */
export function empty(mebibytes: number): tf.Tensor {
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new TypeError('the wasm backend must be current');
  return tf.engine().makeTensorFromTensorInfo(backend.makeOutput([mebibytes * 2 ** 18], 'float32'));
}

/** As many tensors of a GiB as there is room for. */
export function fill(held: tf.Tensor[]): void {
  for (let i = 0; i < 4; i++) held.push(empty(1024));
}
