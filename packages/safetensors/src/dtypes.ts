import type { TensorArrays } from './tensor-data.js';

/** The name of an element type, as it stands in a file's header. */
export type Dtype = keyof TensorArrays;

/**
 * The element types that are read and written, in the order in which their tensors stand in a file: larger
 * elements first, so that each tensor is aligned to the size of its elements.
 *
 * Source: the reverse of `enum Dtype` in the reference implementation (huggingface/safetensors 0.8, `tensor.rs`).
 */
export const DTYPES = [
  'U64',
  'I64',
  'F64',
  'F32',
  'U32',
  'I32',
  'BF16',
  'F16',
  'U16',
  'I16',
  'I8',
  'U8',
  'BOOL',
] as const satisfies readonly Dtype[];

/** The class of a typed array over memory that is there already. */
interface ArrayType<T> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
}

/** The typed array that holds the elements of each type. */
export const ARRAY_TYPES: { readonly [D in Dtype]: ArrayType<TensorArrays[D]> } = {
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  I32: Int32Array,
  BF16: Uint16Array,
  F16: Uint16Array,
  U16: Uint16Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** Whether this package knows the element type `name`. */
export function isDtype(name: unknown): name is Dtype {
  return DTYPES.some((dtype) => dtype === name);
}
