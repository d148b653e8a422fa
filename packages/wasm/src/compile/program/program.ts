import { Variable, type Tensor } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { ALIGNMENT } from '../../graph/instruction.js';
import type { LoadedKernels } from '../../kernels/kernel-module.js';
import type { NumericArray, TensorType } from '../../kernels/tensor-type.js';
import { allocate, ownMemory, release, tensorFrom, viewAt } from '../../kernels/wasm-memory.js';
import { markWritten } from '../../kernels/written-in-place.js';
import type { Plan } from '../plan/plan.js';
import { checkAlive } from './check-alive.js';
import { writeFeed, type Feed } from './feed.js';
import { addressIn, link, type Linkage } from './link.js';

/** Where a variable's values were at the last run. */
interface Bound {
  readonly variable: Variable;
  /** Whether the step writes to it. */
  readonly written: boolean;
  address: number;
}

/** A step for one set of input shapes, ready to run. Its text is the plan's. */
export class Program {
  /** What runs where. */
  readonly stats: ProgramStats;
  readonly #plan: Plan;
  readonly #wasm: BackendWasm;
  readonly #linkage: Linkage;
  /** What was allocated; the arena begins at the first cache line in it. */
  readonly #block: number;
  readonly #inputs: readonly number[];
  readonly #bound: Bound[];
  readonly #variables: readonly Variable[];
  /** The data of tensors from outside, whose values were copied. */
  readonly #captured: readonly object[];
  #instructions: (() => void)[] = [];

  constructor(plan: Plan, wasm: BackendWasm, { functions, relaxedSimd }: LoadedKernels) {
    this.#plan = plan;
    this.#wasm = wasm;
    this.stats = statsOf(plan, relaxedSimd);
    this.#bound = variablesOf(plan);
    this.#variables = this.#bound.map(({ variable }) => variable);
    const addresses = new Map(this.#bound.map((bound) => [bound.variable, bound]));
    this.#block = allocate(wasm, plan.arenaBytes + ALIGNMENT);
    const base = Math.ceil(this.#block / ALIGNMENT) * ALIGNMENT;
    const addressOf = (variable: Variable): number => addresses.get(variable)?.address ?? 0;
    this.#linkage = { plan, wasm, functions, base, addressOf };
    this.#inputs = plan.graph.inputs.map((value) => addressIn(this.#linkage, value));
    this.#captured = plan.constants.flatMap(({ source }) =>
      source.kind === 'captured' ? [source.dataId] : [],
    );
    for (const value of plan.constants) {
      const { source } = value;
      if (!('values' in source)) continue;
      viewAt(wasm, addressIn(this.#linkage, value), value).set(source.values);
    }
  }

  /** Runs the step once; {@link tensors} and {@link values} then have what it returns. */
  run(feeds: readonly Feed[]): void {
    this.#bindVariables();
    this.#checkFeeds(feeds);
    for (let i = 0; i < feeds.length; i++) writeFeed(this.#wasm, feeds[i], this.#inputs[i]);
    const instructions = this.#instructions;
    for (let i = 0; i < instructions.length; i++) instructions[i]();
    for (const { variable, written } of this.#bound) if (written) markWritten(variable.dataId);
  }

  /** @throws Error when a variable or tensor that the step reads has been disposed of */
  checkAlive(): void {
    checkAlive(this.#variables, this.#captured);
  }

  /** An argument is copied, so that a variable given as one wouldn't change where the step assigns to it. */
  #checkFeeds(feeds: readonly Feed[]): void {
    for (let i = 0; i < feeds.length; i++) {
      const feed = feeds[i];
      if (!(feed instanceof Variable)) continue;
      if (!this.#bound.some(({ variable, written }) => written && variable === feed)) continue;
      throw new Error(
        `compile: argument ${i + 1} must not be a variable that the step assigns to; got ${feed.name}; ` +
          'let the step capture it, or pass a clone',
      );
    }
  }

  /** Types of the tensors that a run returns. */
  get results(): readonly TensorType[] {
    return this.#plan.graph.results;
  }

  /** Writes the one tensor that the last run returned into an array of its size and type. */
  readInto(target: Float32Array): void {
    const [value] = this.#plan.graph.results;
    target.set(viewAt(this.#wasm, addressIn(this.#linkage, value), value));
  }

  /** What the last run returned, as new tensors. */
  tensors(): Tensor[] {
    return this.#plan.graph.results.map((value) =>
      tensorFrom(this.#wasm, addressIn(this.#linkage, value), value),
    );
  }

  /** What the last run returned, as new arrays. */
  values(): NumericArray[] {
    return this.#plan.graph.results.map((value) =>
      viewAt(this.#wasm, addressIn(this.#linkage, value), value).slice(),
    );
  }

  /** Frees its memory; it can't run after that. */
  dispose(): void {
    release(this.#wasm, this.#block);
    this.#instructions = [];
  }

  /** The plan's text. */
  toString(): string {
    return String(this.#plan);
  }

  /**
   * Finds out where the variables are. One that was assigned to has moved; one whose memory is shared gets its own before
   * the step writes to it.
   */
  #bindVariables(): void {
    const wasm = this.#wasm;
    this.checkAlive();
    let moved = false;
    for (const bound of this.#bound) {
      const { variable, written } = bound;
      if (written) ownMemory(wasm, variable);
      const address = wasm.getMemoryOffset(variable.dataId);
      if (address !== bound.address) {
        bound.address = address;
        moved = true;
      }
    }
    if (moved || this.#instructions.length === 0) this.#instructions = link(this.#linkage);
  }
}

function variablesOf({ graph, instructions }: Plan): Bound[] {
  const written = new Set(graph.assignments.map(({ variable }) => variable));
  const read = new Set<Variable>();
  const values = [...instructions.flatMap(({ reads }) => reads), ...graph.results];
  const viewed = graph.nodes.flatMap(({ inputs }) => inputs);
  for (const { source } of [...values, ...viewed]) {
    if (source.kind === 'variable') read.add(source.variable);
  }
  return [...new Set([...written, ...read])].map((variable) => ({
    variable,
    written: written.has(variable),
    address: -1,
  }));
}

/** What runs where in a compiled step. */
export interface ProgramStats {
  /** How often each kernel of this package is called in a step. */
  readonly kernels: Readonly<Record<string, number>>;
  /** How often each kernel of tfjs is called through JavaScript, which is slow. */
  readonly fallbacks: Readonly<Record<string, number>>;
  /** Memory of inputs, constants and intermediate values. */
  readonly arenaBytes: number;
  /** Whether products are fused multiply-adds, which round once. */
  readonly relaxedSimd: boolean;
}

/** Counts the calls of a plan. */
function statsOf(plan: Plan, relaxedSimd: boolean): ProgramStats {
  const { instructions, arenaBytes } = plan;
  const kernels: Record<string, number> = {};
  const fallbacks: Record<string, number> = {};
  for (const { name, call } of instructions) {
    const counts = call.kind === 'tfjs' ? fallbacks : kernels;
    const names = call.kind === 'kernels' ? plan.stepsOf(call).map(({ kernel }) => kernel) : [name];
    for (const called of names) counts[called] = (counts[called] ?? 0) + 1;
  }
  return { kernels, fallbacks, arenaBytes, relaxedSimd };
}
