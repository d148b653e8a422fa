import { sizeOf, type NumericArray, type Value } from '@llm101/wasm/recording';
import { ELEMENT, paddedBytes } from '../plan/places.js';
import { mapBuffer } from './map-buffer.js';
import { TRANSFER } from './usage.js';

/** Buffers that are there from the start: as many runs may be under way without another being made. */
const SLOTS = 6;

/** Bytes of results from which on buffers are made when they are needed: six of all scores of a validation may be too many. */
const LARGE = 2 ** 20;

/** Results on their way back: a buffer each run, used again once its values are read. */
export class Readings {
  readonly #device: GPUDevice;
  readonly #results: readonly Value[];
  readonly #offsets: readonly number[];
  readonly #bytes: number;
  readonly #all: GPUBuffer[] = [];
  readonly #free: GPUBuffer[] = [];

  constructor(device: GPUDevice, results: readonly Value[]) {
    this.#device = device;
    this.#results = results;
    let bytes = 0;
    this.#offsets = results.map((value) => {
      const offset = bytes;
      bytes += paddedBytes(value);
      return offset;
    });
    this.#bytes = Math.max(bytes, ELEMENT);
    const slots = this.#bytes < LARGE ? SLOTS : 1;
    for (let i = 0; i < slots; i++) this.#free.push(this.#make());
  }

  /** A reading of the run that is being encoded. */
  open(): Reading {
    const buffer = this.#free.pop() ?? this.#make();
    return {
      copy: (encoder, i, from, offset) => {
        const bytes = sizeOf(this.#results[i]) * ELEMENT;
        if (bytes > 0) encoder.copyBufferToBuffer(from, offset, buffer, this.#offsets[i], bytes);
      },
      values: () => this.#read(buffer),
    };
  }

  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
  }

  async #read(buffer: GPUBuffer): Promise<NumericArray[]> {
    const mapped = await mapBuffer(buffer, this.#bytes);
    const values = this.#results.map((value, i) => copyOf(mapped, this.#offsets[i], value));
    buffer.unmap();
    this.#free.push(buffer);
    return values;
  }

  #make(): GPUBuffer {
    const buffer = this.#device.createBuffer({
      label: 'results',
      size: this.#bytes,
      usage: TRANSFER,
    });
    this.#all.push(buffer);
    return buffer;
  }
}

/** A run's results. */
export interface Reading {
  /** Encodes the copy of result i, after the kernels. */
  copy(encoder: GPUCommandEncoder, i: number, from: GPUBuffer, offset: number): void;
  /** The values, once the run is submitted and done. */
  values(): Promise<NumericArray[]>;
}

function copyOf(from: ArrayBuffer, at: number, value: Value): NumericArray {
  const size = sizeOf(value);
  switch (value.dtype) {
    case 'float32':
      return new Float32Array(from, at, size).slice();
    case 'int32':
      return new Int32Array(from, at, size).slice();
    case 'bool':
      return Uint8Array.from(new Uint32Array(from, at, size));
    default:
      return value.dtype satisfies never;
  }
}
