import { util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** The kernels that XNNPACK runs with a weight, which it packs at the first call and keeps by the tensor's id. */
export const packingKernels: readonly string[] = ['Conv2D', 'DepthwiseConv2dNative'];

/** The data of tensors that were written in place. */
const written = new WeakSet<object>();

/** How often each was. */
const writes = new WeakMap<object, number>();

/** Remembers that a compiled step has written to a variable's memory. */
export function markWritten(dataId: object): void {
  written.add(dataId);
  origins.delete(dataId);
  writes.set(dataId, writesTo(dataId) + 1);
}

/** How often compiled steps have written to some memory. */
export const writesTo = (dataId: object): number => writes.get(dataId) ?? 0;

/** Data that variables had before they got memory of their own: the first, and how often they have moved since. */
const origins = new WeakMap<object, { readonly first: object; readonly moves: number }>();

const originOf = (dataId: object): { readonly first: object; readonly moves: number } =>
  origins.get(dataId) ?? { first: dataId, moves: 0 };

/** Remembers that a variable has the same values in other memory, as something else shares what it had. */
export function markMoved(from: object, to: object): void {
  const { first, moves } = originOf(from);
  origins.set(to, { first, moves: moves + 1 });
  writes.set(to, writesTo(from));
}

/** Whether a variable's values are those that it had as `earlier` data, but for what {@link writesTo} counts. */
export function isMovedFrom(dataId: object, earlier: object): boolean {
  if (dataId === earlier) return true;
  const [now, before] = [originOf(dataId), originOf(earlier)];
  return now.first === before.first && now.moves > before.moves;
}

/** A kernel that packs weights, made to see those that a compiled step has written to. */
export function seeingWrites(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc(call) {
      for (const info of Object.values(call.inputs)) {
        if (info !== undefined && written.delete(info.dataId)) {
          forgetPacked(call.backend as BackendWasm, info); // the one it is registered for
        }
      }
      return stock.kernelFunc(call);
    },
  };
}

/** Registers the tensor's memory with the backend again, which drops what was packed from it. */
function forgetPacked(wasm: BackendWasm, { dataId, shape }: TensorInfo): void {
  const { id, memoryOffset } = wasm.dataIdMap.get(dataId);
  wasm.wasm.tfjs.disposeData(id);
  wasm.wasm.tfjs.registerTensor(id, util.sizeFromShape(shape), memoryOffset);
}
