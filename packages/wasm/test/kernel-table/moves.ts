import * as tf from '@tensorflow/tfjs-core';
import { each, NUMERIC, of, SHAPES, type Input, type Row } from './rows.js';

type Of = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

const ranked = SHAPES.filter((shape) => shape.length > 0);
const full = ranked.filter((shape) => !shape.includes(0));

/** Moves values of every type and rank. */
const moves = (f: Of, shapes: readonly number[][] = ranked, more: Partial<Row> = {}): Row[] => [
  { cases: each(NUMERIC, shapes), f, ...more },
  {
    cases: each(
      ['float32', 'int32'],
      [
        [1, 17],
        [3, 7],
      ].filter(() => shapes === ranked),
      'extreme',
    ),
    f,
    gradient: false,
    ...more,
  },
];
const two = (shape: number[]): Input[][] =>
  NUMERIC.map((dtype) => [of(shape, dtype), of(shape, dtype, 'positive')]);
const pads = (x: tf.Tensor, before: number, after: number): [number, number][] =>
  x.shape.map((_, i) => [before, i === 0 ? after : 0]);

export const moving: Readonly<Record<string, readonly Row[]>> = {
  Identity: moves((x) => tf.clone(x), SHAPES),
  Reshape: moves(
    (x) => tf.reshape(x, [-1]),
    SHAPES.filter((shape) => !shape.includes(0)),
  ),
  ExpandDims: moves((x) => [tf.expandDims(x), tf.expandDims(x, -1)], SHAPES),
  ZerosLike: moves((x) => tf.zerosLike(x), SHAPES, { gradient: false }),
  OnesLike: moves((x) => tf.onesLike(x), SHAPES, { gradient: false }),
  Fill: NUMERIC.map((dtype) => ({
    cases: each([dtype]),
    f: (x) => tf.fill(x.shape, dtype === 'float32' ? 1.5 : 1, dtype),
    gradient: false,
  })),
  Range: [
    {
      cases: [[of([1])]],
      f: () => [tf.range(0, 17), tf.range(5, -3, -2, 'int32'), tf.range(0, 1, 0.1), tf.range(3, 3)],
      gradient: false,
    },
  ],
  LinSpace: [
    {
      cases: [[of([1])]],
      f: () => [tf.linspace(0, 9, 10), tf.linspace(1, -1, 17)],
      gradient: false,
    },
  ],
  Transpose: [
    ...moves((x) => tf.transpose(x), SHAPES),
    ...moves(
      (x) =>
        tf.transpose(
          x,
          [...x.shape.keys()].map((i) => (i + 1) % x.rank),
        ),
      ranked,
    ),
    {
      cases: [[of([17, 5])], [of([4, 8])], [of([64, 3])], [of([2, 1], 'bool')]],
      f: (x) => tf.transpose(x),
    },
  ],
  Slice: [
    ...moves(
      (x) =>
        tf.slice(
          x,
          x.shape.map((size) => size >> 1),
        ),
      SHAPES,
    ),
    ...moves((x) =>
      tf.slice(
        x,
        x.shape.map(() => 0),
        x.shape.map((size) => size - (size >> 1)),
      ),
    ),
  ],
  StridedSlice: moves(
    (x) => [
      tf.stridedSlice(
        x,
        x.shape.map(() => 0),
        [...x.shape],
        x.shape.map(() => 2),
      ),
      tf.stridedSlice(
        x,
        x.shape.map(() => -1),
        x.shape.map((size) => -size - 1),
        x.shape.map(() => -1),
      ),
    ],
    full.filter((shape) => shape.length < 5),
    { gradient: false },
  ),
  SplitV: [
    ...moves(
      (x) => tf.split(x, [1, 2, x.shape[0] - 3]),
      full.filter(([size]) => size > 3),
    ),
    ...moves((x) => tf.split(x, x.shape.at(-1) ?? 1, -1), full),
  ],
  Concat: [
    ...[[0], [3], [17], [2, 3], [2, 3, 4], [2, 1, 3, 1, 2]].flatMap((shape): Row[] => [
      {
        cases: two(shape),
        f: (x, y) => [tf.concat([x, y, x]), tf.concat([y, x], -1)],
      },
    ]),
    {
      cases: NUMERIC.map((dtype) => [of([0, 3], dtype), of([2, 3], dtype)]),
      f: (x, y) => tf.concat([x, y]),
    },
  ],
  Pack: [[], [0], [3], [17], [2, 3], [2, 3, 4]].map((shape) => ({
    cases: two(shape),
    f: (x, y) => [tf.stack([x, y]), tf.stack([y, x, x], -1)],
  })),
  Unpack: moves((x) => tf.unstack(x), full),
  PadV2: [
    ...moves(
      (x) => tf.pad(x, pads(x, 1, 2)),
      ranked.filter((shape) => !shape.includes(0) && shape.length < 6),
    ),
    ...moves(
      (x) => tf.pad(x, pads(x, 0, 3), 1),
      ranked.filter((shape) => !shape.includes(0) && shape.length < 6),
    ),
  ],
  MirrorPad: (['reflect', 'symmetric'] as const).map((mode) => ({
    cases: each(['float32', 'int32'], [[3], [17], [2, 3], [2, 3, 4]]),
    f: (x) =>
      tf.mirrorPad(
        x,
        x.shape.map(() => [1, 1]),
        mode,
      ),
    gradient: false,
  })),
  Tile: moves(
    (x) =>
      tf.tile(
        x,
        x.shape.map((_, i) => 1 + (i % 3)),
      ),
    full.filter((shape) => shape.length < 5),
  ),
  Reverse: [
    ...moves(
      (x) => tf.reverse(x),
      full.filter((shape) => shape.length < 5),
    ),
    ...moves(
      (x) => [tf.reverse(x, 0), tf.reverse(x, -1)],
      full.filter((shape) => shape.length < 5),
    ),
  ],
  SpaceToBatchND: [
    {
      cases: each(NUMERIC, [
        [1, 4, 4, 1],
        [2, 2, 4, 3],
      ]),
      f: (x) =>
        tf.spaceToBatchND(
          x,
          [2, 2],
          [
            [0, 0],
            [2, 0],
          ],
        ),
    },
  ],
  BatchToSpaceND: [
    {
      cases: each(NUMERIC, [
        [4, 1, 2, 1],
        [8, 2, 2, 3],
      ]),
      f: (x) =>
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [0, 0],
            [0, 1],
          ],
        ),
    },
  ],
  DepthToSpace: [
    {
      cases: each(NUMERIC, [
        [1, 1, 1, 4],
        [2, 2, 3, 8],
      ]),
      f: (x) => tf.depthToSpace(x as tf.Tensor4D, 2),
      gradient: false,
    },
  ],
  Diag: [{ cases: each(NUMERIC, [[1], [3], [17]]), f: (x) => tf.diag(x), gradient: false }],
  FlipLeftRight: [
    {
      cases: each(NUMERIC, [
        [1, 2, 3, 1],
        [2, 3, 5, 3],
      ]),
      f: (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
      gradient: false,
    },
  ],
  BroadcastArgs: [
    {
      cases: [[of([3], 'int32', [2, 1, 4]), of([2], 'int32', [3, 1])]],
      f: (a, b) => tf.broadcastArgs(a, b),
    },
  ],
};
