import { registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/** Attributes of both kernels. */
interface Attributes {
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decoupled: boolean;
}

type Numbers = Readonly<Record<string, Float32Array>>;

/** 'MomentumUpdate' of the contract, in double. */
function momentum({ parameter, gradient, velocity, rate, step }: Numbers, a: Attributes) {
  const g = gradient.map((g, i) => g + a.weightDecay * parameter[i]);
  const share = step[0] === 1 ? 1 : 1 - a.dampening;
  const next = velocity.map((v, i) => a.momentum * v + share * g[i]);
  const direction = a.nesterov ? g.map((g, i) => g + a.momentum * next[i]) : next;
  return [parameter.map((w, i) => w - rate[0] * direction[i]), next];
}

/** 'AdamUpdate' of the contract, in double. */
function adam({ parameter, gradient, first, second, rate, step }: Numbers, a: Attributes) {
  const shrink = a.decoupled ? 1 - rate[0] * a.weightDecay : 1;
  const g = a.decoupled ? gradient : gradient.map((g, i) => g + a.weightDecay * parameter[i]);
  const m = first.map((m, i) => a.beta1 * m + (1 - a.beta1) * g[i]);
  const v = second.map((v, i) => a.beta2 * v + (1 - a.beta2) * g[i] ** 2);
  const [c1, c2] = [1 - a.beta1 ** step[0], 1 - a.beta2 ** step[0]];
  const moved = parameter.map(
    (w, i) => w * shrink - ((rate[0] / c1) * m[i]) / (Math.sqrt(v[i] / c2) + a.epsilon),
  );
  return [moved, m, v];
}

/** Registers both kernels as plain JavaScript while `work` runs. @returns how often they were called */
export function withUpdateKernels(work: () => void): number {
  let calls = 0;
  const kernelOf =
    (formula: typeof momentum): KernelFunc =>
    ({ inputs, attrs, backend }) => {
      calls++;
      const data = backend as KernelBackend;
      const numbers: Record<string, Float32Array> = {};
      for (const [name, info] of Object.entries(inputs)) {
        if (info !== undefined) numbers[name] = data.readSync(info.dataId) as Float32Array;
      }
      const { shape } = inputs['parameter'] as TensorInfo;
      return formula(numbers, attrs as object as Attributes).map((values) => {
        const dataId = data.write(values, shape, 'float32');
        return { dataId, shape, dtype: 'float32' };
      });
    };
  const kernels = { MomentumUpdate: kernelOf(momentum), AdamUpdate: kernelOf(adam) };
  const backendName = 'wasm';
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName, kernelFunc });
  }
  try {
    work();
  } finally {
    for (const kernelName of Object.keys(kernels)) unregisterKernel(kernelName, backendName);
  }
  return calls;
}
