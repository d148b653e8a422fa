import * as tf from '@tensorflow/tfjs-core';
import { lstmCellComposed } from '../composed-kernels.js';
import { each, kernel, of, type Row } from './rows.js';

/** A cell of a gated recurrent unit, composed. */
const nextState = (input: tf.Tensor, hidden: tf.Tensor, state: tf.Tensor): tf.Tensor => {
  const [xr, xz, xn] = tf.split(input, 3, 1);
  const [hr, hz, hn] = tf.split(hidden, 3, 1);
  const fresh = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
  return tf.add(fresh, tf.mul(tf.sigmoid(tf.add(xz, hz)), tf.sub(state, fresh)));
};
const recurrent: Row[] = [
  {
    cases: [
      [1, 1],
      [2, 5],
      [3, 17],
    ].map(([B, H]) => [of([B, 3 * H]), of([B, 3 * H]), of([B, H])]),
    f: (input, hidden, state) => kernel('GRUCell', { input, hidden, state })[0],
    reference: nextState,
  },
];

const remembering: Row[] = [
  {
    cases: [
      [1, 1],
      [2, 5],
      [3, 17],
    ].map(([B, H]) => [of([B, 4 * H]), of([B, H])]),
    f: (x, cell) => tf.concat(kernel('LSTMCell', { x, cell }).slice(0, 2), 1),
    reference: lstmCellComposed,
  },
];

const gated: Row[] = [
  {
    cases: each(['float32'], [[2], [3, 6], [2, 3, 34]]),
    f: (x) => kernel('GatedActivation', { x })[0],
    reference: (x) => {
      const [values, gates] = tf.split(x, 2, -1);
      return tf.mul(tf.tanh(values), tf.sigmoid(gates));
    },
  },
];

const plain = { gradient: false, compiled: false } as const;

export const others: Readonly<Record<string, readonly Row[]>> = {
  GatedActivation: gated,
  GatedActivationGrad: gated,
  GRUCell: recurrent,
  GRUCellGrad: recurrent,
  LSTMCell: remembering,
  LSTMCellGrad: remembering,
  Lerp: [
    {
      cases: [[1], [17], [2, 3, 5]].map((shape) => [of(shape), of(shape), of([])]),
      f: (a, b, t) => kernel('Lerp', { a, b, t })[0],
      reference: (a, b, t) => tf.add(a, tf.mul(tf.sub(b, a), t)),
      gradient: false,
    },
  ],
  RoundToBFloat16: [
    {
      cases: each(['float32'], [[1], [17], [2, 3, 5]]),
      f: (x) => kernel('RoundToBFloat16', { x })[0],
      reference: (x) => {
        const large = tf.mul(x, 2 ** 16 + 1);
        return tf.sub(large, tf.sub(large, x));
      },
      gradient: false,
    },
  ],
  Multinomial: [
    {
      cases: [[of([2, 5], 'float32', [-900, 0, -900, -900, -900])]], // certain: the random numbers differ
      f: (x) => tf.multinomial(x as tf.Tensor2D, 9, 101),
      ...plain,
    },
  ],
  SparseToDense: [
    {
      cases: (['float32', 'int32', 'bool'] as const).map((dtype) => [
        of([3, 2], 'int32', [0, 1, 1, 0, 2, 2]),
        of([3], dtype, [1, 0, 1]),
        of([], dtype, [0]),
      ]),
      f: (places, x, rest) => tf.sparseToDense(places, x, [3, 3], rest as tf.Scalar),
      ...plain,
    },
  ],
  SparseFillEmptyRows: [
    {
      cases: [
        [
          of([4, 2], 'int32', [0, 0, 1, 0, 1, 3, 3, 2]),
          of([4], 'float32', [0.5, 10, 13, 14]),
          of([2], 'int32', [5, 6]),
          of([], 'float32', [-1]),
        ],
      ],
      f: (places, x, shape, rest) =>
        Object.values(
          tf.sparse.sparseFillEmptyRows(
            places as tf.Tensor2D,
            x as tf.Tensor1D,
            shape as tf.Tensor1D,
            rest as tf.Scalar,
          ),
        ),
      ...plain,
    },
  ],
  SparseReshape: [
    {
      cases: [
        [
          of([3, 2], 'int32', [0, 0, 1, 1, 2, 3]),
          of([2], 'int32', [3, 4]),
          of([2], 'int32', [6, -1]),
        ],
      ],
      f: (places, from, to) =>
        Object.values(
          tf.sparse.sparseReshape(places as tf.Tensor2D, from as tf.Tensor1D, to as tf.Tensor1D),
        ),
      ...plain,
    },
  ],
  SparseSegmentMean: [
    {
      cases: [[of([3, 4]), of([3], 'int32', [0, 2, 1]), of([3], 'int32', [0, 0, 1])]],
      f: (x, places, segments) =>
        tf.sparse.sparseSegmentMean(x, places as tf.Tensor1D, segments as tf.Tensor1D),
      ...plain,
    },
  ],
  SparseSegmentSum: [
    {
      cases: [[of([3, 4]), of([3], 'int32', [0, 2, 1]), of([3], 'int32', [0, 0, 1])]],
      f: (x, places, segments) =>
        tf.sparse.sparseSegmentSum(x, places as tf.Tensor1D, segments as tf.Tensor1D),
      ...plain,
    },
  ],
  StringNGrams: [
    {
      cases: [[of([2], 'int32', [0, 3])]],
      f: (splits) =>
        Object.values(
          tf.string.stringNGrams(
            tf.tensor1d(['a', 'b', 'c']),
            splits as tf.Tensor1D,
            '|',
            [2],
            '',
            '',
            0,
            false,
          ),
        ),
      ...plain,
    },
  ],
  StringSplit: [
    {
      cases: [[of([1])]],
      f: () => Object.values(tf.string.stringSplit(tf.tensor1d(['a b', 'c']), ' ')),
      ...plain,
    },
  ],
  StringToHashBucketFast: [
    {
      cases: [[of([1])]],
      f: () => tf.string.stringToHashBucketFast(tf.tensor1d(['a', 'b', 'c']), 10),
      ...plain,
    },
  ],
};

/** Kernels that other tests hold against a twin in JavaScript and PyTorch's figures; the CPU backend has nothing like them. */
export const elsewhere: Readonly<Record<string, string>> = {
  ScheduleFreeUpdate: 'own-kernels.ts',
  AdamUpdate: 'own-kernels.ts',
  MomentumUpdate: 'own-kernels.ts',
  SeededDropout: 'own-kernels.ts',
};
