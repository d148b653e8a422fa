import type { NamedAttrMap, Variable } from '@tensorflow/tfjs-core';
import type { NumericArray } from '../reference/numeric-array.js';

/** The types of numbers that a compiled step works on. */
export type NumericType = 'float32' | 'int32' | 'bool';

/** What is known of a tensor without its values. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: NumericType;
}

/** Where a value comes from. */
export type Source =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  /** Made within the step from numbers, or computed from such. */
  | { readonly kind: 'constant'; readonly values: NumericArray }
  /** A tensor made before the step, which is no variable. */
  | { readonly kind: 'captured'; readonly dataId: object; readonly values: NumericArray }
  | { readonly kind: 'node' };

/** A tensor of the recording. It never changes: a variable that is assigned to names another value from then on. */
export interface Value extends TensorType {
  readonly id: number;
  readonly source: Source;
}

/** One call of a kernel. */
export interface GraphNode {
  readonly kernel: string;
  /** The kernel's names for its inputs, `['x', 'indices']`; none where it takes a list. */
  readonly names: readonly string[] | undefined;
  readonly inputs: readonly Value[];
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly Value[];
}

/** A variable and the value that it has after the step. */
interface Assignment {
  readonly variable: Variable;
  readonly value: Value;
}

/** A step as a list of kernel calls, each after those whose outputs it reads. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly nodes: readonly GraphNode[];
  readonly assignments: readonly Assignment[];
  readonly results: readonly Value[];
}

/** The kernel's name of a node that costs nothing: another shape for the same values. */
export const VIEW = 'View';

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
