import * as tf from '@tensorflow/tfjs-core';
import { each, of, type Row } from './rows.js';

const four = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;
const IMAGES = [
  [1, 4, 4, 1],
  [2, 5, 6, 3],
  [1, 7, 3, 17],
];
/** The CPU backend confuses height and width in the gradients of resizing, and images of a batch. */
const SQUARES = [
  [1, 4, 4, 1],
  [1, 5, 5, 3],
];
const boxes = of(
  [5, 4],
  'float32',
  [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, -0.1, 1, 0.9, 0, 10, 1, 11, 0, 10.1, 1, 11.1],
);
const scores = of([5], 'float32', [0.9, 0.75, 0.6, 0.95, 0.5]);

export const images: Readonly<Record<string, readonly Row[]>> = {
  ResizeBilinear: [false, true].map((corners) => ({
    cases: each(['float32', 'int32'], IMAGES),
    f: (x) => [
      tf.image.resizeBilinear(four(x), [7, 9], corners),
      tf.image.resizeBilinear(four(x), [2, 3], false, !corners),
    ],
    gradient: false,
  })),
  ResizeBilinearGrad: [
    {
      cases: [[of([1, 4, 4, 1])]],
      f: (x) => tf.grad((y) => tf.image.resizeBilinear(four(y), [2, 3], false, true))(x),
      refused: 'halfPixelCenters',
    },
    { cases: each(['float32'], SQUARES), f: (x) => tf.image.resizeBilinear(four(x), [7, 9]) },
  ],
  ResizeNearestNeighbor: [false, true].map((corners) => ({
    cases: each(['float32', 'int32'], IMAGES),
    f: (x) => [
      tf.image.resizeNearestNeighbor(four(x), [7, 9], corners),
      tf.image.resizeNearestNeighbor(four(x), [2, 3], false, !corners),
    ],
    gradient: false,
  })),
  ResizeNearestNeighborGrad: [
    {
      cases: each(['float32'], SQUARES),
      f: (x) => tf.image.resizeNearestNeighbor(four(x), [7, 9]),
    },
  ],
  CropAndResize: (['bilinear'] as const).map((method) => ({
    cases: [
      [
        of([2, 5, 6, 3]),
        of([2, 4], 'float32', [0.1, 0.2, 0.8, 0.9, 0, 0, 1, 1]),
        of([2], 'int32', [1, 0]),
      ],
    ],
    f: (x, b, i) =>
      tf.image.cropAndResize(four(x), b as tf.Tensor2D, i as tf.Tensor1D, [3, 4], method, 0.5),
    gradient: false,
  })),
  RotateWithOffset: [
    {
      cases: [[of([1, 4, 4, 5])]],
      f: (x) => tf.image.rotateWithOffset(four(x), 0.7),
      refused: 'channels',
    },
    {
      cases: each(['float32'], IMAGES.slice(0, 2)),
      f: (x) => tf.image.rotateWithOffset(four(x), 0.7, 0),
      gradient: false,
      within: 1e-5,
    },
  ],
  Transform: (['constant', 'wrap', 'nearest'] as const).map((fill) => ({
    cases: [[of([1, 5, 6, 3]), of([1, 8], 'float32', [1, 0.1, -1, 0.2, 1, 0.5, 0, 0])]],
    f: (x, t) => tf.image.transform(four(x), t as tf.Tensor2D, 'bilinear', fill),
    gradient: false,
    within: 1e-5,
  })),
  NonMaxSuppressionV3: [
    {
      cases: [[boxes, scores]],
      f: (b, s) => tf.image.nonMaxSuppression(b as tf.Tensor2D, s as tf.Tensor1D, 3),
      gradient: false,
    },
  ],
  NonMaxSuppressionV4: [
    {
      cases: [[boxes, scores]],
      f: (b, s) =>
        Object.values(
          tf.image.nonMaxSuppressionPadded(b as tf.Tensor2D, s as tf.Tensor1D, 4, 0.5, 0, true),
        ),
      gradient: false,
    },
  ],
  NonMaxSuppressionV5: [
    {
      cases: [[boxes, scores]],
      f: (b, s) =>
        Object.values(
          tf.image.nonMaxSuppressionWithScore(b as tf.Tensor2D, s as tf.Tensor1D, 4, 0.5, 0, 0.5),
        ),
      gradient: false,
    },
  ],
};
