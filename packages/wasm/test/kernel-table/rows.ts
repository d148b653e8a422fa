import { engine, type DataType, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import { count } from '../values.js';

/** What a tensor is filled with. */
export type Fill =
  /** Between -2 and 2; int32 from -5 to 5; bool both. */
  | 'waves'
  /** Above 0. */
  | 'positive'
  /** Zeros, infinities, NaN, subnormal and largest numbers; the ends of int32. */
  | 'extreme'
  /** From 0 on, below a number. */
  | { readonly below: number }
  | readonly number[];

export interface Input {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly fill: Fill;
}

/** How one kernel is tried: each case is a list of inputs. */
export interface Row {
  readonly cases: readonly (readonly Input[])[];
  readonly f: (...inputs: Tensor[]) => Tensor | Tensor[];
  /** What the CPU backend computes instead, where it lacks the kernel or its own is wrong. */
  readonly reference?: (...inputs: Tensor[]) => Tensor | Tensor[];
  /** Relative to the largest value, and to each; default 2e-6. */
  readonly within?: number;
  /** Whether the gradients for the float32 inputs are compared; default: where there are such. */
  readonly gradient?: boolean;
  /** Whether a compiled step is tried too; default: yes. Strings can't be compiled, nor shapes that depend on data. */
  readonly compiled?: boolean;
  /** The error that the call ends in here, whatever the CPU backend does. */
  readonly refused?: string;
}

const FLOATS = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  1e-40,
  3.4e38,
  -3.4e38,
  0.5,
  -0.5,
  2.5,
  -1.5,
  88,
  -88,
  256,
  1e10,
  -1e10,
  7,
  2 ** 31,
  -(2 ** 31),
];
const INTEGERS = [
  0,
  1,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  5,
  -7,
  3,
  2,
  16,
  31,
  100,
  -100,
  7,
  46_340,
  2 ** 24 + 1,
];

/** The values of an input; another salt gives others. */
export function fillValues({ shape, dtype, fill }: Input, salt: number): number[] {
  const at = (i: number): number => Math.sin(12.9898 * (i + 1) + salt * 78.233);
  return Array.from({ length: count(shape) }, (_, i) => {
    if (Array.isArray(fill)) return (fill as number[])[i % fill.length];
    if (typeof fill === 'object' && 'below' in fill) return (i * 7 + salt * 3) % fill.below;
    if (dtype === 'bool') return at(i) > 0 ? 1 : 0;
    const isInt = dtype === 'int32';
    if (fill === 'extreme') {
      const values = isInt ? INTEGERS : FLOATS;
      return values[(i * (1 + salt * 2) + salt * 5) % values.length];
    }
    if (fill === 'positive') return isInt ? 1 + Math.floor(2.5 + 2.5 * at(i)) : 1.1 + at(i);
    return isInt ? Math.round(5 * at(i)) : 2 * at(i);
  });
}

/** An input; default: waves of float32. */
export const of = (
  shape: readonly number[],
  dtype: DataType = 'float32',
  fill: Fill = 'waves',
): Input => ({
  shape,
  dtype,
  fill,
});

export const ids = (shape: readonly number[], below: number): Input =>
  of(shape, 'int32', { below });

/** Shapes around the widths of registers, of nothing, and of each rank. */
export const SHAPES: readonly number[][] = [
  [],
  [0],
  [1],
  [3],
  [4],
  [5],
  [15],
  [16],
  [17],
  [33],
  [0, 3],
  [2, 3],
  [2, 3, 4],
  [2, 1, 3, 2],
  [2, 1, 3, 1, 2],
  [1, 2, 1, 3, 1, 2],
];

export const NUMERIC = ['float32', 'int32', 'bool'] as const;

/** One input of each type and shape. */
export const each = (
  dtypes: readonly DataType[] = NUMERIC,
  shapes: readonly number[][] = SHAPES,
  fill: Fill = 'waves',
): Input[][] => dtypes.flatMap((dtype) => shapes.map((shape) => [of(shape, dtype, fill)]));

/** Pairs of shapes that are broadcast. */
const PAIRS: readonly (readonly [number[], number[]])[] = [
  ...SHAPES.map((shape): [number[], number[]] => [shape, shape]),
  [[17], []],
  [[], [17]],
  [[3, 5], [5]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [3, 1],
    [1, 5],
  ],
  [[5], [3, 5]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 1, 2, 1, 3],
    [2, 2, 1, 2, 1],
  ],
  [
    [1, 2, 1, 3, 1, 2],
    [2, 1],
  ],
  [[0, 3], [3]],
  [
    [0, 1],
    [1, 3],
  ],
];

export const pairs = (
  dtypes: readonly DataType[] = NUMERIC,
  fill: Fill = 'waves',
  second: Fill = fill,
): Input[][] =>
  dtypes.flatMap((dtype) => PAIRS.map(([a, b]) => [of(a, dtype, fill), of(b, dtype, second)]));

/** A kernel by its name. */
export const kernel = (
  name: string,
  inputs: Record<string, Tensor>,
  attrs: NamedAttrMap = {},
): Tensor[] => [engine().runKernel(name, inputs, attrs)].flat();
