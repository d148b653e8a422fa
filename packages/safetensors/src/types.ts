/** The typed array in which each element type is held; the two 16-bit floats as their raw bits. */
export interface TensorArrays {
  /** IEEE 754 double precision. */
  F64: Float64Array;
  /** IEEE 754 single precision. */
  F32: Float32Array;
  /** IEEE 754 half precision, as raw bits. */
  F16: Uint16Array;
  /** The upper 16 bits of a float32, as raw bits. */
  BF16: Uint16Array;
  /** Signed 64-bit integers. */
  I64: BigInt64Array;
  /** Unsigned 64-bit integers. */
  U64: BigUint64Array;
  /** Signed 32-bit integers. */
  I32: Int32Array;
  /** Unsigned 32-bit integers. */
  U32: Uint32Array;
  /** Signed 16-bit integers. */
  I16: Int16Array;
  /** Unsigned 16-bit integers. */
  U16: Uint16Array;
  /** Signed 8-bit integers. */
  I8: Int8Array;
  /** Unsigned 8-bit integers. */
  U8: Uint8Array;
  /** One byte per element, 0 or 1. */
  BOOL: Uint8Array;
}

/**
 * A tensor: its element type, its shape (`[]` for a scalar) and its elements in row-major order, as many as the
 * product of the shape. Comparing `tensor.dtype` narrows the type of `tensor.data`.
 */
export type TensorData = {
  [D in keyof TensorArrays]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: TensorArrays[D];
  };
}[keyof TensorArrays];

/** The name of an element type, as in a file's header. */
export type Dtype = keyof TensorArrays;

/**
 * The element types that are read and written, in the order in which their tensors are written: larger
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

/** A typed array's constructor over existing memory. */
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

/** A tensor's entry in the header. */
export interface TensorInfo {
  /** The type of its elements. */
  readonly dtype: Dtype;
  /** Its sizes; none for a scalar. */
  readonly shape: readonly number[];
  /** First byte, counted from the file's start. */
  readonly begin: number;
  /** One past the last byte, counted from the file's start. */
  readonly end: number;
}
