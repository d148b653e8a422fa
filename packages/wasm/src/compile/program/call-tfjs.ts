import { getKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { GraphNode, Value } from '../../graph/graph.js';
import { bytesOf, sameShape, type NumericArray } from '../../kernels/tensor-type.js';
import { heapOf, lend, viewAt } from '../../kernels/wasm-memory.js';

/**
 * A function that calls tfjs' own kernel on values at fixed addresses and copies its outputs to theirs. Slow, since
 * tfjs makes tensors, but it can do all that tfjs can.
 */
export function callTfjs(
  wasm: BackendWasm,
  node: GraphNode,
  at: (value: Value) => number,
): () => void {
  const { kernelFunc } = getKernel(node.kernel, 'wasm');
  const { attrs, names, outputs } = node;
  return () => {
    const loans = node.inputs.map((value) => lend(wasm, at(value), value));
    const inputs = names === undefined ? loans : named(names, loans);
    try {
      const given = [
        kernelFunc({ inputs: inputs as Record<string, TensorInfo>, attrs, backend: wasm }),
      ].flat();
      for (const [i, info] of given.entries()) {
        checkType(node, outputs[i], info);
        const from = wasm.getMemoryOffset(info.dataId);
        heapOf(wasm).HEAPU8.copyWithin(at(outputs[i]), from, from + bytesOf(outputs[i]));
        if (!loans.some(({ dataId }) => dataId === info.dataId)) wasm.disposeData(info.dataId);
      }
    } finally {
      for (const loan of loans) loan.end();
    }
  };
}

function named(names: readonly string[], infos: readonly TensorInfo[]): Record<string, TensorInfo> {
  return Object.fromEntries(names.map((name, i) => [name, infos[i]]));
}

function checkType({ kernel }: GraphNode, planned: Value, given: TensorInfo): void {
  if (sameShape(planned, given) && planned.dtype === given.dtype) return;
  throw new Error(
    `compile: ${kernel} must return the shape and type it was recorded with, ${planned.dtype} [${planned.shape.join()}]; ` +
      `got ${given.dtype} [${given.shape.join()}], which depends on the data; call it outside the step`,
  );
}

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
  const values = made.map((info, i) => {
    checkType(node, outputs[i], info);
    return viewAt(wasm, wasm.getMemoryOffset(info.dataId), outputs[i]).slice();
  });
  for (const { dataId } of [...made, ...infos]) wasm.disposeData(dataId);
  return values;
}
