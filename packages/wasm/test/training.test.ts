import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expectClose } from '@tools/testing';
import { expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import { count, values } from './values.js';

const [B, T, C, H, V] = [16, 3, 4, 12, 9];

const parameter = (shape: number[], salt: number): tf.Variable =>
  tf.variable(tf.tensor(values(count(shape), salt), shape));

/** Trains a 2-layer MLP on embedded tokens for 20 steps and returns its losses. */
async function losses(backend: 'cpu' | 'wasm', create: () => tf.Optimizer): Promise<number[]> {
  await startBackend();
  await tf.setBackend(backend);
  const optimizer = create();
  const embedding = parameter([V, C], 1);
  const [w1, b1] = [parameter([T * C, H], 2), parameter([H], 3)];
  const [w2, b2] = [parameter([H, V], 4), parameter([V], 5)];
  const variables = [embedding, w1, b1, w2, b2];

  const tokens = tf.tensor2d(
    Int32Array.from({ length: B * T }, (_, i) => (i * 5 + 1) % V),
    [B, T],
  );
  const targets = tf.oneHot(tf.tensor1d(Int32Array.from({ length: B }, (_, i) => (i * 2) % V)), V);
  const loss = (): tf.Scalar => {
    const x = tf.reshape(tf.gather(embedding, tokens), [B, T * C]); // [B, T C]
    const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1)); // [B, H]
    const logits = tf.add(tf.matMul(hidden, w2), b2); // [B, V]
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), -1)));
  };

  const history = Array.from({ length: 20 }, () =>
    tf.tidy(() => optimizer.minimize(loss, true, variables)?.dataSync()[0] ?? NaN),
  );
  optimizer.dispose();
  tf.dispose([...variables, tokens, targets]);
  return history;
}

const optimizers: [string, () => tf.Optimizer][] = [
  ['sgd', () => tf.train.sgd(0.1)],
  ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ['adam', () => tf.train.adam(0.01)],
];

it.each(optimizers)(
  'trains an embedding MLP with %s as the CPU backend does',
  async (_, create) => {
    const cpu = await losses('cpu', create);
    const wasm = await losses('wasm', create);
    expectClose(wasm, cpu, { absolute: 1e-5 });
    expect(wasm[19]).toBeLessThan(0.8 * wasm[0]);
  },
);
