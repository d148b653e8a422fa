import * as tf from '@tensorflow/tfjs-core';
import { each, NUMERIC, of, pairs, type Row } from './rows.js';

type Of = (x: tf.Tensor) => tf.Tensor;

/** Value by value, of every type, of extremes too. */
const unary = (f: Of, more: Partial<Row> = {}): Row[] => [
  { cases: each(NUMERIC), f, ...more },
  { cases: each(NUMERIC, [[5], [22], [33], [4, 11]], 'extreme'), f, gradient: false, ...more },
];
/** Of float32 alone: tfjs-core refuses other types. */
const floats = (f: Of, more: Partial<Row> = {}): Row[] => [
  { cases: each(['float32']), f, ...more },
  { cases: each(['float32'], [[5], [22], [33], [4, 11]], 'extreme'), f, gradient: false, ...more },
];
const logic = (f: Of): Row[] => [{ cases: each(['bool']), f }];

type OfTwo = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

const binary = (f: OfTwo, more: Partial<Row> = {}): Row[] => [
  { cases: pairs(['float32', 'bool']), f, ...more },
  { cases: pairs(['int32']), f, ...more },
  { cases: pairs(['float32'], 'extreme'), f, gradient: false, ...more },
];
const withIntegers = (f: OfTwo, more: Partial<Row> = {}): Row[] => [
  ...binary(f, more),
  { cases: pairs(['int32'], 'extreme'), f, ...more },
];
/** int32 wraps around in ours, as in C; the CPU backend rounds to float64 on the way. */
const exactIntegers = (f: OfTwo, exact: readonly number[]): Row => ({
  cases: [
    [of([4], 'int32', [2 ** 31 - 1, -(2 ** 31), 65_537, -7]), of([4], 'int32', [3, 5, 65_539, 9])],
  ],
  f,
  reference: () => tf.tensor1d([...exact], 'int32'),
});

export const elementwise: Readonly<Record<string, readonly Row[]>> = {
  Abs: [
    ...unary(tf.abs).slice(0, 1),
    { cases: each(['float32', 'bool'], [[22], [33]], 'extreme'), f: tf.abs, gradient: false },
    {
      cases: [[of([3], 'int32', [2 ** 31 - 1, -(2 ** 31) + 1, -5])]],
      f: tf.abs,
      reference: () => tf.tensor1d([2 ** 31 - 1, 2 ** 31 - 1, 5], 'int32'),
    },
  ],
  Acos: unary(tf.acos),
  Acosh: unary(tf.acosh),
  Asin: unary(tf.asin),
  Asinh: unary(tf.asinh),
  Atan: unary(tf.atan),
  Atanh: unary(tf.atanh),
  Ceil: unary(tf.ceil),
  ClipByValue: [
    ...unary((x) => tf.clipByValue(x, -1, 1.5)),
    ...unary((x) => tf.clipByValue(x, -Infinity, 0)),
  ],
  Cos: floats(tf.cos),
  Cosh: floats(tf.cosh),
  Elu: floats(tf.elu),
  Erf: floats(tf.erf),
  Exp: unary(tf.exp),
  Expm1: unary(tf.expm1),
  Floor: unary(tf.floor),
  IsFinite: unary(tf.isFinite),
  IsInf: unary(tf.isInf),
  IsNan: unary(tf.isNaN),
  LeakyRelu: unary((x) => tf.leakyRelu(x, 0.3)),
  Log: floats(tf.log),
  Log1p: unary(tf.log1p),
  LogicalNot: logic(tf.logicalNot),
  Neg: unary(tf.neg),
  Reciprocal: unary(tf.reciprocal),
  Relu: unary(tf.relu),
  Relu6: unary(tf.relu6),
  Round: unary(tf.round),
  Rsqrt: floats(tf.rsqrt),
  Selu: unary(tf.selu),
  Sigmoid: floats(tf.sigmoid),
  Sign: unary(tf.sign),
  Sin: floats(tf.sin),
  Sinh: unary(tf.sinh),
  Softplus: unary(tf.softplus),
  Sqrt: floats(tf.sqrt),
  Square: [
    { cases: each(), f: tf.square },
    { cases: each(['float32'], [[22], [33]], 'extreme'), f: tf.square, gradient: false },
  ],
  Step: [...unary((x) => tf.step(x)), ...unary((x) => tf.step(x, -0.5))],
  Tan: floats(tf.tan),
  Tanh: floats(tf.tanh),

  Add: [...binary(tf.add), exactIntegers(tf.add, [-(2 ** 31) + 2, -(2 ** 31) + 5, 131_076, 2])],
  Sub: [...binary(tf.sub), exactIntegers(tf.sub, [2 ** 31 - 4, 2 ** 31 - 5, -2, -16])],
  Multiply: [...binary(tf.mul), exactIntegers(tf.mul, [2 ** 31 - 3, -(2 ** 31), 262_147, -63])],
  SquaredDifference: [...binary(tf.squaredDifference)],
  Maximum: withIntegers(tf.maximum),
  Minimum: withIntegers(tf.minimum),
  Equal: withIntegers(tf.equal),
  NotEqual: withIntegers(tf.notEqual),
  Greater: withIntegers(tf.greater),
  GreaterEqual: withIntegers(tf.greaterEqual),
  Less: withIntegers(tf.less),
  LessEqual: withIntegers(tf.lessEqual),
  LogicalAnd: [{ cases: pairs(['bool']), f: tf.logicalAnd }],
  LogicalOr: [{ cases: pairs(['bool']), f: tf.logicalOr }],
  LogicalXor: [
    {
      cases: pairs(['bool']),
      f: (a, b) => tf.engine().runKernel('LogicalXor', { a, b }),
      reference: (a, b) => tf.notEqual(a, b),
    },
  ],
  BitwiseAnd: [
    {
      cases: [of([17], 'int32', 'extreme')].map((x) => [x, of([17], 'int32')]),
      f: (x, y) => tf.bitwiseAnd(x, y),
    },
  ],
  Mod: withIntegers(tf.mod),
  RealDiv: [
    { cases: pairs(['float32', 'bool']), f: tf.div },
    { cases: pairs(['float32'], 'extreme'), f: tf.div, gradient: false },
  ],
  FloorDiv: [
    { cases: pairs(['int32', 'bool']), f: tf.floorDiv },
    { cases: pairs(['int32'], 'extreme'), f: tf.floorDiv },
    {
      cases: [...pairs(['float32']), ...pairs(['float32'], 'extreme')],
      f: (x, y) => tf.cast(tf.floorDiv(x, y), 'float32'),
      reference: (x, y) => tf.floor(tf.div(x, y)),
      gradient: false, // of the quotient, in tfjs
    },
  ],
  Pow: [
    { cases: pairs(['float32', 'int32', 'bool'], 'positive'), f: tf.pow },
    { cases: pairs(['float32'], 'extreme', [2, 0.5, -1, 3, 0]), f: tf.pow, gradient: false },
    // As C and PyTorch have it, where JavaScript has NaN.
    {
      cases: [
        [of([4], 'float32', [1, -1, 1, 2]), of([4], 'float32', [NaN, Infinity, -Infinity, NaN])],
      ],
      f: tf.pow,
      reference: () => tf.tensor1d([1, 1, 1, NaN]),
      gradient: false,
    },
  ],
  Atan2: binary(tf.atan2),
  Prelu: binary((x, alpha) => tf.prelu(x, alpha), { gradient: false }),
  AddN: [
    {
      cases: NUMERIC.flatMap((dtype) =>
        [[], [0], [5], [17], [2, 3]].map((shape) => [
          of(shape, dtype),
          of(shape, dtype, 'positive'),
          of(shape, dtype),
        ]),
      ),
      f: (...all) => tf.addN(all),
    },
  ],
  Select: [
    {
      cases: NUMERIC.flatMap((dtype) =>
        [[], [0], [5], [17], [33], [2, 3, 4]].map((shape) => [
          of(shape, 'bool'),
          of(shape, dtype, 'extreme'),
          of(shape, dtype),
        ]),
      ),
      f: (condition, x, y) => tf.where(condition, x, y),
      gradient: false,
    },
    {
      cases: [[of([3], 'bool'), of([3, 5]), of([3, 5])]],
      f: (condition, t, e) => tf.engine().runKernel('Select', { condition, t, e }),
    },
    { cases: [[of([17], 'bool'), of([17]), of([17])]], f: (c, x, y) => tf.where(c, x, y) },
  ],
  Cast: NUMERIC.flatMap((to): Row[] => [
    { cases: each(), f: (x) => tf.cast(x, to), gradient: false },
    { cases: each(NUMERIC, [[22], [33]], 'extreme'), f: (x) => tf.cast(x, to), gradient: false },
  ]),
  EluGrad: [{ cases: each(['float32']), f: tf.elu }],
};
