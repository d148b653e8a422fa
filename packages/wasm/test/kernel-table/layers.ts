import * as tf from '@tensorflow/tfjs-core';
import { each, ids, kernel, of, type Row } from './rows.js';

const four = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;
const five = (x: tf.Tensor): tf.Tensor5D => x as tf.Tensor5D;
const IMAGES = [
  [1, 4, 4, 1],
  [2, 5, 6, 3],
  [1, 7, 3, 17],
];
const VOLUMES = [
  [1, 4, 4, 4, 1],
  [2, 3, 4, 5, 2],
];

type Pool = typeof tf.maxPool;
const pools = (pool: Pool): Row[] => [
  {
    cases: each(['float32'], IMAGES),
    f: (x) => [
      pool(four(x), 2, 2, 'valid'),
      pool(four(x), [2, 3], [1, 2], 'same'),
      pool(four(x), 3, 1, 'same'),
      pool(four(x), 2, 1, 1),
    ],
  },
];

/** Of image and filter: both gradients reach a kernel of their own. */
const convolutions: Row[] = [
  {
    cases: IMAGES.map(([b, h, w, c]) => [of([b, h, w, c]), of([2, 3, c, 5])]),
    f: (x, filter) => [
      tf.conv2d(four(x), four(filter), 1, 'valid'),
      tf.conv2d(four(x), four(filter), [2, 1], 'same'),
      tf.conv2d(four(x), four(filter), 1, 1),
    ],
  },
  {
    cases: [[of([2, 5, 6, 3]), of([2, 2, 3, 4])]],
    f: (x, filter) => tf.conv2d(four(x), four(filter), 1, 'same', 'NHWC', 2),
    gradient: false, // tfjs-core refuses that of a dilated one
  },
];
const volumes: Row[] = [
  {
    cases: VOLUMES.map(([b, d, h, w, c]) => [of([b, d, h, w, c]), of([2, 1, 2, c, 3])]),
    f: (x, filter) => [
      tf.conv3d(five(x), five(filter), 1, 'valid'),
      tf.conv3d(five(x), five(filter), 2, 'same'),
    ],
    within: 1e-5,
  },
];
const pools3d = (pool: typeof tf.maxPool3d): Row[] => [
  {
    cases: each(['float32'], VOLUMES),
    f: (x) => [pool(five(x), 2, 2, 'valid'), pool(five(x), 2, 1, 'same')],
  },
];
/** Gradients without padding: with it the CPU backend divides by the window's whole size, which the average doesn't. */
const averages: Row[] = [
  ...pools(tf.avgPool).map(({ cases, f }): Row => ({ cases, f, gradient: false })),
  { cases: each(['float32'], IMAGES), f: (x) => tf.avgPool(four(x), 2, 1, 'valid') },
];
const averages3d: Row[] = [
  ...pools3d(tf.avgPool3d).map(({ cases, f }): Row => ({ cases, f, gradient: false })),
  { cases: each(['float32'], VOLUMES), f: (x) => tf.avgPool3d(five(x), 2, 1, 'valid') },
];
const dilations: Row[] = [
  {
    cases: IMAGES.map(([b, h, w, c]) => [of([b, h, w, c]), of([2, 2, c])]),
    f: (x, filter) => [
      tf.dilation2d(four(x), filter as tf.Tensor3D, 1, 'valid'),
      tf.dilation2d(four(x), filter as tf.Tensor3D, 2, 'same'),
    ],
  },
];
const depthwise: Row[] = [
  {
    cases: IMAGES.map(([b, h, w, c]) => [of([b, h, w, c]), of([2, 3, c, 2])]),
    f: (x, filter) => [
      tf.depthwiseConv2d(four(x), four(filter), 1, 'valid'),
      tf.depthwiseConv2d(four(x), four(filter), 2, 'same'),
    ],
  },
];
const products: Row[] = [
  {
    cases: [
      [of([3, 4]), of([4, 5])],
      [of([1, 17]), of([17, 1])],
      [of([17, 33]), of([33, 16])],
      [of([2, 3, 4]), of([2, 4, 5])],
      [of([2, 3, 4]), of([1, 4, 5])],
      [of([2, 3, 3, 4]), of([2, 3, 4, 2])],
      [of([2, 3, 4]), of([4, 5])],
      [of([0, 4]), of([4, 5])],
      [of([3, 0]), of([0, 5])],
      [of([3, 4], 'int32'), of([4, 5], 'int32')],
    ],
    f: (a, b) => tf.matMul(a, b),
  },
  {
    cases: [
      [of([4, 3]), of([5, 4])],
      [of([2, 4, 3]), of([2, 5, 4])],
    ],
    f: (a, b) => tf.matMul(a, b, true, true),
  },
];
const normalised = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
  const { mean, variance } = tf.moments(x, -1, true);
  const centred = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(centred, weight), bias);
};
/** `x Φ(x)` by the CPU backend's error function, which has seven digits. */
const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

export const layers: Readonly<Record<string, readonly Row[]>> = {
  BatchMatMul: products,
  Einsum: [
    {
      cases: [[of([3, 4]), of([4, 5])]],
      f: (a, b) => [
        tf.einsum('ij,jk->ik', a, b),
        tf.einsum('ij,jk->ki', a, b),
        tf.einsum('ij,jk->i', a, b),
      ],
      gradient: false, // the CPU backend has none
    },
    {
      cases: [[of([2, 3, 4]), of([2, 5, 4])]],
      f: (a, b) => [tf.einsum('bic,bjc->bij', a, b), tf.einsum('bic,bjc->cij', a, b)],
      gradient: false,
    },
  ],
  _FusedMatMul: [
    {
      cases: [
        [of([3, 4]), of([4, 5]), of([5])],
        [of([17, 9]), of([9, 16]), of([16])],
      ],
      f: (a, b, bias) => [
        tf.fused.matMul({ a, b, bias, activation: 'relu' }),
        tf.fused.matMul({ a, b, bias, activation: 'linear' }),
        tf.fused.matMul({ a, b, bias, activation: 'sigmoid' }),
      ],
      gradient: false,
    },
  ],
  Conv2D: convolutions,
  Conv2DBackpropInput: convolutions,
  Conv2DBackpropFilter: convolutions,
  FusedConv2D: [
    {
      cases: [[of([2, 5, 6, 3]), of([2, 2, 3, 4]), of([4])]],
      f: (x, filter, bias) => [
        tf.fused.conv2d({
          x: four(x),
          filter: four(filter),
          strides: 1,
          pad: 'same',
          bias,
          activation: 'relu',
        }),
        tf.fused.conv2d({ x: four(x), filter: four(filter), strides: 2, pad: 'valid', bias }),
      ],
      gradient: false,
    },
  ],
  Conv3D: volumes,
  Conv3DBackpropInputV2: volumes,
  Conv3DBackpropFilterV2: volumes,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwise,
  DepthwiseConv2dNativeBackpropFilter: depthwise,
  FusedDepthwiseConv2D: [
    {
      cases: [[of([2, 5, 6, 3]), of([2, 2, 3, 2]), of([6])]],
      f: (x, filter, bias) =>
        tf.fused.depthwiseConv2d({
          x: four(x),
          filter: four(filter),
          strides: 1,
          pad: 'same',
          bias,
          activation: 'relu',
        }),
      gradient: false,
    },
  ],
  Dilation2D: dilations,
  Dilation2DBackpropInput: dilations,
  Dilation2DBackpropFilter: dilations,
  MaxPool: pools(tf.maxPool),
  MaxPoolGrad: pools(tf.maxPool),
  AvgPool: averages,
  AvgPoolGrad: averages,
  MaxPool3D: pools3d(tf.maxPool3d),
  MaxPool3DGrad: pools3d(tf.maxPool3d),
  AvgPool3D: averages3d,
  AvgPool3DGrad: averages3d,
  MaxPoolWithArgmax: [
    {
      cases: each(['float32'], IMAGES),
      f: (x) => {
        const { result, indexes } = tf.maxPoolWithArgmax(four(x), 2, 2, 'valid');
        return [result, indexes];
      },
      gradient: false,
    },
  ],
  LRN: [{ cases: each(['float32'], IMAGES), f: (x) => tf.localResponseNormalization(four(x), 2) }],
  LRNGrad: [
    {
      cases: each(['float32'], IMAGES),
      f: (x) => tf.localResponseNormalization(four(x), 1, 1, 0.5, 0.75),
      within: 1e-5,
    },
  ],
  FusedBatchNorm: [
    {
      cases: [
        [2, 3],
        [2, 4, 5, 17],
      ].map((shape) => {
        const c = shape.slice(-1);
        return [of(shape), of(c), of(c, 'float32', 'positive'), of(c), of(c)];
      }),
      f: (...[x, mean, variance, offset, scale]) => tf.batchNorm(x, mean, variance, offset, scale),
      within: 1e-5,
    },
  ],
  LayerNorm: [
    [2, 3],
    [1, 17],
    [2, 3, 5],
    [600, 4],
  ].map((shape) => {
    const c = shape.slice(-1);
    return {
      cases: [[of(shape), of(c), of(c)]],
      f: (x, weight, bias) => kernel('LayerNorm', { x, weight, bias }, { epsilon: 1e-5 })[0],
      reference: normalised,
      within: 1e-5,
    };
  }),
  LayerNormGrad: [
    {
      cases: [[of([600, 5]), of([5]), of([5])]],
      f: (x, weight, bias) => kernel('LayerNorm', { x, weight, bias }, { epsilon: 1e-5 })[0],
      reference: normalised,
      within: 1e-5,
    },
  ],
  Gelu: [
    {
      cases: each(['float32']),
      f: (x) => kernel('Gelu', { x }, { approximate: 'none' })[0],
      reference: gelu,
    },
  ],
  GeluGrad: [
    {
      cases: [[of([33])]],
      f: (x) => kernel('Gelu', { x }, { approximate: 'none' })[0],
      reference: gelu,
    },
  ],
  SoftmaxCrossEntropy: [
    [1, 3],
    [5, 17],
    [2, 700],
  ].map(([n, v]) => ({
    cases: [[of([n, v]), ids([n], v)]],
    f: (logits, targets) => kernel('SoftmaxCrossEntropy', { logits, targets })[0],
    reference: (logits, targets) =>
      tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, v)), -1)),
  })),
  SoftmaxCrossEntropyGrad: [
    {
      cases: [[of([17, 9]), ids([17], 9)]],
      f: (logits, targets) => kernel('SoftmaxCrossEntropy', { logits, targets })[0],
      reference: (logits, targets) =>
        tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, 9)), -1)),
    },
  ],
};
