import { checkAlive, sizeOf, viewAt, wasmBackend, type Feed } from '@llm101/wasm/recording';
import type { Graph, NumericArray, StepProgram, Value } from '@llm101/wasm/recording';
import { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { IndexLimit } from '../graph/indices-read.js';
import type { Operand } from '../wgsl/dispatch.js';
import { ELEMENT, paddedBytes, type Place } from '../plan/places.js';
import type { Plan } from '../plan/plan.js';
import type { Pipelines } from './pipelines.js';
import { checkSizes, noRoom } from './check-sizes.js';
import { checkComputed, checkIndices, limitsOf } from './check-indices.js';
import { Readings } from './readings.js';
import { STORAGE } from './usage.js';
import { inElements, type TakenValues, type Variables } from './variables.js';

/** What programs of one GPU share. */
export interface GpuParts {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
  readonly variables: Variables;
}

type Table = Extract<Operand, { kind: 'table' }>;

/** A kernel with all that it is run on. */
interface Bound {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly groups: readonly [x: number, y: number, z: number];
}

/** A step for one set of input shapes on a GPU: all buffers are made here, and a run is one submission. */
export class GpuProgram implements StepProgram {
  /** Resolves once every kernel is compiled. @throws GpuError where one can't be */
  readonly ready: Promise<void>;
  readonly #plan: Plan;
  readonly #parts: GpuParts;
  readonly #arenas: readonly GPUBuffer[];
  /** What there was no memory for, later. */
  readonly #refused: Promise<GPUError | null>;
  readonly #constants: GPUBuffer | undefined;
  readonly #constantPlaces = new Map<number | Table, number>();
  readonly #bound: Bound[] = [];
  readonly #variables: readonly Variable[];
  readonly #written: readonly Variable[];
  readonly #captured: readonly object[];
  readonly #limits: ReadonlyMap<number, readonly IndexLimit[]>;
  readonly #readings: Readings;
  #isReady = false;
  #isDisposed = false;
  #holders = 0;

  constructor(plan: Plan, parts: GpuParts) {
    this.#plan = plan;
    this.#parts = parts;
    checkSizes(plan, parts.device);
    const { device } = parts;
    this.#variables = variablesOf(plan.graph);
    this.#written = plan.graph.assignments.map(({ variable }) => variable);
    this.#captured = plan.constants.flatMap(({ source }) =>
      source.kind === 'captured' ? [source.dataId] : [],
    );
    this.#limits = limitsOf(plan.graph);
    device.pushErrorScope('out-of-memory');
    this.#arenas = plan.arenas.map((size) =>
      device.createBuffer({ label: 'arena', size, usage: STORAGE }),
    );
    this.#constants = this.#writeConstants();
    this.#readings = new Readings(device, plan.graph.results);
    this.#refused = device.popErrorScope();
    this.ready = this.#compile();
    this.ready.catch(() => {}); // who awaits it is told
  }

  /** How many kernels a run has. */
  get dispatches(): number {
    return this.#bound.length;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  checkAlive(): void {
    checkAlive(this.#variables, this.#captured);
  }

  /** @throws Error where an argument is a variable of which tfjs has old values */
  checkFeeds(feeds: readonly Feed[]): void {
    for (const [i, feed] of feeds.entries()) {
      if (!(feed instanceof Variable) || !this.#parts.variables.isNewer(feed)) continue;
      throw new Error(
        `compile: argument ${i + 1} must not be a variable whose values are on the GPU alone; got ${feed.name}; let the step capture it, or await sync() before`,
      );
    }
  }

  /** What its variables have now: for a run that waits. */
  take(): TakenValues {
    return this.#parts.variables.take(this.#variables, this.#written);
  }

  /** Keeps what it holds until it is released, also where it is disposed of meanwhile. */
  hold(): () => void {
    this.#holders++;
    return () => {
      this.#holders--;
      if (this.#isDisposed) this.dispose();
    };
  }

  /**
   * Submits a run. It must be ready.
   *
   * @param taken - what its variables had when it was called for. Default: what they have
   * @returns the values of its results, later
   */
  run(feeds: readonly Feed[], taken?: TakenValues): Promise<NumericArray[]> {
    const { device, variables } = this.#parts;
    taken?.write();
    this.checkAlive();
    if (taken === undefined) variables.upload(this.#variables);
    for (const [i, feed] of feeds.entries()) this.#write(this.#plan.graph.inputs[i], feed, i);
    const encoder = device.createCommandEncoder();
    for (const { from, to, bytes } of this.#plan.saves)
      this.#copy(encoder, this.#plan.placeOf(from), to, bytes);
    const pass = encoder.beginComputePass();
    let last: GPUComputePipeline | undefined;
    for (const { pipeline, bindings, groups } of this.#bound) {
      if (pipeline !== last) pass.setPipeline(pipeline);
      last = pipeline;
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
    }
    pass.end();
    for (const { from, to, bytes } of this.#plan.copies)
      this.#copy(encoder, this.#plan.placeOf(from), to, bytes);
    const reading = this.#readings.open();
    for (const [i, value] of this.#plan.graph.results.entries()) {
      const { buffer, offset } = this.#memoryOf(this.#plan.placeOf(value));
      reading.copy(encoder, i, buffer, offset);
    }
    device.queue.submit([encoder.finish()]);
    variables.markNewer(this.#written);
    return this.#checked(reading.values());
  }

  /** A run's results, without those that its indices are checked by. @throws RangeError where one is out of range */
  async #checked(values: Promise<NumericArray[]>): Promise<NumericArray[]> {
    const { computedLimits: limits } = this.#plan;
    const results = await values;
    checkComputed(results.splice(results.length - 2 * limits.length), limits);
    return results;
  }

  /** Frees what it holds, once no run is under way. */
  dispose(): void {
    this.#isDisposed = true;
    if (this.#holders > 0) return;
    for (const arena of this.#arenas) arena.destroy();
    this.#constants?.destroy();
    this.#readings.dispose();
  }

  async #compile(): Promise<void> {
    const { device, pipelines } = this.#parts;
    if ((await this.#refused) !== null) throw noRoom(this.#plan);
    const made = await Promise.all(
      this.#plan.dispatches.map(async (dispatch) => ({
        dispatch,
        ...(await pipelines.get(dispatch)),
      })),
    );
    this.checkAlive(); // variables that are disposed of meanwhile have no places any more
    for (const { dispatch, pipeline, layout } of made) {
      const entries = dispatch.operands.map((operand, binding) => ({
        binding,
        resource: this.#resourceOf(operand),
      }));
      this.#bound.push({
        pipeline,
        bindings: device.createBindGroup({ label: dispatch.name, layout, entries }),
        groups: dispatch.groups,
      });
    }
    this.#isReady = true;
  }

  #writeConstants(): GPUBuffer | undefined {
    const { device } = this.#parts;
    const tables = this.#plan.dispatches.flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.kind === 'table' ? [operand] : [])),
    );
    let bytes = 0;
    const take = (key: number | Table, size: number): void => {
      this.#constantPlaces.set(key, bytes);
      bytes += paddedBytes({ shape: [size] });
    };
    for (const value of this.#plan.constants) take(value.id, sizeOf(value));
    for (const table of tables) take(table, table.length);
    if (bytes === 0) return undefined;
    const buffer = device.createBuffer({ label: 'constants', size: bytes, usage: STORAGE });
    for (const { id, source } of this.#plan.constants) {
      if ('values' in source)
        device.queue.writeBuffer(
          buffer,
          this.#constantPlaces.get(id) ?? 0,
          inElements(source.values),
        );
    }
    const placeOf = (value: Value): number =>
      this.#memoryOf(this.#plan.placeOf(value)).offset / ELEMENT;
    for (const table of tables) {
      const at = this.#constantPlaces.get(table) ?? 0;
      device.queue.writeBuffer(buffer, at, Uint32Array.from(table.fill(placeOf)));
    }
    return buffer;
  }

  #resourceOf(operand: Operand): GPUBufferBinding {
    switch (operand.kind) {
      case 'arena':
        return { buffer: this.#arenas[0] }; // what is read as parts of one buffer lies there
      case 'table':
        return { ...this.#constantAt(operand), size: operand.length * ELEMENT };
      case 'slab':
        return { buffer: this.#memoryOf(this.#plan.placeOf(operand.of)).buffer };
      case 'value':
      case 'scratch':
        return {
          ...this.#memoryOf(this.#plan.placeOf(operand.value)),
          size: Math.max(sizeOf(operand.value), 1) * ELEMENT,
        };
      default:
        return operand satisfies never;
    }
  }

  #constantAt(key: number | Table): { buffer: GPUBuffer; offset: number } {
    if (this.#constants === undefined) throw new Error('compile: the step has no constants');
    return { buffer: this.#constants, offset: this.#constantPlaces.get(key) ?? 0 };
  }

  #memoryOf(place: Place): { readonly buffer: GPUBuffer; readonly offset: number } {
    switch (place.kind) {
      case 'arena':
        return { buffer: this.#arenas[place.arena], offset: place.offset };
      case 'variable': {
        const { buffer, offset } = this.#parts.variables.placeOf(place.variable);
        return { buffer, offset };
      }
      case 'constant':
        return this.#constantAt(place.value.id);
      default:
        return place satisfies never;
    }
  }

  #copy(encoder: GPUCommandEncoder, from: Place, to: Place, bytes: number): void {
    const [source, target] = [this.#memoryOf(from), this.#memoryOf(to)];
    encoder.copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, bytes);
  }

  /** Writes an argument's values. */
  #write(value: Value, feed: Feed, i: number): void {
    const values = valuesOf(feed, value);
    for (const limit of this.#limits.get(value.id) ?? [])
      checkIndices(values, limit, `argument ${i + 1}`);
    const place = this.#plan.placeOf(value);
    const { buffer, offset } = this.#memoryOf(place);
    if (values.length > 0) this.#parts.device.queue.writeBuffer(buffer, offset, inElements(values));
  }
}

function valuesOf(feed: Feed, value: Value): NumericArray {
  if (typeof feed === 'number') return Float32Array.of(feed);
  if (!(feed instanceof Tensor)) return feed.values;
  const wasm = wasmBackend();
  return viewAt(wasm, wasm.getMemoryOffset(feed.dataId), value);
}

/** All variables that a step reads or writes. */
export function variablesOf(graph: Graph): Variable[] {
  const found = new Set(graph.assignments.map(({ variable }) => variable));
  const add = ({ source }: Value): void => {
    if (source.kind === 'variable') found.add(source.variable);
  };
  for (const value of graph.results) add(value);
  for (const { value } of graph.assignments) add(value);
  for (const { inputs } of graph.nodes) for (const value of inputs) add(value);
  return [...found];
}
