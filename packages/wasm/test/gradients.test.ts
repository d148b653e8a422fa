import * as tf from '@tensorflow/tfjs-core';
import { expectClose, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import { onBackend } from './on-backend.js';
import { rank3, rank4 } from './ranks.js';
import { count, values } from './values.js';

interface Case {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly f: (inputs: tf.Tensor[]) => tf.Tensor;
}

const tokens = (): tf.Tensor2D => tf.tensor2d([3, 0, 3, 1, 2, 3], [2, 3], 'int32');

/** Linear or bilinear in each input, so that central differences are exact but for rounding. */
const bilinear: Case[] = [
  { name: 'embedding look-up', shapes: [[5, 4]], f: ([table]) => tf.gather(table, tokens()) },
  { name: 'gather of columns', shapes: [[3, 4]], f: ([x]) => tf.gather(x, tokens(), 1) },
  conv1dCase('conv1d, same', [1, 'same']),
  conv1dCase('conv1d, valid, stride 2', [2, 'valid']),
  {
    name: 'conv1d, causal by padding',
    shapes: [
      [2, 5, 3],
      [2, 3, 4],
    ],
    f: ([x, w]) =>
      tf.conv1d(
        rank3(
          tf.pad(x, [
            [0, 0],
            [1, 0],
            [0, 0],
          ]),
        ),
        rank3(w),
        1,
        'valid',
      ),
  },
];

function conv1dCase(name: string, [stride, pad]: [number, 'same' | 'valid']): Case {
  return {
    name,
    shapes: [
      [2, 5, 3],
      [2, 3, 4],
    ],
    f: ([x, w]) => tf.conv1d(rank3(x), rank3(w), stride, pad),
  };
}

/** What MLPs, convolutional and gated nets are made of. */
const layers: Case[] = [
  { name: 'relu', shapes: [[3, 5]], f: ([x]) => tf.relu(x) },
  { name: 'tanh', shapes: [[3, 5]], f: ([x]) => tf.tanh(x) },
  {
    name: 'gated unit',
    shapes: [[2, 4, 6]],
    f: ([x]) => {
      const [a, b] = tf.split(x, 2, -1);
      return tf.mul(tf.tanh(a), tf.sigmoid(b));
    },
  },
  {
    name: 'gelu by erf',
    shapes: [[3, 5]],
    f: ([x]) => tf.mul(x, tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
  },
  {
    name: 'linear',
    shapes: [[4, 3], [3, 5], [5]],
    f: ([x, w, b]) => tf.add(tf.matMul(x, w), b),
  },
  {
    name: 'linear over [B, T, C], transposed weight',
    shapes: [
      [2, 3, 4],
      [5, 4],
    ],
    f: ([x, w]) => tf.matMul(tf.reshape(x, [6, 4]), w, false, true),
  },
  {
    name: 'layer norm',
    shapes: [[2, 3, 5], [5], [5]],
    f: ([x, scale, shift]) => {
      const { mean, variance } = tf.moments(x, -1, true);
      const unit = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
      return tf.add(tf.mul(unit, scale), shift);
    },
  },
  {
    name: 'batch norm',
    shapes: [[4, 3], [3], [3]],
    f: ([x, scale, shift]) => {
      const { mean, variance } = tf.moments(x, 0);
      return tf.batchNorm(x, mean, variance, shift, scale);
    },
  },
  { name: 'dropout', shapes: [[4, 5]], f: ([x]) => tf.dropout(x, 0.5, undefined, 7) },
  { name: 'softmax', shapes: [[3, 5]], f: ([x]) => tf.softmax(x) },
  {
    name: 'cross-entropy by logSoftmax',
    shapes: [[3, 5]],
    f: ([x]) => tf.sum(tf.mul(tf.logSoftmax(x), tf.oneHot(tf.tensor1d([1, 4, 0], 'int32'), 5)), -1),
  },
  {
    name: 'cross-entropy of tfjs',
    shapes: [[3, 5]],
    f: ([x]) => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([1, 4, 0], 'int32'), 5), x),
  },
  {
    name: 'dilated convolution as shifted slices',
    shapes: [
      [2, 5, 3],
      [3, 4],
      [3, 4],
    ],
    f: ([x, early, late]) =>
      tf.add(
        tf.matMul(tf.reshape(tf.slice(x, [0, 0, 0], [2, 3, 3]), [6, 3]), early),
        tf.matMul(tf.reshape(tf.slice(x, [0, 2, 0], [2, 3, 3]), [6, 3]), late),
      ),
  },
  {
    name: 'attention',
    shapes: [
      [2, 3, 4],
      [2, 3, 4],
      [2, 3, 4],
    ],
    f: ([q, k, v]) => tf.matMul(tf.softmax(tf.matMul(q, k, false, true)), v),
  },
  {
    name: 'max and mean pooling',
    shapes: [[2, 4, 3]],
    f: ([x]) => tf.add(tf.max(x, 1), tf.mean(x, 1)),
  },
  {
    name: 'conv2d, stride 2, and max pool',
    shapes: [
      [2, 7, 7, 2],
      [3, 3, 2, 3],
    ],
    f: ([x, w]) => tf.maxPool(tf.conv2d(rank4(x), rank4(w), 2, 'same'), 2, 2, 'valid'),
  },
];

const inputsOf = ({ shapes }: Case): tf.Tensor[] =>
  shapes.map((shape, i) => tf.tensor(values(count(shape), i + 1), shape));

/** `Σ weight f(inputs)` with fixed weights, a scalar whose gradient reaches every element. */
const weighted = (y: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(y, tf.tensor(values(y.size, 9), y.shape)));

const gradientsOf = (given: Case): tf.Tensor[] =>
  tf.grads((...inputs: tf.Tensor[]) => weighted(given.f(inputs)))(inputsOf(given));

beforeAll(async () => {
  await startBackend();
});

describe('gradients', () => {
  it.each([...bilinear, ...layers])('of $name equal the CPU backend’s', async (given) => {
    const cpu = await onBackend('cpu', () => gradientsOf(given));
    const wasm = await onBackend('wasm', () => gradientsOf(given));
    expect(wasm.map(({ shape }) => shape)).toEqual(given.shapes);
    // Float32 sums of a few dozen values near 1, in another order.
    wasm.forEach((gradient, i) => {
      expectClose(gradient.values, cpu[i].values, { absolute: 3e-6, relative: 1e-5 });
    });
  });

  it.each(bilinear)('of $name equal central differences', async (given) => {
    const gradients = await onBackend('wasm', () => gradientsOf(given));
    given.shapes.forEach((shape, i) => {
      const x = values(count(shape), i + 1);
      const f = (changed: Float32Array): number =>
        tf.tidy(() => {
          const inputs = inputsOf(given);
          inputs[i] = tf.tensor(changed, shape);
          return weighted(given.f(inputs)).dataSync()[0];
        });
      // Values near 5 have a rounding of 3e-7, of which the step of 0.1 makes 3e-6.
      expectClose(gradients[i].values, numericGradient(f, x, 0.1), { absolute: 2e-5 });
    });
  });
});
