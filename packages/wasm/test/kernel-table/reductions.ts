import * as tf from '@tensorflow/tfjs-core';
import { each, ids, kernel, NUMERIC, of, SHAPES, type Row } from './rows.js';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const full = SHAPES.filter((shape) => !shape.includes(0));
const AXES: readonly (number | number[] | undefined)[] = [undefined, -1, 0, [0, 1], [0, -1]];
const fits = (axis: number | number[] | undefined, rank: number): boolean =>
  [axis ?? []].flat().every((i) => i < rank && i >= -rank) && !(Array.isArray(axis) && rank < 3);

/** Over every kind of axes; of nothing in test/special-values.test.ts, since the CPU backend has no values there. */
const over = (
  f: Reduction,
  more: Partial<Row> = {},
  dtypes: readonly tf.DataType[] = NUMERIC,
): Row[] =>
  AXES.flatMap((axis): Row[] => [
    {
      cases: each(
        dtypes,
        full.filter((shape) => fits(axis, shape.length)),
      ),
      f: (x) => [f(x, axis), f(x, axis, true)],
      ...more,
    },
  ]);
/** Largest, smallest and NaN among others, for reductions that don't add. */
const extreme = (f: Reduction): Row => ({
  cases: each(NUMERIC, [[22], [33], [2, 11]], 'extreme'),
  f: (x) => [f(x, -1), f(x, 0)],
  gradient: false,
});

const places = (f: (x: tf.Tensor, axis: number) => tf.Tensor): Row[] => [
  {
    cases: each(
      NUMERIC,
      full.filter((shape) => shape.length > 0),
    ),
    f: (x) => [f(x, 0), f(x, x.rank - 1)],
    gradient: false,
  },
  { cases: each(NUMERIC, [[22], [33]], 'extreme'), f: (x) => f(x, 0), gradient: false },
];

const cumulative = (f: typeof tf.cumsum): Row[] => [
  {
    cases: each(
      NUMERIC,
      SHAPES.filter((shape) => shape.length > 0),
    ),
    f: (x) => [
      f(x, 0),
      f(x, x.rank - 1),
      f(x, 0, true),
      f(x, 0, false, true),
      f(x, x.rank - 1, true, true),
    ],
    gradient: f === tf.cumsum,
  },
  {
    cases: [[of([], 'float32')]],
    f: (x) => f(x, 0),
    refused: 'axis must be one of the tensor',
  },
];

export const reductions: Readonly<Record<string, readonly Row[]>> = {
  Sum: over(tf.sum),
  Mean: over(tf.mean),
  Prod: over(tf.prod, { gradient: false }),
  Max: [...over(tf.max), extreme(tf.max)],
  Min: [...over(tf.min), extreme(tf.min)],
  All: over(tf.all, {}, ['bool']),
  Any: over(tf.any, {}, ['bool']),
  ArgMax: places(tf.argMax),
  ArgMin: places(tf.argMin),
  Cumsum: cumulative(tf.cumsum),
  Cumprod: cumulative(tf.cumprod),
  Softmax: [
    {
      cases: each(
        ['float32'],
        full.filter((shape) => shape.length > 0),
      ),
      f: (x) => tf.softmax(x),
    },
    { cases: [[of([2, 700])]], f: (x) => tf.softmax(x) },
    {
      cases: [
        [of([5], 'float32', [88, -88, 3e38, -3e38, 0])],
        [of([4], 'float32', [1, NaN, 2, 3])],
      ],
      f: (x) => tf.softmax(x),
      gradient: false,
    },
  ],
  LogSoftmax: [
    {
      cases: each(
        ['float32'],
        full.filter((shape) => shape.length > 0),
      ),
      f: (logits) => kernel('LogSoftmax', { logits }, { axis: logits.rank - 1 }),
      reference: (x) => tf.logSoftmax(x),
    },
  ],
  TopK: [
    {
      cases: each(['float32', 'int32'], [[5], [17], [2, 9], [2, 2, 7]]),
      f: (x) => {
        const { values, indices } = tf.topk(x, 3);
        return [values, indices];
      },
      gradient: false,
    },
  ],
  UnsortedSegmentSum: [
    {
      cases: [[5], [17], [600]].map((shape) => [of(shape), ids(shape, 4)]),
      f: (x, segments) => tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 4),
    },
    {
      cases: [
        [of([6, 3]), ids([6], 4)],
        [of([6, 2, 5]), ids([6], 4)],
        [of([600, 7]), ids([600], 1)],
        [of([0, 3]), ids([0], 4)],
      ],
      f: (x, segments) => tf.unsortedSegmentSum(x, segments as tf.Tensor1D, 4),
    },
  ],
  Bincount: [
    {
      cases: [
        [ids([17], 5), of([17])],
        [ids([17], 5), of([17], 'int32')],
        [ids([4], 5), of([0])],
      ],
      f: (x, weights) => tf.bincount(x as tf.Tensor1D, weights as tf.Tensor1D, 6),
      gradient: false,
    },
  ],
  DenseBincount: [
    {
      cases: [
        [ids([17], 5), of([17])],
        [ids([2, 9], 5), of([2, 9])],
      ],
      f: (x, weights) => tf.denseBincount(x as tf.Tensor1D, weights as tf.Tensor1D, 6),
      gradient: false,
    },
  ],
};
