import * as tf from '@tensorflow/tfjs-core';
import { each, ids, NUMERIC, of, type Row } from './rows.js';

export const indexing: Readonly<Record<string, readonly Row[]>> = {
  GatherV2: [
    {
      cases: NUMERIC.flatMap((dtype) =>
        [[4], [4, 3], [4, 17], [4, 2, 5]].flatMap((shape) =>
          [[], [0], [5], [2, 3]].map((places) => [of(shape, dtype), ids(places, 4)]),
        ),
      ),
      f: (x, places) => tf.gather(x, places),
    },
    {
      cases: NUMERIC.flatMap((dtype) =>
        [
          [2, 4],
          [3, 2, 4],
          [2, 2, 2, 4],
        ].map((shape) => [of(shape, dtype), ids([3, 2], 4)]),
      ),
      f: (x, places) => tf.gather(x, places, -1),
    },
    {
      cases: NUMERIC.flatMap((dtype) => [
        [of([2, 4], dtype), ids([2, 1], 4)],
        [of([2, 4], dtype), ids([2, 3], 4)],
        [of([3, 4, 5], dtype), ids([3, 2], 4)],
        [of([3, 4, 5], dtype), ids([3, 2, 2], 4)],
      ]),
      f: (x, places) => tf.gather(x, places, 1, 1),
      gradient: false,
    },
    { cases: [[of([4]), of([1], 'int32', [4])]], f: (x, i) => tf.gather(x, i), refused: 'index' },
  ],
  GatherNd: [
    {
      cases: NUMERIC.flatMap((dtype) => [
        [of([4], dtype), ids([3, 1], 4)],
        [of([4, 4], dtype), ids([3, 2], 4)],
        [of([4, 4, 3], dtype), ids([2, 2], 4)],
        [of([4, 5], dtype), ids([2, 2, 1], 4)],
      ]),
      f: (x, places) => tf.gatherND(x, places),
      gradient: false,
    },
    {
      cases: [[of([4, 4]), of([1, 2], 'int32', [0, 4])]],
      f: (x, places) => tf.gatherND(x, places),
      refused: 'indices',
    },
  ],
  ScatterNd: [
    {
      cases: NUMERIC.flatMap((dtype) => [
        [of([3, 1], 'int32', [1, 3, 1]), of([3], dtype)],
        [of([2, 1], 'int32', [2, 0]), of([2, 5], dtype)],
      ]),
      f: (places, x) => tf.scatterND(places, x, x.rank === 1 ? [4] : [4, 5]),
      gradient: false,
    },
    {
      cases: [[of([1, 1], 'int32', [4]), of([1])]],
      f: (places, x) => tf.scatterND(places, x, [4]),
      refused: 'indices',
    },
  ],
  TensorScatterUpdate: [
    {
      cases: NUMERIC.map((dtype) => [
        of([4, 5], dtype),
        of([2, 1], 'int32', [2, 0]),
        of([2, 5], dtype, 'positive'),
      ]),
      f: (x, places, updates) => tf.tensorScatterUpdate(x, places, updates),
      gradient: false,
    },
  ],
  OneHot: NUMERIC.map((dtype) => ({
    cases: [[], [0], [5], [17], [2, 3]].map((shape) => [ids(shape, 4)]),
    f: (x) => [
      tf.oneHot(x, 4, 1, 0, dtype),
      tf.oneHot(x, 3, 1, 0, dtype),
      tf.oneHot(x, 5, dtype === 'bool' ? 0 : 7, dtype === 'bool' ? 1 : -3, dtype),
    ],
  })),
  Unique: [
    {
      cases: [...each(NUMERIC, [[5], [17]]), [of([4, 2], 'int32', [1, 2, 1, 2, 3, 4, 1, 2])]],
      f: (x) => {
        const { values, indices } = tf.unique(x, 0);
        return [values, indices];
      },
      gradient: false,
    },
  ],
  SearchSorted: [
    {
      cases: (['float32', 'int32'] as const).map((dtype) => [
        of([7], dtype, [-4, -1, 0, 1, 1, 2, 5]),
        of([17], dtype),
      ]),
      f: (sorted, x) => [tf.lowerBound(sorted, x), tf.upperBound(sorted, x)],
      gradient: false,
    },
  ],
};
