import { clone, engine, scalar, Tensor, tensor, tidy, Variable } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Graph } from '../../graph/graph.js';
import { isNumeric, type NumericArray } from '../../kernels/tensor-type.js';
import { ownMemory, viewAt, wasmBackend } from '../../kernels/wasm-memory.js';
import { GraphBuilder } from './graph-builder.js';
import { watchKernels } from './watch-kernels.js';

/** What a step did when it ran. */
export interface Trace<Output extends StepOutput> {
  readonly graph: Graph;
  /** What the step returned. The caller disposes of it. */
  readonly output: Output;
  /** Names of variables that the step made and that live on. */
  readonly created: readonly string[];
  /** How many more tensors are alive than before, without results and new variables. */
  readonly kept: number;
}

/**
 * Runs a step as usual and records each kernel it calls.
 *
 * @param inputs - tensors that nothing else shares memory with
 * @throws Error when the step reads the values of a tensor, or makes one of strings or complex numbers
 */
export function trace<Inputs extends readonly Tensor[], Output extends StepOutput>(
  step: (...inputs: Inputs) => Output,
  inputs: Inputs,
): Trace<Output> {
  const wasm = wasmBackend();
  const before = registered();
  for (const variable of before) ownMemory(wasm, variable);
  const builder = new GraphBuilder(wasm, inputs, before);
  const startTensors = engine().state.numTensors;
  const startId = tidy(() => scalar(0).id); // ids count up
  const stop = watchKernels(wasm, builder);
  let output: Output;
  try {
    output = tidy(() => owned(step(...inputs), startId));
  } finally {
    stop();
  }
  const results = flatten(output);
  const after = registered();
  const created = after.filter((variable) => !before.includes(variable)).map(({ name }) => name);
  const gone = before.length + created.length - after.length;
  const added = results.length + created.length - gone;
  return {
    graph: builder.finish(results, before),
    output,
    created,
    kept: engine().state.numTensors - startTensors - added,
  };
}

const registered = (): Variable[] => Object.values(engine().registeredVariables);

/** The output with a clone of each tensor that isn't the caller's to dispose of, since a replay returns new ones too. */
function owned<Output extends StepOutput>(output: Output, startId: number): Output {
  const seen = new Set<Tensor>();
  const tensors = flatten(output).map((tensor) => {
    const isNew = tensor.id > startId && !seen.has(tensor) && !(tensor instanceof Variable);
    seen.add(tensor);
    return isNew ? tensor : clone(tensor);
  });
  return rebuilder(output)(tensors) as Output;
}

/** What a step may return: a tensor, an array of them, an object with tensors as its fields, or nothing. */
export type StepOutput = Tensor | Tensor[] | Record<string, Tensor> | void;

/** The values of a tensor of that kind. */
export type ValuesOf<T> = T extends Tensor ? NumericArray : never;

/** The values of an output, in the same structure. */
export type OutputValues<Output extends StepOutput> = Output extends Tensor
  ? ValuesOf<Output>
  : { [Key in keyof Output]: ValuesOf<Output[Key]> };

/** The output's tensors in their order. @throws TypeError when it holds something else */
export function flatten(output: StepOutput): Tensor[] {
  if (output === undefined) return [];
  const parts: unknown = output; // a step in JavaScript may return anything
  const tensors: unknown[] =
    parts instanceof Tensor
      ? [parts]
      : typeof parts === 'object'
        ? Object.values(parts ?? [0])
        : [0];
  if (!tensors.every((item) => item instanceof Tensor)) {
    throw new TypeError(
      'compile: a step must return tensors (one, an array, an object of them) or nothing; got something else; ' +
        'return the tensor and read it after the call',
    );
  }
  return tensors;
}

/** Makes a function that builds the output's structure from other parts than its tensors. */
export function rebuilder(output?: StepOutput): (parts: readonly unknown[]) => unknown {
  if (output === undefined) return () => undefined;
  if (output instanceof Tensor) return (parts) => parts[0];
  if (Array.isArray(output)) return (parts) => [...parts];
  const names = Object.keys(output);
  return (parts) => Object.fromEntries(names.map((name, i) => [name, parts[i]]));
}

/**
 * Copies the values of all variables.
 *
 * @returns a function that restores those that have been assigned to since
 */
export function rememberVariables(wasm: BackendWasm): () => void {
  const remembered = Object.values(engine().registeredVariables).flatMap((variable: Variable) => {
    const { shape, dtype, dataId } = variable;
    if (!isNumeric(dtype)) return [];
    const values = viewAt(wasm, wasm.getMemoryOffset(dataId), { shape, dtype }).slice();
    return [{ variable, dataId, values }];
  });
  return () => {
    for (const { variable, dataId, values } of remembered) {
      if (variable.isDisposed || variable.dataId === dataId) continue;
      tidy(() => variable.assign(tensor(values, variable.shape, variable.dtype)));
    }
  };
}
