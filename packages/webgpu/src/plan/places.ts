import { sizeOf, type Value } from '@llm101/wasm/recording';
import type { Variable } from '@tensorflow/tfjs-core';

/** Where a value lies. */
export type Place =
  /** So many bytes into one of the arenas, which hold what the step makes. */
  | { readonly kind: 'arena'; readonly arena: number; readonly offset: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'constant'; readonly value: Value };

/** Bytes of an element. */
export const ELEMENT = 4;

/** Places in a buffer are multiples of this many bytes. */
export const ALIGNMENT = 256;

/** The bytes that a value takes, with what is left free behind it. */
export const paddedBytes = (value: Pick<Value, 'shape'>): number =>
  Math.max(1, Math.ceil((sizeOf(value) * ELEMENT) / ALIGNMENT)) * ALIGNMENT;
