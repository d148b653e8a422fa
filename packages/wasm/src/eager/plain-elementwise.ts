import {
  backend_util,
  upcastType,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  isNumeric,
  sizeOf,
  stridesOf,
  type NumericArray,
  type NumericType,
} from '../kernels/tensor-type.js';
import { describeValue } from '../ops/own-op.js';

/** What a kernel makes of one value. */
type OneValue = (x: number, attrs: NamedAttrMap) => number;

/** Like tfjs' CPU backend, whose results have the type of what they are of where nothing else is said. */
interface Unary {
  readonly of: OneValue;
  readonly dtype?: NumericType;
}

/** Below this, 1 + e^x is 1 in single precision, and above its negative e^x. */
const SOFTPLUS_END = Math.log(2 ** -23) + 2;

/** Half to even. */
function round(x: number): number {
  const base = Math.floor(x);
  if (x - base !== 0.5) return Math.round(x);
  return base % 2 === 0 ? base : base + 1;
}

function softplus(x: number): number {
  if (x < SOFTPLUS_END) return Math.exp(x);
  return x > -SOFTPLUS_END ? x : Math.log(1 + Math.exp(x));
}

function modulo(x: number, y: number): number {
  const rest = x % y;
  return (x < 0 && y < 0) || (x >= 0 && y >= 0) ? rest : (rest + y) % y;
}

/** Kernels of one tensor, value by value, in double precision. */
export const unaryKernels: Readonly<Record<string, Unary>> = {
  Abs: { of: Math.abs },
  Acos: { of: Math.acos },
  Acosh: { of: Math.acosh },
  Asin: { of: Math.asin },
  Asinh: { of: Math.asinh },
  Atan: { of: Math.atan },
  Atanh: { of: Math.atanh },
  Ceil: { of: Math.ceil },
  ClipByValue: {
    of: (x, { clipValueMin, clipValueMax }) => {
      if (x > Number(clipValueMax)) return Number(clipValueMax);
      return x < Number(clipValueMin) ? Number(clipValueMin) : x;
    },
  },
  Cos: { of: Math.cos },
  Cosh: { of: Math.cosh },
  Elu: { of: (x) => (x >= 0 ? x : Math.expm1(x)) },
  Exp: { of: Math.exp, dtype: 'float32' },
  Expm1: { of: Math.expm1 },
  Floor: { of: Math.floor },
  IsFinite: { of: (x) => Number(Number.isFinite(x)), dtype: 'bool' },
  IsInf: { of: (x) => Number(Math.abs(x) === Infinity), dtype: 'bool' },
  IsNan: { of: (x) => Number(Number.isNaN(x)), dtype: 'bool' },
  LeakyRelu: { of: (x, { alpha }) => (x < 0 ? Number(alpha) * x : x), dtype: 'float32' },
  Log: { of: Math.log },
  Log1p: { of: Math.log1p },
  LogicalNot: { of: (x) => (x ? 0 : 1), dtype: 'bool' },
  Neg: { of: (x) => -x },
  Reciprocal: { of: (x) => 1 / x },
  Relu: { of: (x) => (x < 0 ? 0 : x) },
  Relu6: { of: (x) => (x < 0 ? 0 : Math.min(x, 6)) },
  Round: { of: round },
  Rsqrt: { of: (x) => 1 / Math.sqrt(x) },
  Selu: {
    of: (x) =>
      x >= 0 ? backend_util.SELU_SCALE * x : backend_util.SELU_SCALEALPHA * Math.expm1(x),
  },
  Sigmoid: { of: (x) => 1 / (1 + Math.exp(-x)) },
  Sign: { of: (x) => Number(x > 0) - Number(x < 0) },
  Sin: { of: Math.sin },
  Sinh: { of: Math.sinh },
  Softplus: { of: softplus },
  Sqrt: { of: Math.sqrt },
  Square: { of: (x) => x * x },
  Step: { of: (x, { alpha }) => (Number.isNaN(x) ? x : x > 0 ? 1 : Number(alpha)) },
  Tan: { of: Math.tan },
  Tanh: { of: Math.tanh },
};

/** Like tfjs' CPU backend; the type is that which holds both operands where nothing else is said. */
interface Binary {
  readonly of: (x: number, y: number) => number;
  readonly dtype?: NumericType;
}

/** Kernels of two tensors, value by value. */
export const binaryKernels: Readonly<Record<string, Binary>> = {
  Add: { of: (x, y) => x + y },
  Atan2: { of: Math.atan2 },
  BitwiseAnd: { of: (x, y) => x & y },
  Equal: { of: (x, y) => Number(x === y), dtype: 'bool' },
  FloorDiv: { of: (x, y) => Math.floor(x / y), dtype: 'int32' },
  Greater: { of: (x, y) => Number(x > y), dtype: 'bool' },
  GreaterEqual: { of: (x, y) => Number(x >= y), dtype: 'bool' },
  Less: { of: (x, y) => Number(x < y), dtype: 'bool' },
  LessEqual: { of: (x, y) => Number(x <= y), dtype: 'bool' },
  LogicalAnd: { of: (x, y) => (x && y ? 1 : 0), dtype: 'bool' },
  LogicalOr: { of: (x, y) => (x || y ? 1 : 0), dtype: 'bool' },
  LogicalXor: { of: (x, y) => Number(Boolean(x) !== Boolean(y)), dtype: 'bool' },
  Maximum: { of: (x, y) => Math.max(x, y) },
  Minimum: { of: (x, y) => Math.min(x, y) },
  Mod: { of: modulo },
  Multiply: { of: (x, y) => x * y },
  NotEqual: { of: (x, y) => Number(x !== y), dtype: 'bool' },
  Pow: { of: (x, y) => x ** y },
  Prelu: { of: (x, alpha) => (x < 0 ? alpha * x : x), dtype: 'float32' },
  RealDiv: { of: (x, y) => x / y },
  SquaredDifference: { of: (x, y) => (x - y) ** 2 },
  Sub: { of: (x, y) => x - y },
};

/** tfjs' operations have checked that their kernels' inputs are there. */
export const given = (inputs: NamedTensorInfoMap): Readonly<Record<string, TensorInfo>> =>
  inputs as Readonly<Record<string, TensorInfo>>;

/** The numbers of a tensor. They are to be taken after the output's allocation, which may have moved the heap. */
export const numbersOf = (wasm: BackendWasm, info: TensorInfo): NumericArray =>
  wasm.typedArrayFromHeap(info);

/** What goes into a result. Where that is bool, whether the whole part isn't 0: the CPU backend leaves a 2 or a 255 there. */
const fitting = ({ dtype }: TensorInfo): ((value: number) => number) =>
  dtype === 'bool' ? (value) => Number((value | 0) !== 0) : (value) => value;

/** A kernel of one tensor, in JavaScript. */
export function plainUnary({ of, dtype }: Unary): KernelFunc {
  return ({ inputs, attrs = {}, backend }) => {
    const { x } = given(inputs);
    const wasm = backend as BackendWasm; // the one it is registered for
    const out = wasm.makeOutput([...x.shape], dtype ?? x.dtype);
    const [from, to] = [numbersOf(wasm, x), numbersOf(wasm, out)];
    const fit = fitting(out);
    for (let i = 0; i < to.length; i++) to[i] = fit(of(from[i], attrs));
    return out;
  };
}

/** A kernel of two tensors that are broadcast, in JavaScript. */
export function plainBinary({ of, dtype }: Binary, names: readonly [string, string]): KernelFunc {
  return ({ inputs, backend }) => {
    const wasm = backend as BackendWasm; // the one it is registered for
    const [a, b] = names.map((name) => given(inputs)[name]);
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const out = wasm.makeOutput(shape, dtype ?? upcastType(a.dtype, b.dtype));
    const [x, y, to] = [a, b, out].map((info) => numbersOf(wasm, info));
    const [xAt, yAt] = [a, b].map((info) => placesIn(info.shape, shape));
    const fit = fitting(out);
    for (let i = 0; i < to.length; i++) to[i] = fit(of(x[xAt(i)], y[yAt(i)]));
    return out;
  };
}

/** Where in an operand the i-th value of a result is that it is broadcast to. */
function placesIn(shape: readonly number[], result: readonly number[]): (i: number) => number {
  const size = sizeOf({ shape });
  if (size === sizeOf({ shape: result })) return (i) => i;
  if (size === 1) return () => 0;
  const skipped = result.length - shape.length;
  const own = stridesOf(shape);
  const axes = stridesOf(result).flatMap((stride, axis) => {
    const at = axis - skipped;
    return at < 0 || shape[at] === 1 ? [] : [{ stride, size: result[axis], own: own[at] }];
  });
  return (i) => {
    let place = 0;
    for (const axis of axes) place += (Math.floor(i / axis.stride) % axis.size) * axis.own;
    return place;
  };
}

/** The type that a kernel is to make. */
function typeIn(kernel: string, attrs: NamedAttrMap | undefined): NumericType {
  const dtype = attrs?.['dtype'];
  if (typeof dtype === 'string' && isNumeric(dtype)) return dtype;
  throw new RangeError(
    `${kernel}: dtype must be float32, int32 or bool on this backend; got ${describeValue(dtype)}`,
  );
}

/** `tf.cast`: NaN is true, and 0 as int32; what int32 can't hold is taken modulo 2^32; infinities are 0. */
export const plainCast: KernelFunc = ({ inputs, attrs, backend }) => {
  const { x } = given(inputs);
  const wasm = backend as BackendWasm; // the one it is registered for
  const dtype = typeIn('Cast', attrs);
  const out = wasm.makeOutput([...x.shape], dtype);
  const [from, to] = [numbersOf(wasm, x), numbersOf(wasm, out)];
  if (dtype === 'bool') for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  else to.set(from);
  return out;
};

/** `tf.oneHot`; an index out of range has no place in its row. */
export const plainOneHot: KernelFunc = ({ inputs, attrs = {}, backend }) => {
  const { indices } = given(inputs);
  const wasm = backend as BackendWasm; // the one it is registered for
  const { depth, onValue = 1, offValue = 0 } = attrs;
  const size = Number(depth);
  const out = wasm.makeOutput([...indices.shape, size], typeIn('OneHot', attrs));
  const [ids, to] = [numbersOf(wasm, indices), numbersOf(wasm, out)];
  const [on, off] = [onValue, offValue].map(Number).map(fitting(out));
  to.fill(off);
  for (const [i, id] of ids.entries()) if (id >= 0 && id < size) to[i * size + id] = on;
  return out;
};

/** `tf.where`: a condition of rank 1 chooses rows. */
export const plainSelect: KernelFunc = ({ inputs, backend }) => {
  const { condition, t, e } = given(inputs);
  const wasm = backend as BackendWasm; // the one it is registered for
  const out = wasm.makeOutput([...t.shape], upcastType(t.dtype, e.dtype));
  const [chosen, yes, no, to] = [condition, t, e, out].map((info) => numbersOf(wasm, info));
  const width = to.length / Math.max(chosen.length, 1);
  for (let i = 0; i < to.length; i++) to[i] = chosen[Math.floor(i / width)] ? yes[i] : no[i];
  return out;
};
