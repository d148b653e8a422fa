import {
  isMovedFrom,
  markWritten,
  ownMemory,
  typeOf,
  viewAt,
  wasmBackend,
  writesTo,
} from '@llm101/wasm/recording';
import type { NumericArray } from '@llm101/wasm/recording';
import type { Variable } from '@tensorflow/tfjs-core';
import { ALIGNMENT, ELEMENT, paddedBytes } from '../plan/places.js';
import { checkTensor, mostBytes } from './check-sizes.js';
import { mapBuffer } from './map-buffer.js';
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
  /** The call that has brought here what tfjs had last, or will. */
  takenAt: number;
  /** The call that has written to it last, or will; none since it was brought back. */
  writtenAt: number | undefined;
}

/** Values of a variable that go to the GPU. */
interface ChangedValues {
  readonly place: VariablePlace;
  readonly values: ReturnType<typeof inElements>;
}

/** What variables had when a run was called for that can't be submitted yet. */
export interface TakenValues {
  /** Brings them to the GPU, before the run or instead of it. */
  write(): void;
  /** To be called once the run is submitted, or has failed. */
  end(): void;
}

/** The variables of one GPU: all steps there share them. */
export class Variables {
  readonly #device: GPUDevice;
  readonly #entries = new Map<Variable, Entry>();
  /** Those that are free again are undefined: their numbers aren't given a second time. */
  readonly #slabs: (GPUBuffer | undefined)[] = [];
  /** What variables come back in; several where one may not be as large. */
  readonly #staging: GPUBuffer[] = [];
  #download: Promise<void> = Promise.resolve();
  /** How many calls there were, and how many of them are submitted: those that wait have taken what they need. */
  #calls = 0;
  #submitted = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /**
   * Gives variables places, those that have none in one buffer or in as few as the GPU allows, and frees the buffers of those that are disposed of.
   *
   * @throws GpuError where one is larger than the GPU allows
   */
  add(variables: Iterable<Variable>): void {
    this.#freeDisposed();
    const { limits } = this.#device;
    const most = mostBytes(limits);
    const added = [...new Set(variables)].filter((variable) => !this.#entries.has(variable));
    for (const variable of added) checkTensor(typeOf(variable), limits);
    let [together, bytes]: [Variable[], number] = [[], 0];
    for (const variable of added) {
      if (bytes + paddedBytes(variable) > most) {
        this.#addSlab(together, bytes);
        [together, bytes] = [[], 0];
      }
      together.push(variable);
      bytes += paddedBytes(variable);
    }
    if (together.length > 0) this.#addSlab(together, bytes);
  }

  #addSlab(variables: readonly Variable[], size: number): void {
    const buffer = this.#device.createBuffer({ label: 'variables', size, usage: STORAGE });
    const slab = this.#slabs.push(buffer) - 1;
    let offset = 0;
    for (const variable of variables) {
      this.#entries.set(variable, {
        buffer,
        slab,
        offset,
        dataId: undefined,
        writes: 0,
        takenAt: 0,
        writtenAt: undefined,
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

  /** Brings to the GPU what has changed in tfjs' memory, for a call that is submitted at once. */
  upload(variables: Iterable<Variable>): void {
    const call = ++this.#calls;
    for (const changed of this.#changed(variables, call)) this.#write(changed);
    this.#submitted = call;
  }

  /** What has changed in tfjs' memory, as it is now, for a call that waits. @param written - what it writes to */
  take(variables: Iterable<Variable>, written: Iterable<Variable>): TakenValues {
    const call = ++this.#calls;
    const changed = Array.from(this.#changed(variables, call), ({ place, values }) => ({
      place,
      values: values.slice(),
    }));
    this.markNewer(written);
    return {
      write: () => {
        for (const one of changed) {
          if (this.#slabs.includes(one.place.buffer)) this.#write(one); // unless all in it are disposed of by now
        }
      },
      end: () => {
        this.#submitted = call;
      },
    };
  }

  #write({ place, values }: ChangedValues): void {
    this.#device.queue.writeBuffer(place.buffer, place.offset, values);
  }

  *#changed(variables: Iterable<Variable>, call: number): Iterable<ChangedValues> {
    const wasm = wasmBackend();
    for (const variable of variables) {
      const entry = this.#entries.get(variable);
      if (entry === undefined) continue;
      checkNotElsewhere(variable, this);
      const { dtype, shape, dataId } = variable;
      if (isAsBefore(variable, entry)) {
        entry.dataId = dataId;
        continue;
      }
      const writes = writesTo(dataId);
      const values = viewAt(wasm, wasm.getMemoryOffset(dataId), {
        dtype: dtype as 'float32',
        shape,
      });
      Object.assign(entry, { dataId, writes, takenAt: call });
      yield { place: entry, values: inElements(values) };
    }
  }

  /** @throws Error where it is the data of a variable of which tfjs has old values */
  checkRead(dataId: object): void {
    for (const variable of this.#entries.keys()) {
      if (variable.dataId !== dataId || !this.isNewer(variable)) continue;
      throw new Error(
        `compile: a step that makes variables or keeps tensors is first run on tfjs' backend, where variable ${variable.name} has old values; await sync() before`,
      );
    }
  }

  /** Whether a step here has written to a variable since tfjs had it, or will; not where tfjs has assigned to it after that. */
  isNewer(variable: Variable): boolean {
    const entry = this.#entries.get(variable);
    if (entry === undefined) return false;
    return isWritten(entry) && isAsBefore(variable, entry);
  }

  /**
   * Remembers that the last call writes to variables here, which {@link upload} or {@link take} has seen. Each gets memory of its own in tfjs, so that
   * what had the same is other data, and it shows where that is assigned to it.
   */
  markNewer(variables: Iterable<Variable>): void {
    const wasm = wasmBackend();
    for (const variable of variables) {
      const entry = this.#entries.get(variable);
      if (entry === undefined) continue;
      entry.writtenAt = this.#calls;
      writers.set(variable, this);
      const { dataId } = variable;
      ownMemory(wasm, variable);
      if (entry.dataId === dataId) entry.dataId = variable.dataId;
    }
  }

  /** Brings to tfjs' memory what steps here have written; what tfjs assigns meanwhile stays. One after the other, as they share memory. */
  download(): Promise<void> {
    const done = this.#download.then(() => this.#downloadNow());
    this.#download = done.catch(() => {});
    return done;
  }

  async #downloadNow(): Promise<void> {
    const submitted = this.#submitted;
    const newer = [...this.#entries].filter(
      ([variable, entry]) => isWritten(entry) && entry.takenAt <= submitted && !variable.isDisposed,
    );
    if (newer.length === 0) return;
    const encoder = this.#device.createCommandEncoder({ label: 'variables' });
    const { maxBufferSize } = this.#device.limits;
    const sizes: number[] = [0]; // of the buffers that they come in
    const parts = newer.map(([variable, entry]) => {
      const bytes = paddedBytes(variable);
      if (sizes[sizes.length - 1] + bytes > maxBufferSize) sizes.push(0);
      const buffer = sizes.length - 1;
      const at = sizes[buffer];
      sizes[buffer] += bytes;
      const { dataId, writes, writtenAt = 0 } = entry; // a call meanwhile may take what tfjs assigns
      if (writtenAt <= submitted) entry.writtenAt = undefined;
      return { variable, entry, dataId, writes, buffer, at };
    });
    const staging = sizes.map((size, i) => this.#stagingOf(i, size));
    for (const { variable, entry, buffer, at } of parts) {
      const bytes = Math.max(variable.size, 1) * ELEMENT;
      encoder.copyBufferToBuffer(entry.buffer, entry.offset, staging[buffer], at, bytes);
    }
    this.#device.queue.submit([encoder.finish()]);
    try {
      const mapped = await Promise.all(staging.map((each, i) => mapBuffer(each, sizes[i])));
      for (const part of parts) bringBack(part, mapped[part.buffer]);
    } finally {
      for (const each of staging) each.unmap();
    }
  }

  /** Frees all; what steps have written is gone. */
  dispose(): void {
    for (const slab of this.#slabs) slab?.destroy();
    for (const each of this.#staging) each.destroy();
    this.#entries.clear();
  }

  #stagingOf(i: number, bytes: number): GPUBuffer {
    const known = this.#staging.at(i);
    if (known !== undefined && known.size >= bytes) return known;
    known?.destroy();
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const made = this.#device.createBuffer({ label: 'variables, read', size, usage: TRANSFER });
    this.#staging[i] = made;
    return made;
  }
}

/** A variable's values that are on their way back, and what tfjs had when they left. */
interface Part extends Pick<Entry, 'dataId' | 'writes'> {
  readonly variable: Variable;
  readonly entry: Entry;
  /** Where they are in what comes, in bytes. */
  readonly at: number;
}

/** Gives tfjs' memory the values that came, unless something was assigned to the variable meanwhile. */
function bringBack({ variable, entry, at, ...before }: Part, mapped: ArrayBuffer): void {
  if (variable.isDisposed || !isAsBefore(variable, before)) return;
  const wasm = wasmBackend();
  ownMemory(wasm, variable);
  const { dtype, shape, dataId } = variable;
  const target = viewAt(wasm, wasm.getMemoryOffset(dataId), { dtype: dtype as 'float32', shape });
  target.set(fromElements(mapped, at, target));
  markWritten(dataId);
  Object.assign(entry, { dataId, writes: writesTo(dataId) });
}

/** Whether a call writes to a variable, and none takes what tfjs has after that. */
const isWritten = ({ takenAt, writtenAt = -1 }: Entry): boolean => writtenAt >= takenAt;

/** The GPU that has written to each variable last. */
const writers = new WeakMap<Variable, Variables>();

/** @throws Error where a variable's values are on another GPU alone */
function checkNotElsewhere(variable: Variable, here: Variables): void {
  const writer = writers.get(variable);
  if (writer === undefined || writer === here || !writer.isNewer(variable)) return;
  throw new Error(
    `compile: variable ${variable.name} has values that are on another GPU alone; await sync() of a step there before`,
  );
}

/** Whether tfjs' memory has of a variable what it had; where that lies may be elsewhere. */
function isAsBefore({ dataId }: Variable, before: Pick<Entry, 'dataId' | 'writes'>): boolean {
  if (before.dataId === undefined || !isMovedFrom(dataId, before.dataId)) return false;
  return writesTo(dataId) === before.writes;
}

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
