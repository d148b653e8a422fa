import { setBackend, tidy, type Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { startBackend } from '../src/index.js';

export interface Plain {
  readonly dtype: string;
  readonly shape: number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Runs `work` on a backend and returns its tensors as plain values; the wasm backend is current afterwards. */
export async function onBackend(name: 'cpu' | 'wasm', work: () => Tensor[]): Promise<Plain[]> {
  await startBackend();
  await setBackend(name);
  const plain = plainly(work);
  await setBackend('wasm');
  return plain;
}

function plainly(work: () => Tensor[]): Plain[] {
  let plain: Plain[] = [];
  tidy(() => {
    plain = work().map((tensor) => ({
      dtype: tensor.dtype,
      shape: tensor.shape,
      values: tensor.dataSync(),
    }));
  });
  return plain;
}
