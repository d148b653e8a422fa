import { getKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { NumericArray } from '../reference/numeric-array.js';
import type { GraphNode } from './graph.js';
import { viewAt } from './wasm-memory.js';

/** Computes a node of constants with tfjs' own kernel, once. */
export function evaluate(wasm: BackendWasm, node: GraphNode): NumericArray[] {
  const { kernel, names, attrs, inputs, outputs } = node;
  const infos = inputs.map(({ shape, dtype, source }) =>
    wasm.makeOutput([...shape], dtype, undefined, 'values' in source ? source.values : undefined),
  );
  const given: TensorInfo[] | Record<string, TensorInfo> =
    names === undefined
      ? infos
      : Object.fromEntries(names.map((name, i): [string, TensorInfo] => [name, infos[i]]));
  const { kernelFunc } = getKernel(kernel, 'wasm');
  const made = [
    kernelFunc({ inputs: given as Record<string, TensorInfo>, attrs, backend: wasm }),
  ].flat();
  const values = made.map(({ dataId }, i) =>
    viewAt(wasm, wasm.getMemoryOffset(dataId), outputs[i]).slice(),
  );
  for (const { dataId } of [...made, ...infos]) wasm.disposeData(dataId);
  return values;
}
