import {
  getKernelsForBackend,
  type backend_util,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** Is notified of everything that happens on the backend. */
export interface KernelWatcher {
  /** An operation called a kernel, which returned these outputs. */
  call(call: KernelCall): void;
  /** A tensor was made from numbers. */
  write(dataId: object, values: backend_util.BackendValues | null, type: WrittenType): void;
}

/** One call of a kernel by an operation. */
export interface KernelCall {
  readonly kernel: string;
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly TensorInfo[];
}

/** Shape and type of a tensor that was made from numbers. */
export interface WrittenType {
  readonly shape: number[];
  readonly dtype: string;
}

const READ_ERROR =
  'compile: a step must not read the values of a tensor (dataSync, data, arraySync, print …), since what is done with ' +
  'them is not recorded; return the tensor and read it after the call';

/**
 * Notifies a watcher of all that operations do, until the function it returns is called. What kernels do within a kernel,
 * calls, reads and writes, isn't reported.
 */
export function watchKernels(wasm: BackendWasm, watcher: KernelWatcher): () => void {
  let depth = 0;
  const restore: (() => void)[] = [];
  for (const config of getKernelsForBackend('wasm')) {
    const original = config.kernelFunc;
    const watched: KernelFunc = (params) => {
      depth++;
      let outputs: TensorInfo | TensorInfo[];
      try {
        outputs = original(params);
      } finally {
        depth--;
      }
      if (depth === 0) {
        const { inputs, attrs = {} } = params;
        watcher.call({ kernel: config.kernelName, inputs, attrs, outputs: [outputs].flat() });
      }
      return outputs;
    };
    config.kernelFunc = watched;
    restore.push(() => {
      config.kernelFunc = original;
    });
  }
  watchData({ wasm, watcher, isInside: () => depth > 0 });
  return () => {
    for (const put of restore) put();
    // Uncovers the prototype's methods.
    for (const name of ['write', 'readSync', 'read']) Reflect.deleteProperty(wasm, name);
  };
}

/** Whether the backend is being watched. */
export function isWatched(wasm: BackendWasm): boolean {
  return Object.hasOwn(wasm, 'readSync');
}

interface DataWatch {
  readonly wasm: BackendWasm;
  readonly watcher: KernelWatcher;
  readonly isInside: () => boolean;
}

function watchData({ wasm, watcher, isInside }: DataWatch): void {
  const write = wasm.write.bind(wasm);
  const readSync = wasm.readSync.bind(wasm);
  wasm.write = (values, shape, dtype) => {
    const dataId = write(values, shape, dtype);
    if (!isInside()) watcher.write(dataId, values, { shape, dtype });
    return dataId;
  };
  wasm.readSync = (dataId, start, end) => {
    if (!isInside()) throw new Error(READ_ERROR);
    return readSync(dataId, start, end);
  };
  wasm.read = () => {
    throw new Error(READ_ERROR);
  };
}
