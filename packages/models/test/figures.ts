// What PyTorch computed, and the tensors that it computed it from.
import { readFileSync } from 'node:fs';
import { setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { startBackend } from '@llm101/wasm';

/** A tensor in `fixtures/layers.json`. */
export interface Figure {
  readonly shape: number[];
  readonly values: number[];
}

/** Made by `tools/reference/layers.py`. */
export const figures = JSON.parse(
  readFileSync(new URL('fixtures/layers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, Figure>>>>;

/** `f(i / period)` for each element i. */
export function wave(shape: number[], f: (x: number) => number, period: number): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: count }, (_, i) => f(i / period)),
    shape,
  );
}

/** Fused kernels are registered for one backend only; on the other everything is composed. */
export const BACKENDS = ['wasm', 'cpu'] as const;

/** Makes a backend the current one, with tfjs' gradients registered. */
export async function useBackend(name: (typeof BACKENDS)[number]): Promise<void> {
  await startBackend();
  await setBackend(name);
}
