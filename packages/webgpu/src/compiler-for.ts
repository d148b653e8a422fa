import { checkRecorded, optimizedGraph, readOnce, RecordedStep } from '@llm101/wasm/recording';
import type { Feed, Graph, OutputValues, StepOutput } from '@llm101/wasm/recording';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { GpuError } from './gpu-error.js';
import type { Gpu } from './open-gpu.js';
import { plan } from './plan/plan.js';
import { canGather, mostBytes } from './program/check-sizes.js';
import { GpuProgram, variablesOf, type GpuParts } from './program/gpu-program.js';
import { Calls } from './program/calls.js';
import { Pipelines } from './program/pipelines.js';
import { Variables } from './program/variables.js';

/** Options of a compiled step; as those of `compile` of `@llm101/wasm`. */
export interface GpuCompileOptions {
  /** When the step's JavaScript is run again and compared with what was recorded. Default: `'always'`. */
  readonly rehearse?: 'always' | 'sometimes' | 'never';
  /** How many sets of input shapes are kept compiled. Default: 16. */
  readonly cacheSize?: number;
}

/** Arguments of a compiled step: for each tensor also its values, or a number for a scalar. */
export type GpuFeeds<Inputs extends readonly Tensor[]> = {
  readonly [Key in keyof Inputs]: Inputs[Key] | Feed;
};

/** What a call runs. */
export interface GpuProgramStats {
  /** How many kernels. */
  readonly dispatches: number;
}

/** A step that is replayed on a GPU. */
export interface GpuCompiled<Inputs extends readonly Tensor[], Output extends StepOutput> {
  /** @throws Error always: values come later there */
  (...inputs: GpuFeeds<Inputs>): never;
  /** @throws Error always */
  read(...inputs: GpuFeeds<Inputs>): never;
  /** @throws Error always */
  readInto(target: Float32Array, ...inputs: GpuFeeds<Inputs>): never;
  /**
   * Does what the step does, and gives the values of its tensors once they are there. Calls may overlap: they are done in their order, and an
   * argument's values may change once the call has returned.
   *
   * @throws GpuError when the GPU can't do it or is lost; Error that says what can't be recorded or has changed; RangeError when a token or another
   * index is out of range, after the step where that computes it
   */
  readLater(...inputs: GpuFeeds<Inputs>): Promise<OutputValues<Output>>;
  /** Brings what steps of this GPU have written to variables into tfjs' memory, which has the old values until then. */
  sync(): Promise<void>;
  /** How it rounds. */
  readonly arithmetic: 'compiled for WebGPU';
  /** What the last call ran; undefined where that recorded only, as the step made variables. */
  readonly program: GpuProgramStats | undefined;
  /** Compares what is compiled with what the step would do now. */
  rehearse(): void;
  /** Frees the memory. The step can't be called after that. */
  dispose(): void;
}

/** A compiler of steps; `compile` of `@llm101/wasm` is one, too. */
export type GpuCompile = <Inputs extends readonly Tensor[], Output extends StepOutput>(
  step: (...inputs: Inputs) => Output,
  options?: GpuCompileOptions,
) => GpuCompiled<Inputs, Output>;

/** What all steps of a GPU share. */
interface SharedParts extends GpuParts {
  readonly calls: Calls;
}

const parts = new WeakMap<Gpu, SharedParts>();

function partsOf(gpu: Gpu): SharedParts {
  const known = parts.get(gpu);
  if (known !== undefined) return known;
  const { device } = gpu;
  const variables = new Variables(device);
  const made = { device, pipelines: new Pipelines(device), variables, calls: new Calls() };
  parts.set(gpu, made);
  void gpu.lost.then(() => variables.dispose()); // so that another GPU may go on with what tfjs has
  return made;
}

/**
 * A compiler of steps for a GPU. What it compiles is recorded on tfjs' wasm backend, which must be running, and replayed by kernels for the GPU, all
 * of a step in one submission. Steps of one GPU share their variables.
 *
 * @throws TypeError where `gpu` isn't one
 */
export function compilerFor(gpu: Gpu): GpuCompile {
  if ((gpu as Partial<Gpu> | undefined)?.device === undefined) {
    throw new TypeError('compilerFor: gpu must be what openGpu resolves with; await it');
  }
  return (step, options = {}) => compileFor(gpu, step, options);
}

function compileFor<Inputs extends readonly Tensor[], Output extends StepOutput>(
  gpu: Gpu,
  step: (...inputs: Inputs) => Output,
  { rehearse = 'always', cacheSize = 16 }: GpuCompileOptions,
): GpuCompiled<Inputs, Output> {
  checkRecorded(step, { rehearse, cacheSize });
  const own = partsOf(gpu);
  const { variables } = own;
  const build = (graph: Graph): GpuProgram => {
    const optimized = optimizedGraph(graph);
    variables.add(variablesOf(optimized));
    const slabOf = (variable: Variable): number => variables.slabOf(variable);
    const most = mostBytes(own.device.limits);
    const planned = plan(optimized, slabOf, { mostBytes: most });
    if (canGather(planned, most)) return new GpuProgram(planned, own);
    return new GpuProgram(plan(optimized, slabOf, { mostBytes: most, isGrouped: false }), own);
  };
  const recorded = new RecordedStep<Inputs, Output, GpuProgram>(step, {
    rehearse,
    cacheSize,
    build,
    checkRead: (dataId) => variables.checkRead(dataId),
  });
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (gpu.lostBecause !== undefined) throw lostError(gpu);
    let done: Result;
    try {
      done = await work();
    } catch (cause) {
      if (cause instanceof GpuError) await hearOfLoss(gpu); // all other errors are the caller's
      throw gpu.lostBecause === undefined ? cause : lostError(gpu, cause);
    }
    if (gpu.lostBecause !== undefined) throw lostError(gpu); // what came isn't what it should be
    return done;
  };
  const readLater = async (feeds: readonly Feed[]): Promise<OutputValues<Output>> => {
    const { program, output, rebuild } = recorded.prepare(feeds);
    program?.checkFeeds(feeds);
    const values = program === undefined ? readOnce(output) : await own.calls.add(program, feeds);
    return rebuild(values) as OutputValues<Output>;
  };
  return Object.defineProperty(
    Object.assign(later('a call'), {
      read: later('read'),
      readInto: later('readInto'),
      readLater: (...feeds: GpuFeeds<Inputs>) => guarded(() => readLater(feeds)),
      sync: () => guarded(() => own.calls.submitted.then(() => variables.download())),
      arithmetic: 'compiled for WebGPU' as const,
      program: undefined as GpuProgram | undefined,
      rehearse: () => recorded.rehearse(),
      dispose: () => recorded.dispose(),
    }),
    'program',
    { get: () => recorded.program },
  );
}

const later = (name: string) => (): never => {
  throw new Error(`compile: on a GPU values come later; use readLater in place of ${name}`);
};

/** How long after what is under way was refused a device may say that it is lost. */
const SAYING_MS = 500;

/** Waits for a device that has refused something to say that it is lost, if it is. */
async function hearOfLoss({ lost }: Gpu): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, SAYING_MS)));
  await Promise.race([lost, enough]);
  clearTimeout(timer);
}

function lostError({ description, lostBecause }: Gpu, cause?: unknown): GpuError {
  return new GpuError(`the GPU (${description}) is lost: ${lostBecause}`, { cause });
}
