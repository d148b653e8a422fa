import type { NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { sameShape } from '../../kernels/tensor-type.js';
import { copyOf } from '../../kernels/wasm-memory.js';
import { attrsNow, type GraphBuilder } from './graph-builder.js';
import { isAliasing, outputTypes } from './output-types.js';
import { holdVariables, letGo, StandIns } from './stand-ins.js';
import { trace, type StepOutput, type Trace } from './trace.js';
import { givenInputs } from './watch-kernels.js';
import type { KernelCall, KernelWatcher, PendingCall, WrittenType } from './watch-kernels.js';

/** A recording whose effects can still be undone. */
export interface Recorded<Output extends StepOutput> extends Trace<Output> {
  /** To be called once. @param undo - whether variables get back the values that they had before */
  readonly end: (undo: boolean) => void;
}

/**
 * Records a step without computing anything: its kernels give tensors of the shapes and types that they would return, without
 * memory. Where that isn't enough, because the step makes a variable or keeps a tensor, or calls a kernel whose outputs aren't known
 * beforehand, all that was put off is computed and the rest of the step runs as it is.
 *
 * @param inputs - tensors that nothing else shares memory with
 * @param checkRead - called with the data that a kernel reads, before it is computed
 * @throws Error as {@link trace}, and what the step throws; variables are as before then
 */
export function record<Inputs extends readonly Tensor[], Output extends StepOutput>(
  wasm: BackendWasm,
  step: (...inputs: Inputs) => Output,
  inputs: Inputs,
  checkRead: (dataId: object) => void = () => {},
): Recorded<Output> {
  let run: DryRun | undefined;
  let endHold: ReturnType<typeof holdVariables> | undefined;
  const end = (undo: boolean): void => {
    endHold?.(undo);
    run?.end();
  };
  try {
    const traced = trace(step, inputs, {
      readCaptured: true,
      watch(builder) {
        endHold = holdVariables(wasm);
        run = new DryRun(wasm, builder, checkRead);
        return run;
      },
    });
    const { created, kept } = traced.recording;
    if (created.length > 0 || kept !== 0) run?.beforeState(); // such as a tensor from outside that the step has freed
    return { ...traced, end };
  } catch (error) {
    end(true);
    throw error;
  }
}

/** A call that was put off. */
interface PutOff {
  readonly run: () => TensorInfo | TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** What it reads and gives, which must not be freed before it is done. */
  readonly held: readonly object[];
}

/** Puts off what kernels compute, in the hope that nobody asks for it. */
class DryRun implements KernelWatcher {
  readonly #wasm: BackendWasm;
  readonly #builder: GraphBuilder;
  readonly #standIns: StandIns;
  readonly #checkRead: (dataId: object) => void;
  #putOff: PutOff[] = [];
  #isDry = true;

  constructor(wasm: BackendWasm, builder: GraphBuilder, checkRead: (dataId: object) => void) {
    this.#wasm = wasm;
    this.#checkRead = checkRead;
    this.#builder = builder;
    this.#standIns = new StandIns(wasm);
  }

  compute({ kernel, inputs, attrs, run }: PendingCall): TensorInfo | TensorInfo[] {
    if (isAliasing(kernel, inputs)) return run();
    if (!this.#isDry) return this.#now(inputs, run);
    const types = outputTypes(kernel, inputs, attrs);
    if (types === undefined) {
      this.beforeState();
      return this.#now(inputs, run);
    }
    const outputs = [types].flat().map((type) => this.#standIns.make(type));
    const given = givenInputs(inputs).map(([, info]) => info);
    const held = [...given, ...outputs].map(({ dataId }) => dataId);
    for (const dataId of held) this.#wasm.incRef(dataId);
    const now = { inputs: asTheyAre(inputs), attrs: attrsNow(attrs) };
    this.#putOff.push({ run: () => run(now), outputs, held });
    return Array.isArray(types) ? outputs : outputs[0];
  }

  #now(inputs: NamedTensorInfoMap, run: PendingCall['run']): TensorInfo | TensorInfo[] {
    for (const [, { dataId }] of givenInputs(inputs)) this.#checkRead(dataId);
    return run();
  }

  call(call: KernelCall): void {
    this.#builder.call(call);
  }

  write(dataId: object, values: Parameters<GraphBuilder['write']>[1], type: WrittenType): void {
    this.#builder.write(dataId, values, type);
  }

  /** Does what was put off: from now on every tensor has its values. */
  beforeState(): void {
    if (!this.#isDry) return;
    this.#isDry = false;
    this.#standIns.forget();
    const calls = this.#putOff;
    this.#putOff = [];
    let done = 0;
    try {
      for (; done < calls.length; done++) {
        const { run, outputs, held } = calls[done];
        held.forEach(this.#checkRead);
        for (const [i, real] of [run()].flat().entries()) this.#fill(outputs[i], real);
        this.#letGo(calls[done]);
      }
    } finally {
      for (const call of calls.slice(done)) this.#letGo(call);
    }
  }

  end(): void {
    for (const call of this.#putOff) this.#letGo(call);
    this.#putOff = [];
    this.#standIns.end();
  }

  /** Gives a tensor without memory that of another, which goes. */
  #fill(standIn: TensorInfo, real: TensorInfo): void {
    const wasm = this.#wasm;
    const { dataIdMap } = wasm;
    if (!sameShape(standIn, real) || standIn.dtype !== real.dtype) {
      throw new Error(
        `compile: a kernel must return the shape that follows from its inputs, [${standIn.shape.join()}]; got [${real.shape.join()}]`,
      );
    }
    const own = wasm.refCount(real.dataId) > 1 ? copyOf(wasm, real) : real;
    if (own !== real) wasm.disposeData(real.dataId);
    const { id, memoryOffset } = dataIdMap.get(own.dataId);
    const data = dataIdMap.get(standIn.dataId);
    wasm.wasm.tfjs.disposeData(data.id);
    Object.assign(data, { id, memoryOffset });
    dataIdMap.delete(own.dataId);
  }

  #letGo({ held }: PutOff): void {
    for (const dataId of held) letGo(this.#wasm, dataId);
  }
}

/** The same data also when a variable among the inputs is assigned to later. */
function asTheyAre(inputs: NamedTensorInfoMap): NamedTensorInfoMap {
  const given: unknown = Array.isArray(inputs)
    ? inputs.map(infoOf)
    : Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, infoOf(info)]));
  return given as NamedTensorInfoMap;
}

const infoOf = (given: TensorInfo | null | undefined): TensorInfo | null | undefined =>
  given && { dataId: given.dataId, shape: given.shape, dtype: given.dtype };
