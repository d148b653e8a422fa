/** The typed arrays that tensors of `float32`, `int32` and `bool` live in. */
export type NumericArray = Float32Array | Int32Array | Uint8Array;

/** Whether a compiled step can hold tensors of this type. */
export function isNumeric(dtype: string): dtype is NumericType {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}

/** The types of numbers that a compiled step works on. */
export type NumericType = 'float32' | 'int32' | 'bool';

/** What is known of a tensor without its values. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: NumericType;
}

/** How many numbers a tensor of this type holds. */
export function sizeOf({ shape }: Pick<TensorType, 'shape'>): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** How many bytes its values take. */
export function bytesOf(type: TensorType): number {
  return sizeOf(type) * (type.dtype === 'bool' ? 1 : 4);
}

/** Whether two tensors have the same shape. */
export function sameShape(a: Pick<TensorType, 'shape'>, b: Pick<TensorType, 'shape'>): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
}

/** How many elements apart neighbours along each axis are, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}
