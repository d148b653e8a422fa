import { sizeOf, type Value } from '../graph.js';

/** How an operand lies under an output. */
export type BroadcastForm =
  /** As long as the output. */
  | { readonly kind: 'full' }
  /** One value for all. */
  | { readonly kind: 'single' }
  /** `size` values, repeated over and over. */
  | { readonly kind: 'row'; readonly size: number }
  /** `size` values, each repeated as often as follow one another. */
  | { readonly kind: 'column'; readonly size: number }
  | { readonly kind: 'other' };

/** The form of an operand that is broadcast to an output's shape. A constant of equal values is a single one. */
export function broadcastForm(operand: Value, output: Value): BroadcastForm {
  const size = sizeOf(operand);
  if (size === 1 || isSplat(operand)) return { kind: 'single' };
  if (size === sizeOf(output)) return { kind: 'full' };
  const shape = [
    ...Array.from({ length: output.shape.length - operand.shape.length }, () => 1),
    ...operand.shape,
  ];
  const first = shape.findIndex((length) => length !== 1);
  const last = shape.findLastIndex((length) => length !== 1);
  const isWhole = (from: number, to: number): boolean =>
    shape.slice(from, to).every((length, i) => length === output.shape[from + i]);
  if (isWhole(first, shape.length)) return { kind: 'row', size };
  if (output.shape.slice(0, first).every((length) => length === 1) && isWhole(0, last + 1)) {
    return { kind: 'column', size };
  }
  return { kind: 'other' };
}

function isSplat({ source }: Value): boolean {
  if (source.kind !== 'constant') return false;
  const [first] = source.values;
  return first !== undefined && source.values.every((value) => Object.is(value, first));
}
