import { dispose, engine, Tensor, tidy } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Graph } from '../graph/graph.js';
import type { TensorType } from '../kernels/tensor-type.js';
import { wasmBackend } from '../kernels/wasm-memory.js';
import { checkFeeds, feedTensor, hasType, typeOf, type Feed } from './program/feed.js';
import { firstProblem } from './record/compare-recordings.js';
import { record, type Recorded } from './record/dry-run.js';
import { rehearse } from './record/rehearse.js';
import { flatten, rebuilder } from './record/trace.js';
import type { Recording, StepOutput } from './record/trace.js';
import { isWatched } from './record/watch-kernels.js';

/** After three recordings two in a row must be alike: the first time a step may set up its state. */
const RECORDINGS = 3;

/** What a recording becomes. */
export interface StepProgram {
  /** @throws Error when a variable or tensor that the step reads has been disposed of */
  checkAlive(): void;
  /** Frees what it holds. */
  dispose(): void;
}

/** What is known about one set of input shapes. */
interface Entry<Program> {
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

/** Settings of {@link RecordedStep}. */
export interface RecordedStepOptions<Program> {
  readonly rehearse: RehearsalTime;
  /** How many sets of input shapes are kept. */
  readonly cacheSize: number;
  /** Makes a program of what was recorded. */
  readonly build: (graph: Graph) => Program;
  /** Called before a recording that can't be undone reads a tensor's data, which it computes with: it throws where they are old. */
  readonly checkRead?: (dataId: object) => void;
}

/** A call that is to be done. */
export interface PreparedCall<Program, Output> {
  /** What does it; none where it was done by recording it, as the step made variables. */
  readonly program: Program | undefined;
  /** What it returned where it was done by recording it; its caller disposes of that. */
  readonly output: Output | undefined;
  /** Puts what the program gives together as the step does. */
  readonly rebuild: (parts: readonly unknown[]) => unknown;
}

/** A step, recorded for each set of input shapes, and what is made of the recordings. */
export class RecordedStep<
  Inputs extends readonly Tensor[],
  Output extends StepOutput,
  Program extends StepProgram,
> {
  readonly #step: (...inputs: Inputs) => Output;
  readonly #options: RecordedStepOptions<Program>;
  /** The one used last first. */
  readonly #entries: Entry<Program>[] = [];
  #disposed = false;

  constructor(step: (...inputs: Inputs) => Output, options: RecordedStepOptions<Program>) {
    this.#step = step;
    this.#options = options;
  }

  /** What the last call ran. */
  get program(): Program | undefined {
    return this.#entries.at(0)?.program;
  }

  /** All that there are. */
  get programs(): Program[] {
    return this.#entries.flatMap(({ program }) => program ?? []);
  }

  /**
   * Sees to it that there is a program for arguments of these shapes, unless the call is a recording that can't be undone, and that
   * it is still right.
   *
   * @throws Error that says what can't be recorded or has changed
   */
  prepare(feeds: readonly Feed[]): PreparedCall<Program, Output> {
    const wasm = this.#backend();
    const entry = this.#entryFor(feeds);
    const output = this.#readied(wasm, entry, feeds);
    return { program: entry.program, output, rebuild: entry.rebuild };
  }

  /** Runs the step as it is, where something else records it or takes its gradient; else undefined. */
  plain(feeds: readonly Feed[]): { readonly output: Output } | undefined {
    const wasm = this.#backend();
    if (!isWatched(wasm) && engine().state.gradientDepth === 0) return undefined;
    checkFeeds(feeds);
    return {
      output: tidy(() => {
        const inputs = feeds.map((feed) =>
          feed instanceof Tensor ? feed : feedTensor(wasm, feed),
        );
        return this.#step(...(inputs as readonly Tensor[] as Inputs)); // bounded: a step's own
      }),
    };
  }

  /** Compares all that is compiled with what the step would do now. */
  rehearse(): void {
    const wasm = this.#backend();
    if (isWatched(wasm)) return;
    for (const entry of this.#entries) this.#rehearse(wasm, entry);
  }

  /** Frees what was made of the recordings. The step can't be called after that. */
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

  #entryFor(feeds: readonly Feed[]): Entry<Program> {
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
    const entry: Entry<Program> = {
      types,
      recordings: 0,
      last: undefined,
      program: undefined,
      calls: 0,
      isOutdated: false,
      rebuild: rebuilder(),
    };
    entries.unshift(entry);
    if (entries.length > this.#options.cacheSize) entries.pop()?.program?.dispose();
    return entry;
  }

  /** Sees to it that there is a program, unless the call was a recording that can't be undone, and that it is still right. */
  #readied(wasm: BackendWasm, entry: Entry<Program>, feeds: readonly Feed[]): Output | undefined {
    if (entry.program === undefined) return this.#prepare(wasm, entry, feeds);
    const calls = ++entry.calls;
    const when = this.#options.rehearse;
    const isDue = entry.isOutdated || Number.isInteger(Math.log2(calls) / 2); // a power of 4
    if (when === 'always' || (when === 'sometimes' && isDue)) this.#rehearse(wasm, entry);
    return undefined;
  }

  #rehearse(wasm: BackendWasm, entry: Entry<Program>): void {
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
  #prepare(wasm: BackendWasm, entry: Entry<Program>, feeds: readonly Feed[]): Output | undefined {
    while (entry.program === undefined) {
      const { output, recording, end } = this.#record(wasm, entry, feeds);
      const isUndone = recording.created.length === 0 && recording.kept === 0;
      if (isUndone) dispose(flatten(output));
      end(isUndone);
      if (!isUndone) return output;
    }
    return undefined;
  }

  #record(wasm: BackendWasm, entry: Entry<Program>, feeds: readonly Feed[]): Recorded<Output> {
    const { checkRead } = this.#options;
    const inputs = feeds.map((feed) => feedTensor(wasm, feed));
    let recorded: Recorded<Output> | undefined;
    let returned: readonly Tensor[] = [];
    try {
      recorded = record(wasm, this.#step, inputs as readonly Tensor[] as Inputs, checkRead);
      returned = flatten(recorded.output);
      entry.rebuild = rebuilder(recorded.output);
      this.#learn(entry, recorded.recording);
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
  #learn(entry: Entry<Program>, next: Recording): void {
    const { last } = entry;
    entry.recordings++;
    const problem = last === undefined ? undefined : firstProblem(last, next);
    if (problem !== undefined && entry.recordings === RECORDINGS) throw new Error(problem);
    entry.last = next;
    if (last === undefined || problem !== undefined) return;
    entry.program = this.#options.build(next.graph);
  }

  #forget(entry: Entry<Program>): void {
    const index = this.#entries.indexOf(entry);
    if (index !== -1) this.#entries.splice(index, 1);
  }
}

function matches({ types }: Entry<unknown>, feeds: readonly Feed[]): boolean {
  if (types.length !== feeds.length) return false;
  for (let i = 0; i < types.length; i++) if (!hasType(feeds[i], types[i])) return false;
  return true;
}
