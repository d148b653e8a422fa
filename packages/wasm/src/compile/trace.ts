import { clone, engine, scalar, tidy, Variable, type Tensor } from '@tensorflow/tfjs-core';
import type { Graph } from './graph.js';
import { GraphBuilder } from './graph-builder.js';
import { flatten, rebuilder, type StepOutput } from './step-output.js';
import { watchKernels } from './watch-kernels.js';
import { ownMemory, wasmBackend } from './wasm-memory.js';

/** What a step did when it ran. */
export interface Trace<Output extends StepOutput> {
  readonly graph: Graph;
  /** What the step returned. The caller disposes of it. */
  readonly output: Output;
  /** Names of variables that the step made and that live on. */
  readonly created: readonly string[];
  /** How many tensors more are alive than before, results and made variables not counted. */
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

/** The output with a copy for each tensor that isn't the caller's to dispose of, as a replay gives new ones too. */
function owned<Output extends StepOutput>(output: Output, startId: number): Output {
  const seen = new Set<Tensor>();
  const tensors = flatten(output).map((tensor) => {
    const isNew = tensor.id > startId && !seen.has(tensor) && !(tensor instanceof Variable);
    seen.add(tensor);
    return isNew ? tensor : clone(tensor);
  });
  return rebuilder(output)(tensors) as Output;
}
