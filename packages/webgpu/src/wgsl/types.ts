import type { NumericType, Value } from '@llm101/wasm/recording';

/** What the elements of a value are in memory: a bool is a 0 or a 1. */
export function elementOf({ dtype }: Pick<Value, 'dtype'>): 'f32' | 'i32' | 'u32' {
  return ELEMENTS[dtype];
}

const ELEMENTS = { float32: 'f32', int32: 'i32', bool: 'u32' } as const satisfies Record<
  NumericType,
  string
>;

/** What expressions of a value are. */
export function expressionType({ dtype }: Pick<Value, 'dtype'>): 'f32' | 'i32' | 'bool' {
  return dtype === 'bool' ? 'bool' : ELEMENTS[dtype];
}

/**
 * A number as a float32 literal. Those that a compiler would leave out, as 0 in products, or refuse to compute with, as what becomes infinite, are
 * expressions that it can't see through.
 */
export function float(x: number): string {
  const rounded = Math.fround(x);
  if (rounded === 0 || !(Math.abs(rounded) < 2 ** 63)) {
    const [bits] = new Uint32Array(Float32Array.of(rounded).buffer);
    return `bitcast<f32>(${bits}u + zero)`;
  }
  const text =
    Number.isInteger(rounded) && Math.abs(rounded) < 2 ** 24 ? `${rounded}.0` : String(rounded);
  return rounded < 0 ? `(${text}f)` : `${text}f`;
}

/** A number as a literal of a value's type. */
export function literal(x: number, { dtype }: Pick<Value, 'dtype'>): string {
  if (dtype === 'bool') return x === 0 ? 'false' : 'true';
  if (dtype === 'float32') return float(x);
  const n = x | 0; // as an Int32Array has it
  return n === -(2 ** 31) ? '(-2147483647i - 1i)' : n < 0 ? `(${n}i)` : `${n}i`;
}

/** Whether all numbers are the same: such a constant is a literal. */
export function isSplat(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false;
  return values.length > 0;
}
