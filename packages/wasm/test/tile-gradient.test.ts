// The gradient of `tf.tile`, which is also that of `tf.broadcastTo`.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const float = (shape: number[], salt = 1): tf.Tensor =>
  tf.tensor(values(count(shape), salt), shape);

describe('the gradient of tile', () => {
  it.each([
    [[3], [4]],
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 1, 3],
      [2, 4, 1],
    ],
    [
      [1, 2, 1, 2],
      [3, 1, 2, 2],
    ],
    [
      [2, 1, 1, 1, 2],
      [1, 2, 3, 1, 2],
    ],
    [
      [2, 0],
      [2, 3],
    ],
    [
      [2, 3],
      [2, 0],
    ],
  ])('of %j, %j times', (shape, reps) => {
    const x = float(shape);
    const weights = float(
      shape.map((n, i) => n * reps[i]),
      3,
    );
    const slope = (): tf.Tensor =>
      tf.grad((t: tf.Tensor) => tf.sum(tf.mul(tf.tile(t, reps), weights)))(x);
    const expected = new Float32Array(x.size);
    const strides = tf.util.computeStrides(shape);
    const tiled = tf.util.computeStrides(weights.shape);
    weights.dataSync().forEach((weight, i) => {
      const place = tf.util.indexToLoc(i, weights.rank, tiled);
      const at = place.map((n, axis) => n % shape[axis]);
      expected[tf.util.locToIndex(at, x.rank, strides)] += weight;
    });
    expectClose(slope().dataSync(), expected, { absolute: 1e-5 });
    expect(slope().shape).toEqual(shape);
    const compiled = compile(slope);
    for (let i = 0; i < 3; i++) expect(compiled().dataSync()).toEqual(slope().dataSync());
    compiled.dispose();
  });

  it('adds a hundred thousand copies at once', () => {
    const copies = 100_000;
    const slope = tf.grad((t: tf.Tensor) => tf.sum(tf.broadcastTo(t, [copies])))(tf.ones([1]));
    expect([...slope.dataSync()]).toEqual([copies]);
  });
});
