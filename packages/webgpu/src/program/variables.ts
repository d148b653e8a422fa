import { markWritten, ownMemory, viewAt, wasmBackend, writesTo } from '@llm101/wasm/recording';
import type { NumericArray } from '@llm101/wasm/recording';
import type { Variable } from '@tensorflow/tfjs-core';
import { ALIGNMENT, ELEMENT, paddedBytes } from '../plan/plan.js';
import { STORAGE, TRANSFER } from './usage.js';

/** Where a variable lies on the GPU. */
export interface VariablePlace {
  readonly buffer: GPUBuffer;
  /** In bytes. */
  readonly offset: number;
}

interface Entry extends VariablePlace {
  /** The number of the buffer. */
  readonly slab: number;
  /** What tfjs' memory had when it was last the same here: the data, and how often steps had written to it. */
  dataId: object | undefined;
  writes: number;
  /** Whether a step here has written since then. */
  isNewer: boolean;
}

/** Values of a variable that go to the GPU. */
export interface ChangedValues {
  readonly place: VariablePlace;
  readonly values: ReturnType<typeof inElements>;
}

/** The variables of one GPU: all steps there share them. */
export class Variables {
  readonly #device: GPUDevice;
  readonly #entries = new Map<Variable, Entry>();
  /** Those that are free again are undefined: their numbers aren't given a second time. */
  readonly #slabs: (GPUBuffer | undefined)[] = [];
  #staging: GPUBuffer | undefined;
  #download: Promise<void> = Promise.resolve();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Gives variables places, those that have none in one buffer, and frees the buffers of those that are disposed of. */
  add(variables: Iterable<Variable>): void {
    this.#freeDisposed();
    const added = [...new Set(variables)].filter((variable) => !this.#entries.has(variable));
    if (added.length === 0) return;
    const bytes = added.reduce((sum, variable) => sum + paddedBytes(variable), 0);
    const buffer = this.#device.createBuffer({ label: 'variables', size: bytes, usage: STORAGE });
    const slab = this.#slabs.push(buffer) - 1;
    let offset = 0;
    for (const variable of added) {
      this.#entries.set(variable, {
        buffer,
        slab,
        offset,
        dataId: undefined,
        writes: 0,
        isNewer: false,
      });
      offset += paddedBytes(variable);
    }
  }

  #freeDisposed(): void {
    const used = new Set<number>();
    for (const [variable, { slab }] of this.#entries) if (!variable.isDisposed) used.add(slab);
    for (const [variable, { slab }] of this.#entries) {
      if (!used.has(slab)) this.#entries.delete(variable);
    }
    for (const [slab, buffer] of this.#slabs.entries()) {
      if (used.has(slab)) continue;
      buffer?.destroy();
      this.#slabs[slab] = undefined;
    }
  }

  /** The number of the buffer that a variable lies in, with others. */
  slabOf(variable: Variable): number {
    return this.#entryOf(variable).slab;
  }

  placeOf(variable: Variable): VariablePlace {
    return this.#entryOf(variable);
  }

  #entryOf(variable: Variable): Entry {
    const entry = this.#entries.get(variable);
    if (entry === undefined)
      throw new Error(`compile: variable ${variable.name} has no place on the GPU`);
    return entry;
  }

  /** Brings to the GPU what has changed in tfjs' memory. */
  upload(variables: Iterable<Variable>): void {
    for (const changed of this.#changed(variables)) this.write([changed]);
  }

  /** What has changed in tfjs' memory, as it is now: for a run that can't be submitted yet. Who takes it writes it. */
  take(variables: Iterable<Variable>): readonly ChangedValues[] {
    return Array.from(this.#changed(variables), ({ place, values }) => ({
      place,
      values: values.slice(),
    }));
  }

  write(changed: readonly ChangedValues[]): void {
    for (const { place, values } of changed) {
      this.#device.queue.writeBuffer(place.buffer, place.offset, values);
    }
  }

  *#changed(variables: Iterable<Variable>): Iterable<ChangedValues> {
    const wasm = wasmBackend();
    for (const variable of variables) {
      const entry = this.#entries.get(variable);
      if (entry === undefined) continue;
      const writes = writesTo(variable.dataId);
      if (entry.dataId === variable.dataId && entry.writes === writes) continue;
      const { dtype, shape, dataId } = variable;
      const values = viewAt(wasm, wasm.getMemoryOffset(dataId), {
        dtype: dtype as 'float32',
        shape,
      });
      Object.assign(entry, { dataId, writes, isNewer: false });
      yield { place: entry, values: inElements(values) };
    }
  }

  /** Whether a step here has written to a variable since tfjs had it. */
  isNewer(variable: Variable): boolean {
    return this.#entries.get(variable)?.isNewer === true;
  }

  /** Remembers that a step writes to a variable here. */
  markNewer(variables: Iterable<Variable>): void {
    for (const variable of variables) {
      const entry = this.#entries.get(variable);
      if (entry !== undefined) entry.isNewer = true;
    }
  }

  /** Brings to tfjs' memory what steps here have written; what tfjs assigns meanwhile stays. One after the other, as they share memory. */
  download(): Promise<void> {
    const done = this.#download.then(() => this.#downloadNow());
    this.#download = done.catch(() => {});
    return done;
  }

  async #downloadNow(): Promise<void> {
    const newer = [...this.#entries].filter(
      ([variable, { isNewer }]) => isNewer && !variable.isDisposed,
    );
    if (newer.length === 0) return;
    const bytes = newer.reduce((sum, [variable]) => sum + paddedBytes(variable), 0);
    const staging = this.#stagingOf(bytes);
    const encoder = this.#device.createCommandEncoder({ label: 'variables' });
    let at = 0;
    const parts = newer.map(([variable, entry]) => {
      const part = { variable, entry, at, bytes: variable.size * ELEMENT };
      encoder.copyBufferToBuffer(
        entry.buffer,
        entry.offset,
        staging,
        at,
        Math.max(part.bytes, ELEMENT),
      );
      at += paddedBytes(variable);
      entry.isNewer = false; // a step that is submitted meanwhile makes it newer again
      return part;
    });
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_READ, 0, at);
    const mapped = staging.getMappedRange(0, at);
    const wasm = wasmBackend();
    for (const { variable, entry, ...part } of parts) {
      const isAssigned =
        variable.dataId !== entry.dataId || writesTo(entry.dataId) !== entry.writes;
      if (variable.isDisposed || isAssigned) continue;
      ownMemory(wasm, variable);
      const { dtype, shape, dataId } = variable;
      const target = viewAt(wasm, wasm.getMemoryOffset(dataId), {
        dtype: dtype as 'float32',
        shape,
      });
      target.set(fromElements(mapped, part.at, target));
      markWritten(dataId);
      Object.assign(entry, { dataId, writes: writesTo(dataId) });
    }
    staging.unmap();
  }

  dispose(): void {
    for (const slab of this.#slabs) slab?.destroy();
    this.#staging?.destroy();
    this.#entries.clear();
  }

  #stagingOf(bytes: number): GPUBuffer {
    if (this.#staging !== undefined && this.#staging.size >= bytes) return this.#staging;
    this.#staging?.destroy();
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    this.#staging = this.#device.createBuffer({ label: 'variables, read', size, usage: TRANSFER });
    return this.#staging;
  }
}

const MAP_READ = 1;

/** Numbers as they lie on the GPU, where a bool takes four bytes. */
export function inElements(
  values: NumericArray,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  if (values instanceof Uint8Array) return Uint32Array.from(values);
  return values as Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/** Numbers from where they lie on the GPU, as an array of the kind of another. */
function fromElements(from: ArrayBuffer, at: number, like: NumericArray): NumericArray {
  const { length } = like;
  if (like instanceof Uint8Array) return Uint8Array.from(new Uint32Array(from, at, length));
  return like instanceof Int32Array
    ? new Int32Array(from, at, length)
    : new Float32Array(from, at, length);
}
