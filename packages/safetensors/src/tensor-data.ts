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
  /** 64 bits with a sign. */
  I64: BigInt64Array;
  /** 64 bits without a sign. */
  U64: BigUint64Array;
  /** 32 bits with a sign. */
  I32: Int32Array;
  /** 32 bits without a sign. */
  U32: Uint32Array;
  /** 16 bits with a sign. */
  I16: Int16Array;
  /** 16 bits without a sign. */
  U16: Uint16Array;
  /** 8 bits with a sign. */
  I8: Int8Array;
  /** 8 bits without a sign. */
  U8: Uint8Array;
  /** A byte an element, 0 or 1. */
  BOOL: Uint8Array;
}

/**
 * A tensor: its element type, its shape (`[]` for a scalar) and its elements in row-major order, as many as the
 * product of the shape. Asking for `tensor.dtype` tells TypeScript which array `tensor.data` is.
 */
export type TensorData = {
  [D in keyof TensorArrays]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: TensorArrays[D];
  };
}[keyof TensorArrays];
