import type { Value } from '@llm101/wasm/recording';

/** Memory that a kernel reads or writes. */
export type Operand =
  /** A value that is in memory. */
  | { readonly kind: 'value'; readonly value: Value }
  /** Memory for the kernels of one node alone. */
  | { readonly kind: 'scratch'; readonly value: Value }
  /** Whole numbers that are known once everything has its place, and are written once. */
  | { readonly kind: 'table'; readonly length: number; readonly fill: FillTable }
  /** All that the step makes. */
  | { readonly kind: 'arena' }
  /** All of the buffer that a variable lies in. */
  | { readonly kind: 'slab'; readonly of: Value };

/** The numbers of a table. @param placeOf - where a value begins in its buffer, in elements */
export type FillTable = (placeOf: (value: Value) => number) => Uint32Array;

/** A kernel, and what it is run on. */
export interface Dispatch {
  /** For people. */
  readonly name: string;
  /** WGSL with one entry, `main`, whose bindings are numbered as the operands. */
  readonly code: string;
  readonly operands: readonly Operand[];
  readonly groups: readonly [x: number, y: number, z: number];
}

/** Groups that one dimension may have. */
const MOST_GROUPS = 65_535;

/** A number of groups over two dimensions: group `id.x + id.y * x` may be one too many. */
export function groupsOf(count: number): [x: number, y: number, z: number] {
  if (count <= MOST_GROUPS) return [count, 1, 1];
  const y = Math.ceil(count / MOST_GROUPS);
  return [Math.ceil(count / y), y, 1];
}
