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

/** A number as a float32 literal, or an expression for what has none. */
export function float(x: number): string {
  const rounded = Math.fround(x);
  if (Number.isNaN(rounded)) return 'bitcast<f32>(0x7fc00000u + zero)';
  if (rounded === Infinity) return 'bitcast<f32>(0x7f800000u + zero)';
  if (rounded === -Infinity) return 'bitcast<f32>(0xff800000u + zero)';
  if (Object.is(rounded, -0)) return 'bitcast<f32>(0x80000000u + zero)';
  const text =
    Number.isInteger(rounded) && Math.abs(rounded) < 2 ** 24 ? `${rounded}.0` : String(rounded);
  return rounded < 0 ? `(${text}f)` : `${text}f`;
}

/** A number as a literal of a value's type. */
export function literal(x: number, { dtype }: Pick<Value, 'dtype'>): string {
  if (dtype === 'bool') return x === 0 ? 'false' : 'true';
  if (dtype === 'float32') return float(x);
  return x === -(2 ** 31) ? '(-2147483647i - 1i)' : x < 0 ? `(${x}i)` : `${x}i`;
}

/** Whether all numbers are the same: such a constant is a literal. */
export function isSplat(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false;
  return values.length > 0;
}
