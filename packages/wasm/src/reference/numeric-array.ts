/** The typed arrays that tensors of `float32`, `int32` and `bool` live in. */
export type NumericArray = Float32Array | Int32Array | Uint8Array;
