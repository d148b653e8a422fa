import { clone, engine, scalar, Tensor, tidy, Variable } from '@tensorflow/tfjs-core';
import type { Graph } from '../../graph/graph.js';
import type { NumericArray } from '../../kernels/tensor-type.js';
import { ownMemory, wasmBackend } from '../../kernels/wasm-memory.js';
import { GraphBuilder, type RecordedCall } from './graph-builder.js';
import { watchKernels, type KernelWatcher } from './watch-kernels.js';

/** What a step did. */
export interface Recording {
  readonly graph: Graph;
  /** Every call of a kernel, those that make no node included. */
  readonly calls: readonly RecordedCall[];
  /** How what the step returned is put together: names of an object's fields, or how many tensors of a list. */
  readonly structure: string;
  /** Names of variables that the step made and that live on. */
  readonly created: readonly string[];
  /** How many more tensors are alive than before, without results and new variables. */
  readonly kept: number;
}

/** A recording, and what the step returned. The caller disposes of it. */
export interface Trace<Output extends StepOutput> {
  readonly recording: Recording;
  readonly output: Output;
}

/** Settings of {@link trace}. */
interface TraceOptions {
  /** Whether to copy the values of tensors from outside. */
  readonly readCaptured: boolean;
  /** Makes what is notified, and notifies the builder; called when each variable has memory of its own. */
  readonly watch: (builder: GraphBuilder) => KernelWatcher;
}

/**
 * Runs a step and records each kernel it calls.
 *
 * @param inputs - tensors that nothing else shares memory with
 * @throws Error when the step reads the values of a tensor, or makes one of strings or complex numbers
 */
export function trace<Inputs extends readonly Tensor[], Output extends StepOutput>(
  step: (...inputs: Inputs) => Output,
  inputs: Inputs,
  { readCaptured, watch }: TraceOptions,
): Trace<Output> {
  const wasm = wasmBackend();
  const before = registered();
  for (const variable of before) ownMemory(wasm, variable);
  const builder = new GraphBuilder(wasm, { inputs, variables: before, readCaptured });
  const startTensors = engine().state.numTensors;
  const startId = tidy(() => scalar(0).id); // ids count up
  const stop = watchKernels(wasm, watch(builder));
  let output: Output;
  try {
    output = tidy(() => owned(step(...inputs), startId)); // bounded: a step's own
  } finally {
    stop();
  }
  const results = flatten(output);
  const after = registered();
  const known = new Set(before);
  const created = after.filter((variable) => !known.has(variable)).map(({ name }) => name);
  const gone = before.length + created.length - after.length;
  const added = results.length + created.length - gone;
  const recording = {
    graph: builder.finish(results, before),
    calls: builder.calls,
    structure: structureOf(output),
    created,
    kept: engine().state.numTensors - startTensors - added,
  };
  return { recording, output };
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

/** The output's tensors in their order. @throws TypeError when it is something else */
export function flatten(output: StepOutput): Tensor[] {
  if (output === undefined) return [];
  const found: unknown = output; // a step in JavaScript may return anything
  const parts: unknown[] =
    found instanceof Tensor
      ? [found]
      : Array.isArray(found)
        ? Array.from<unknown>(found)
        : isPlain(found)
          ? Object.values(found)
          : [found];
  const other = parts.findIndex((part) => !(part instanceof Tensor));
  if (other === -1) return parts as Tensor[];
  throw new TypeError(
    `compile: a step must return tensors (one, a list, an object of them) or nothing; got ${nameOf(found, parts[other])}`,
  );
}

/** Whether it is an object by itself, not a promise, an iterator or an instance of a class. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function nameOf(output: unknown, other: unknown): string {
  if (isPromise(output)) {
    output.then(undefined, () => {}); // what it is rejected with would be reported besides
    return 'a promise; a step must not be async: read tensors after the call';
  }
  const within = output === other ? '' : ' within a list or an object';
  const found =
    typeof other === 'object' && other !== null
      ? `an object ${Object.prototype.toString.call(other).slice(8, -1)}`
      : other === null
        ? 'null'
        : typeof other;
  return `${found}${within}; return the tensor and read it after the call`;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function structureOf(output: StepOutput): string {
  if (output === undefined) return 'nothing';
  if (output instanceof Tensor) return 'a tensor';
  if (Array.isArray(output)) return `a list of ${output.length}`;
  return `{ ${Object.keys(output).join(', ')} }`;
}

/** Makes a function that builds the output's structure from other parts than its tensors. */
export function rebuilder(output?: StepOutput): (parts: readonly unknown[]) => unknown {
  if (output === undefined) return () => undefined;
  if (output instanceof Tensor) return (parts) => parts[0];
  if (Array.isArray(output)) return (parts) => [...parts];
  const names = Object.keys(output);
  return (parts) => Object.fromEntries(names.map((name, i) => [name, parts[i]]));
}
