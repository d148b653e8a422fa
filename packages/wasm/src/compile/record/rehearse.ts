import { dispose, engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { isNumeric, type TensorType } from '../../kernels/tensor-type.js';
import { compareNodes, firstProblem, otherOperation } from './compare-recordings.js';
import type { GraphBuilder } from './graph-builder.js';
import { holdVariables, StandIns } from './stand-ins.js';
import { flatten, trace, type Recording, type StepOutput } from './trace.js';
import { givenInputs } from './watch-kernels.js';
import type { KernelCall, KernelWatcher, PendingCall, WrittenType } from './watch-kernels.js';

/**
 * Runs the JavaScript of a step again, with kernels that compute nothing, and compares what it would do now with what was
 * recorded. Variables are as before.
 *
 * @throws Error that says what differs, or what the step throws
 */
export function rehearse(
  wasm: BackendWasm,
  step: (...inputs: Tensor[]) => StepOutput,
  recorded: Recording,
): void {
  const standIns = new StandIns(wasm);
  const inputs = recorded.graph.inputs.map((type) =>
    engine().makeTensorFromTensorInfo(standIns.make(type)),
  );
  let endHold: ReturnType<typeof holdVariables> | undefined;
  let rehearsal: Rehearsal | undefined;
  try {
    const { output, recording } = trace(step, inputs, {
      readCaptured: false,
      watch(builder) {
        endHold = holdVariables(wasm);
        rehearsal = new Rehearsal(standIns, builder, recorded);
        return rehearsal;
      },
    });
    dispose(flatten(output));
    const problem = rehearsal?.problem ?? firstProblem(recorded, recording);
    if (problem !== undefined) throw new Error(problem);
  } catch (error) {
    throw rehearsal?.problem === undefined ? error : new Error(rehearsal.problem);
  } finally {
    endHold?.(true);
    dispose(inputs);
    standIns.end();
  }
}

/** Gives what was recorded instead of computing it, and stops a step at the first difference. */
class Rehearsal implements KernelWatcher {
  problem: string | undefined;
  readonly #standIns: StandIns;
  readonly #builder: GraphBuilder;
  readonly #recorded: Recording;
  #compared = 0;

  constructor(standIns: StandIns, builder: GraphBuilder, recorded: Recording) {
    this.#standIns = standIns;
    this.#builder = builder;
    this.#recorded = recorded;
  }

  compute({ kernel, inputs, run }: PendingCall): TensorInfo | TensorInfo[] {
    const { calls, graph } = this.#recorded;
    const call = calls.at(this.#builder.calls.length);
    if (call?.kernel !== kernel) {
      const before = graph.nodes.at(this.#builder.nodes.length);
      throw this.#stop(
        otherOperation(this.#builder.nodes.length, before, { kernel, inputs: typesOf(inputs) }),
      );
    }
    if (call.outputs === undefined) return run(); // which touches no memory
    const outputs = call.outputs.map((type) => this.#standIns.make(type));
    return call.isList ? outputs : outputs[0];
  }

  call(call: KernelCall): void {
    const { nodes } = this.#builder;
    this.#builder.call(call);
    for (; this.#compared < nodes.length; this.#compared++) {
      const i = this.#compared;
      const problem = compareNodes(this.#recorded.graph.nodes.at(i), nodes[i], i);
      if (problem !== undefined) throw this.#stop(problem);
    }
  }

  write(dataId: object, values: Parameters<GraphBuilder['write']>[1], type: WrittenType): void {
    this.#builder.write(dataId, values, type);
  }

  /** Kept besides thrown: the step may catch it. */
  #stop(problem: string): Error {
    this.problem ??= problem;
    return new Error(problem);
  }
}

function typesOf(inputs: KernelCall['inputs']): TensorType[] {
  return givenInputs(inputs).flatMap(([, { shape, dtype }]) =>
    isNumeric(dtype) ? [{ shape, dtype }] : [],
  );
}
