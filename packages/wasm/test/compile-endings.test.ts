// What is done to the sums of a product within the product: the same bits as outside of compiled steps.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import * as own from './own-kernels.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

type Step = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Compiles a step, compares what it gives with what it gives uncompiled, and tells how often it calls each kernel. */
function kernelsOf(step: Step, shapes: readonly number[][]): Readonly<Record<string, number>> {
  const all = (...inputs: tf.Tensor[]): tf.Tensor[] => [step(...inputs)].flat();
  const compiled = compile(all, { relaxedSimd: false });
  for (let i = 0; i < 3; i++) {
    tf.tidy(() => {
      const inputs = shapes.map((shape, j) => tf.tensor(values(count(shape), 7 * i + j), shape));
      const expected = all(...inputs).map((tensor) => tensor.dataSync());
      const given = compiled(...inputs).map((tensor) => tensor.dataSync());
      expect(given).toEqual(expected);
    });
  }
  const { kernels = {}, fallbacks } = compiled.program?.stats ?? {};
  expect(fallbacks).toEqual({});
  compiled.dispose();
  return kernels;
}

const layer = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(tf.matMul(x, w), b);

/** Beyond a block of columns, of rows and of depth, each by a part of a tile; and less than a tile. */
const sizes = [
  [9, 523, 70],
  [99, 20, 130],
  [5, 9, 3],
];

describe.each(sizes)('a product of %i rows, %i columns, %i deep', (M, N, K) => {
  const shapes = [[M, K], [K, N], [N], [M, N]];

  const sums: [string, Step][] = [
    ['behind the bias', (x, w, b, other) => tf.add(layer(x, w, b), other)],
    ['from the left', (x, w, _, other) => tf.add(other, tf.matMul(x, w))],
    [
      'of another shape',
      (x, w, b, other) =>
        tf.add(tf.reshape(layer(x, w, b), [1, M, N]), tf.reshape(other, [1, M, N])),
    ],
  ];
  it.each(sums)('takes in the addition of another tensor: %s', (_, step) => {
    expect(kernelsOf(step, shapes)).toEqual({ matmul: 1 });
  });

  it.each(['none', 'tanh'] as const)('takes in GELU, by erf or tanh: %s', (form) => {
    const step: Step = (x, w, b) => own.gelu(layer(x, w, b), form);
    expect(kernelsOf(step, shapes)).toEqual({ matmul: 1 });
  });

  it('takes in ReLU without a bias', () => {
    expect(kernelsOf((x, w) => tf.relu(tf.matMul(x, w)), shapes)).toEqual({ matmul: 1 });
  });

  const activations = [
    ['gelu', (x: tf.Tensor) => own.gelu(x, 'none')],
    ['geluByTanh', (x: tf.Tensor) => own.gelu(x, 'tanh')],
    ['relu', (x: tf.Tensor) => tf.relu(x)],
    ['squaredRelu', own.squaredRelu],
  ] as const;
  it.each(activations)('and its gradient take in %s and its slope', (name, activation) => {
    const network = (...[x, w, b, last]: tf.Tensor[]): tf.Tensor =>
      tf.matMul(activation(layer(x, w, b)), last);
    const step: Step = (...inputs) => tf.grads(network)(inputs, tf.ones([M, 4]));
    const kernels = kernelsOf(step, [...shapes.slice(0, 3), [N, 4]]);
    const separate = [name, `${name}Gradient`].map((kernel) => kernels[kernel]);
    expect(separate).toEqual([undefined, undefined]);
    expect(kernels['matmul']).toBe(5); // the last product isn't needed: its gradient is given
  });
});

it('leaves what is done to sums that something else reads, and what a column is added to', () => {
  const shapes = [[6, 5], [5, 8], [8], [6, 1]];
  const twice: Step = (x, w, b) => {
    const y = layer(x, w, b);
    return tf.mul(tf.relu(y), y);
  };
  expect(kernelsOf(twice, shapes)).toEqual({ matmul: 1, relu: 1, multiply: 1 });
  const added: Step = (x, w) => {
    const y = tf.matMul(x, w);
    return tf.add(y, tf.neg(y));
  };
  expect(kernelsOf(added, shapes)).toEqual({ matmul: 1, negate: 1, add: 1 });
  const column: Step = (x, w, _, column) => tf.add(tf.matMul(x, w), column);
  expect(kernelsOf(column, shapes)).toEqual({ matmul: 1, addColumn: 1 });
});

it('leaves sums that are each added to each value of what looks like a bias', () => {
  const compiled = compile(outer);
  tf.tidy(() => {
    const [x, w, b] = [[6, 5], [5, 8], [8]].map((shape) => tf.tensor(values(count(shape)), shape));
    expect(compiled(x, w, b).dataSync()).toEqual(outer(x, w, b).dataSync());
  });
  compiled.dispose();

  function outer(x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor {
    return tf.add(tf.reshape(tf.matMul(x, w), [48, 1]), b);
  }
});

it('takes in the first of two GELUs of one product', () => {
  const step: Step = (x, w) => {
    const y = tf.matMul(x, w);
    return [own.gelu(y, 'none'), own.gelu(y, 'tanh'), y];
  };
  expect(
    kernelsOf(step, [
      [6, 5],
      [5, 8],
    ]),
  ).toEqual({ matmul: 1, geluByTanh: 1 });
});
