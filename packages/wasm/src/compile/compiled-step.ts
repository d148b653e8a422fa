import type { Tensor } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Graph } from '../graph/graph.js';
import { kernelModule } from '../kernels/kernel-module.js';
import { sizeOf, type NumericArray } from '../kernels/tensor-type.js';
import { wasmBackend } from '../kernels/wasm-memory.js';
import { optimize } from './passes/optimize.js';
import { plan } from './plan/plan.js';
import { evaluate } from './program/call-tfjs.js';
import type { Feed } from './program/feed.js';
import { Program } from './program/program.js';
import { readOnce } from './read-once.js';
import { RecordedStep, type RehearsalTime } from './recorded-step.js';
import { flatten } from './record/trace.js';
import type { OutputValues, StepOutput } from './record/trace.js';

/** The settings, complete. */
interface Settings {
  readonly relaxedSimd: boolean;
  readonly rehearse: RehearsalTime;
  readonly cacheSize: number;
}

/** A step with its recordings and programs, by input shapes. */
export class CompiledStep<Inputs extends readonly Tensor[], Output extends StepOutput> {
  readonly #recorded: RecordedStep<Inputs, Output, Program>;

  constructor(step: (...inputs: Inputs) => Output, { relaxedSimd, ...settings }: Settings) {
    const build = (graph: Graph): Program => buildProgram(graph, wasmBackend(), relaxedSimd);
    this.#recorded = new RecordedStep(step, { ...settings, build });
  }

  get program(): Program | undefined {
    return this.#recorded.program;
  }

  call(feeds: readonly Feed[]): Output {
    const plain = this.#recorded.plain(feeds);
    if (plain !== undefined) return plain.output;
    const { program, output, rebuild } = this.#recorded.prepare(feeds);
    if (program === undefined) return output as Output;
    program.run(feeds);
    return rebuild(program.tensors()) as Output;
  }

  read(feeds: readonly Feed[]): OutputValues<Output> {
    const { program, output, rebuild } = this.#recorded.prepare(feeds);
    const values = program === undefined ? readOnce(output) : run(program, feeds);
    return rebuild(values) as OutputValues<Output>;
  }

  readInto(target: Float32Array, feeds: readonly Feed[]): void {
    if (!(target instanceof Float32Array)) {
      throw new TypeError(
        `compile: the target of readInto must be a Float32Array; got ${Object.prototype.toString.call(target).slice(8, -1)}`,
      );
    }
    const { program, output } = this.#recorded.prepare(feeds);
    if (program === undefined) {
      const values = readOnce(output);
      checkTarget(target, flatten(output));
      target.set(values[0]);
      return;
    }
    checkTarget(target, program.results);
    program.run(feeds);
    program.readInto(target);
  }

  /** Compares all that is compiled with what the step would do now. */
  rehearse(): void {
    this.#recorded.rehearse();
  }

  dispose(): void {
    this.#recorded.dispose();
  }
}

/** Whether an array holds the one tensor that a step returns. */
function checkTarget(
  target: Float32Array,
  results: readonly { readonly shape: readonly number[]; readonly dtype: string }[],
): void {
  const [result] = results;
  if (results.length !== 1 || result.dtype !== 'float32') {
    const types = results.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
    throw new TypeError(
      `compile: a step must return one float32 tensor for readInto; got ${types.join(', ') || 'nothing'}; use read`,
    );
  }
  if (target.length !== sizeOf(result)) {
    throw new RangeError(
      `compile: the target of readInto must be as long as the step's result, ${sizeOf(result)} for shape [${result.shape.join()}]; got ${target.length}`,
    );
  }
}

function run(program: Program, feeds: readonly Feed[]): NumericArray[] {
  program.run(feeds);
  return program.values();
}

/** From a recording to a program that runs. */
function buildProgram(graph: Graph, wasm: BackendWasm, allowRelaxed: boolean): Program {
  const passes = optimize(graph, (node) => evaluate(wasm, node));
  const { graph: optimized } = passes[passes.length - 1];
  return new Program(plan(optimized), wasm, kernelModule(wasm, allowRelaxed));
}
