import { engine, Tensor } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { bytesOf, isNumeric, sizeOf, type TensorType } from '../../kernels/tensor-type.js';
import { heapOf } from '../../kernels/wasm-memory.js';

/** The values of an argument without a tensor, row-major. */
export interface TensorValues {
  /** As many as the product of the shape. */
  readonly values: Float32Array | Int32Array;
  /** Its sizes. */
  readonly shape: readonly number[];
}

/** What a compiled step takes for a tensor: one, its values, or a number for a float32 scalar. */
export type Feed = Tensor | TensorValues | number;

/** @throws TypeError or RangeError naming the first argument that can't be one */
export function checkFeeds(feeds: readonly Feed[]): void {
  for (const [i, feed] of feeds.entries()) {
    if (typeof feed === 'number') continue;
    if (feed instanceof Tensor) {
      if (feed.isDisposed) {
        throw new RangeError(`compile: argument ${i + 1} must be alive; it has been disposed of`);
      }
      if (!isNumeric(feed.dtype)) {
        throw new TypeError(
          `compile: argument ${i + 1} must be float32, int32 or bool; got ${feed.dtype}`,
        );
      }
      continue;
    }
    if (!isValues(feed)) {
      throw new TypeError(
        `compile: argument ${i + 1} must be a tensor, a number or { values, shape } with a Float32Array or Int32Array; got ${typeof feed}`,
      );
    }
    if (feed.values.length !== sizeOf(feed)) {
      throw new RangeError(
        `compile: argument ${i + 1} must have ${sizeOf(feed)} values for shape [${feed.shape.join()}]; got ${feed.values.length}`,
      );
    }
  }
}

function isValues(feed: unknown): feed is TensorValues {
  if (typeof feed !== 'object' || feed === null) return false;
  const { values, shape } = feed as Partial<TensorValues>;
  return (values instanceof Float32Array || values instanceof Int32Array) && Array.isArray(shape);
}

/** Shape and type of an argument that has been checked. */
export function typeOf(feed: Feed): TensorType {
  if (typeof feed === 'number') return { shape: [], dtype: 'float32' };
  if (feed instanceof Tensor) {
    const { shape, dtype } = feed;
    return { shape, dtype: isNumeric(dtype) ? dtype : 'float32' };
  }
  return { shape: feed.shape, dtype: feed.values instanceof Float32Array ? 'float32' : 'int32' };
}

/** Whether an argument has that shape and type. */
export function hasType(feed: Feed, { shape, dtype }: TensorType): boolean {
  if (typeof feed === 'number') return dtype === 'float32' && shape.length === 0;
  const given = feed.shape;
  if (given.length !== shape.length) return false;
  for (let i = 0; i < shape.length; i++) if (given[i] !== shape[i]) return false;
  if (feed instanceof Tensor) return feed.dtype === dtype;
  if (feed.values.length !== sizeOf(feed)) return false;
  return dtype === (feed.values instanceof Float32Array ? 'float32' : 'int32');
}

/** Writes an argument's values to an address. */
export function writeFeed(wasm: BackendWasm, feed: Feed, address: number): void {
  const heap = heapOf(wasm);
  if (typeof feed === 'number') heap.HEAPF32[address >>> 2] = feed;
  else if (feed instanceof Tensor) {
    const from = wasm.getMemoryOffset(feed.dataId);
    heap.HEAPU8.copyWithin(address, from, from + bytesOf(typeOf(feed)));
  } else if (feed.values instanceof Float32Array) heap.HEAPF32.set(feed.values, address >>> 2);
  else heap.HEAP32.set(feed.values, address >>> 2);
}

/** A tensor with an argument's values in memory of its own. The caller disposes of it. */
export function feedTensor(wasm: BackendWasm, feed: Feed): Tensor {
  const type = typeOf(feed);
  const info = wasm.makeOutput([...type.shape], type.dtype);
  writeFeed(wasm, feed, wasm.getMemoryOffset(info.dataId));
  return engine().makeTensorFromTensorInfo(info);
}
