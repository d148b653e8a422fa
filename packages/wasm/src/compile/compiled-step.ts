import { dispose, engine, Tensor, tidy } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Graph } from '../graph/graph.js';
import { kernelModule } from '../kernels/kernel-module.js';
import { sizeOf, type NumericArray, type TensorType } from '../kernels/tensor-type.js';
import { wasmBackend } from '../kernels/wasm-memory.js';
import { optimize } from './passes/optimize.js';
import { plan } from './plan/plan.js';
import { evaluate } from './program/call-tfjs.js';
import { checkFeeds, feedTensor, hasType, typeOf, type Feed } from './program/feed.js';
import { Program } from './program/program.js';
import { firstProblem } from './record/compare-recordings.js';
import { record, type Recorded } from './record/dry-run.js';
import { rehearse } from './record/rehearse.js';
import { flatten, rebuilder } from './record/trace.js';
import type { OutputValues, Recording, StepOutput } from './record/trace.js';
import { isWatched } from './record/watch-kernels.js';

/** After three recordings two in a row must be alike: the first time a step may set up its state. */
const RECORDINGS = 3;

/** What is known about one set of input shapes. */
interface Entry {
  readonly types: readonly TensorType[];
  recordings: number;
  last: Recording | undefined;
  program: Program | undefined;
  /** How often the program was asked for. */
  calls: number;
  /** Whether the last rehearsal has found something else. */
  isOutdated: boolean;
  rebuild: (parts: readonly unknown[]) => unknown;
}

/** When a compiled step is rehearsed; see `CompileOptions`. */
export type RehearsalTime = 'always' | 'sometimes' | 'never';

/** The settings, complete. */
interface Settings {
  readonly relaxedSimd: boolean;
  readonly rehearse: RehearsalTime;
  readonly cacheSize: number;
}

/** A step with its recordings and programs, by input shapes. */
export class CompiledStep<Inputs extends readonly Tensor[], Output extends StepOutput> {
  readonly #step: (...inputs: Inputs) => Output;
  readonly #settings: Settings;
  /** The one used last first. */
  readonly #entries: Entry[] = [];
  #disposed = false;

  constructor(step: (...inputs: Inputs) => Output, settings: Settings) {
    this.#step = step;
    this.#settings = settings;
  }

  get program(): Program | undefined {
    return this.#entries.at(0)?.program;
  }

  call(feeds: readonly Feed[]): Output {
    const wasm = this.#backend();
    if (isWatched(wasm) || engine().state.gradientDepth > 0) return this.#plain(wasm, feeds);
    const entry = this.#entryFor(feeds);
    const output = this.#readied(wasm, entry, feeds);
    const { program } = entry;
    if (program === undefined) return output as Output;
    program.run(feeds);
    return entry.rebuild(program.tensors()) as Output;
  }

  read(feeds: readonly Feed[]): OutputValues<Output> {
    const wasm = this.#backend();
    const entry = this.#entryFor(feeds);
    const output = this.#readied(wasm, entry, feeds);
    const { program } = entry;
    const values = program === undefined ? readOnce(output) : run(program, feeds);
    return entry.rebuild(values) as OutputValues<Output>;
  }

  readInto(target: Float32Array, feeds: readonly Feed[]): void {
    const wasm = this.#backend();
    if (!(target instanceof Float32Array)) {
      throw new TypeError(
        `compile: the target of readInto must be a Float32Array; got ${Object.prototype.toString.call(target).slice(8, -1)}`,
      );
    }
    const entry = this.#entryFor(feeds);
    const output = this.#readied(wasm, entry, feeds);
    const { program } = entry;
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
    const wasm = this.#backend();
    if (isWatched(wasm)) return;
    for (const entry of this.#entries) this.#rehearse(wasm, entry);
  }

  dispose(): void {
    for (const { program } of this.#entries) program?.dispose();
    this.#entries.length = 0;
    this.#disposed = true;
  }

  #backend(): BackendWasm {
    if (!this.#disposed) return wasmBackend();
    throw new Error(
      'compile: a compiled step must not be called after dispose(); compile it again',
    );
  }

  /** Runs the step without recording, where something else records it already. */
  #plain(wasm: BackendWasm, feeds: readonly Feed[]): Output {
    checkFeeds(feeds);
    return tidy(() => {
      const inputs = feeds.map((feed) => (feed instanceof Tensor ? feed : feedTensor(wasm, feed)));
      return this.#step(...(inputs as readonly Tensor[] as Inputs)); // bounded: a step's own
    });
  }

  #entryFor(feeds: readonly Feed[]): Entry {
    const entries = this.#entries;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (!matches(entry, feeds)) continue;
      if (i > 0) {
        entries.splice(i, 1);
        entries.unshift(entry);
      }
      return entry;
    }
    checkFeeds(feeds);
    const types = feeds.map(typeOf);
    const entry = {
      types,
      recordings: 0,
      last: undefined,
      program: undefined,
      calls: 0,
      isOutdated: false,
      rebuild: rebuilder(),
    };
    entries.unshift(entry);
    if (entries.length > this.#settings.cacheSize) entries.pop()?.program?.dispose();
    return entry;
  }

  /** Sees to it that there is a program, unless the call was a recording that can't be undone, and that it is still right. */
  #readied(wasm: BackendWasm, entry: Entry, feeds: readonly Feed[]): Output | undefined {
    if (entry.program === undefined) return this.#prepare(wasm, entry, feeds);
    const calls = ++entry.calls;
    const when = this.#settings.rehearse;
    const isDue = entry.isOutdated || Number.isInteger(Math.log2(calls) / 2); // a power of 4
    if (when === 'always' || (when === 'sometimes' && isDue)) this.#rehearse(wasm, entry);
    return undefined;
  }

  #rehearse(wasm: BackendWasm, entry: Entry): void {
    const { program, last } = entry;
    if (program === undefined || last === undefined) return;
    entry.isOutdated = true; // unless it ends well
    program.checkAlive();
    const step = (...inputs: readonly Tensor[]): Output => this.#step(...(inputs as Inputs));
    rehearse(wasm, step, last);
    entry.isOutdated = false;
  }

  /**
   * Records the step until it has a program, and puts variables back each time: so the first call replays as all others
   * do, and what a step returns doesn't depend on how often it was called before.
   *
   * @returns what the step returned where it set up state, which can't be undone: that recording was the call
   */
  #prepare(wasm: BackendWasm, entry: Entry, feeds: readonly Feed[]): Output | undefined {
    while (entry.program === undefined) {
      const { output, recording, end } = this.#record(wasm, entry, feeds);
      const isUndone = recording.created.length === 0 && recording.kept === 0;
      if (isUndone) dispose(flatten(output));
      end(isUndone);
      if (!isUndone) return output;
    }
    return undefined;
  }

  #record(wasm: BackendWasm, entry: Entry, feeds: readonly Feed[]): Recorded<Output> {
    const inputs = feeds.map((feed) => feedTensor(wasm, feed));
    let recorded: Recorded<Output> | undefined;
    let returned: readonly Tensor[] = [];
    try {
      recorded = record(wasm, this.#step, inputs as readonly Tensor[] as Inputs);
      returned = flatten(recorded.output);
      entry.rebuild = rebuilder(recorded.output);
      this.#learn(wasm, entry, recorded.recording);
      return recorded;
    } catch (error) {
      dispose([...returned]);
      recorded?.end(true);
      this.#forget(entry);
      throw error;
    } finally {
      dispose(inputs.filter((input) => !returned.includes(input)));
    }
  }

  /** Compares a recording with the one before, and makes a program once two are alike. */
  #learn(wasm: BackendWasm, entry: Entry, next: Recording): void {
    const { last } = entry;
    entry.recordings++;
    const problem = last === undefined ? undefined : firstProblem(last, next);
    if (problem !== undefined && entry.recordings === RECORDINGS) throw new Error(problem);
    entry.last = next;
    if (last === undefined || problem !== undefined) return;
    entry.program = buildProgram(next.graph, wasm, this.#settings.relaxedSimd);
  }

  #forget(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    if (index !== -1) this.#entries.splice(index, 1);
  }
}

function readOnce(output: StepOutput): NumericArray[] {
  const tensors = flatten(output);
  const values = tensors.map((tensor) => tensor.dataSync());
  dispose(tensors);
  return values;
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

function matches({ types }: Entry, feeds: readonly Feed[]): boolean {
  if (types.length !== feeds.length) return false;
  for (let i = 0; i < types.length; i++) if (!hasType(feeds[i], types[i])) return false;
  return true;
}

/** From a recording to a program that runs. */
function buildProgram(graph: Graph, wasm: BackendWasm, allowRelaxed: boolean): Program {
  const passes = optimize(graph, (node) => evaluate(wasm, node));
  const { graph: optimized } = passes[passes.length - 1];
  return new Program(plan(optimized), wasm, kernelModule(wasm, allowRelaxed));
}
