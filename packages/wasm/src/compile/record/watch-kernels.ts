import {
  engine,
  getKernelsForBackend,
  type backend_util,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type Tensor,
  type TensorInfo,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** Is notified of everything that happens on the backend. */
export interface KernelWatcher {
  /** Gives what a kernel returns, where it isn't simply to run. */
  compute?(call: PendingCall): TensorInfo | TensorInfo[];
  /** The step is about to make a variable, or to keep a tensor. */
  beforeState?(): void;
  /** An operation called a kernel, which returned these outputs. */
  call(call: KernelCall): void;
  /** A tensor was made from numbers. */
  write(dataId: object, values: backend_util.BackendValues | null, type: WrittenType): void;
}

/** A call of a kernel that hasn't run yet. */
export interface PendingCall {
  readonly kernel: string;
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  /** @param given - default: as they are then, which of a variable is what was assigned to it */
  readonly run: (given?: Pick<PendingCall, 'inputs' | 'attrs'>) => TensorInfo | TensorInfo[];
}

/** One call of a kernel by an operation. */
export interface KernelCall {
  readonly kernel: string;
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly TensorInfo[];
  /** Whether it returned a list of them. */
  readonly isList: boolean;
}

/** The inputs of a call by their names, without optional ones that are missing. */
export const givenInputs = (inputs: NamedTensorInfoMap): [name: string, info: TensorInfo][] =>
  Object.entries(inputs).filter((entry): entry is [string, TensorInfo] => {
    const info: TensorInfo | null | undefined = entry[1];
    return info !== undefined && info !== null;
  });

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
    const run = (params: Parameters<KernelFunc>[0]): ReturnType<KernelFunc> => {
      depth++;
      try {
        return original(params);
      } finally {
        depth--;
      }
    };
    const watched: KernelFunc = (params) => {
      if (depth > 0) return original(params);
      const { inputs, attrs = {} } = params;
      checkAlive(wasm, inputs);
      const { kernelName: kernel } = config;
      const pending = {
        kernel,
        inputs,
        attrs,
        run: (given = { inputs, attrs }) => run({ ...params, ...given }),
      };
      const outputs = watcher.compute?.(pending) ?? run(params);
      const isList = Array.isArray(outputs);
      watcher.call({ kernel, inputs, attrs, outputs: isList ? outputs : [outputs], isList });
      return outputs;
    };
    config.kernelFunc = watched;
    restore.push(() => {
      config.kernelFunc = original;
    });
  }
  watchData({ wasm, watcher, isInside: () => depth > 0 });
  restore.push(watchState(() => watcher.beforeState?.()));
  return () => {
    for (const put of restore) put();
    // Uncovers the prototype's methods.
    for (const name of ['write', 'readSync', 'read']) Reflect.deleteProperty(wasm, name);
  };
}

/** What tfjs' engine makes state by, `clone` of which its types don't show. */
interface StateMethods {
  clone(x: Tensor): Tensor;
  keep<T extends Tensor>(x: T): T;
  makeVariable(...variable: Parameters<ReturnType<typeof engine>['makeVariable']>): Variable;
}

/**
 * Calls a function before a variable is made or a tensor kept, by the step and not by tfjs: that keeps clones for the backward
 * pass, which nobody else sees, and disposes of them.
 */
function watchState(before: () => void): () => void {
  const core = engine() as object as StateMethods;
  const clone = core.clone.bind(core);
  const keep = core.keep.bind(core);
  const makeVariable = core.makeVariable.bind(core);
  let saved: Tensor | undefined;
  const watched: StateMethods = {
    clone(x) {
      saved = clone(x);
      return saved;
    },
    keep(x) {
      if (x !== saved) before();
      return keep(x);
    },
    makeVariable(...variable) {
      before();
      return makeVariable(...variable); // bounded: four
    },
  };
  Object.assign(core, watched);
  return () => {
    for (const name in watched) Reflect.deleteProperty(core, name); // uncovers the prototype's methods
  };
}

/** Whether the backend is being watched. */
export function isWatched(wasm: BackendWasm): boolean {
  return Object.hasOwn(wasm, 'readSync');
}

function checkAlive(wasm: BackendWasm, inputs: NamedTensorInfoMap): void {
  for (const [, info] of givenInputs(inputs)) {
    if (wasm.dataIdMap.has(info.dataId)) continue;
    throw new Error(
      `compile: a tensor or variable from outside the step must be alive; one of shape [${info.shape.join()}] has been disposed of; ` +
        'pass it to the step as an argument, or hold it in a tf.variable',
    );
  }
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
