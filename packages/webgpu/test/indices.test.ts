// Indices out of range: what kernels can't refuse, the program does, whether the step was given them or computes them.
import { startBackend } from '@llm101/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilerFor } from '../src/index.js';
import { hasNone, sharedGpu } from './on-gpu.js';
import { run } from './on-both.js';

beforeAll(() => startBackend());

const whole = (values: readonly number[], shape: readonly number[] = [values.length]): tf.Tensor =>
  tf.tensor([...values], [...shape], 'int32');
const table = (): tf.Tensor => tf.reshape(tf.range(0, 15), [5, 3]);
const plusOne = <Kind extends tf.Tensor>(x: Kind): Kind => tf.add(x, tf.scalar(1, 'int32'));

interface Case {
  readonly name: string;
  readonly shape?: readonly number[];
  readonly step: (x: tf.Tensor) => tf.Tensor;
  readonly right: readonly number[];
  readonly wrong: readonly (readonly [indices: readonly number[], sentence: string])[];
}

const cases: readonly Case[] = [
  {
    name: 'rows',
    step: (x) => tf.gather(table(), plusOne(x as tf.Tensor1D)),
    right: [3, -1],
    wrong: [
      [[0, 4], 'what the step computes is read by GatherV2, and must be from 0 to 4; got 5'],
      [[-2, 3], 'must be from 0 to 4; got -1'],
    ],
  },
  {
    name: 'elements, along each axis',
    shape: [2, 2],
    step: (x) => tf.gatherND(table(), plusOne(x)),
    right: [3, 1, -1, 0],
    wrong: [
      [[2, 1, 2, 2], 'read by GatherNd, and must be from 0 to 2; got 3'],
      [[4, 1, 2, 1], 'read by GatherNd, and must be from 0 to 4; got 5'],
    ],
  },
  {
    name: 'one element',
    step: (x) => tf.gatherND(table(), plusOne(x)),
    right: [3, 1],
    wrong: [[[3, 2], 'read by GatherNd, and must be from 0 to 2; got 3']],
  },
  {
    name: 'elements whose axes are exchanged before',
    shape: [2, 2],
    step: (x) => tf.gatherND(table(), tf.reverse(x, 1)),
    right: [1, 3, 0, 4],
    wrong: [[[3, 1, 0, 0], 'what the step computes is read by GatherNd']],
  },
  {
    name: 'sums at indices',
    shape: [2, 1],
    step: (x) => tf.scatterND(plusOne(x), tf.ones([2]), [4]),
    right: [2, -1],
    wrong: [[[2, 3], 'read by ScatterNd, and must be from 0 to 3; got 4']],
  },
  {
    name: 'counts of an argument',
    step: (x) => tf.bincount(x as tf.Tensor1D, tf.tensor1d([]), 3),
    right: [2, 7],
    wrong: [[[2, -1], 'argument 1 is read by Bincount, and must be 0 or above; got -1 at 1']],
  },
  {
    name: 'counts of what is computed',
    step: (x) => tf.bincount(plusOne(x as tf.Tensor1D), tf.tensor1d([]), 3),
    right: [2, -1],
    wrong: [[[2, -2], 'read by Bincount, and must be 0 or above; got -1']],
  },
  {
    name: 'targets',
    step: (x) => run('SoftmaxCrossEntropy', { logits: table(), targets: plusOne(x) })[0],
    right: [1, 0, -1, 1, 0],
    wrong: [[[1, 0, -1, 1, 2], 'read by SoftmaxCrossEntropy, and must be from 0 to 2; got 3']],
  },
  {
    name: 'a part of an argument, of which the rest is something else',
    step: (x) => tf.gather(table(), tf.slice(x as tf.Tensor1D, [1], [2])),
    right: [99, 4, 0],
    wrong: [[[0, 5, 0], 'must be from 0 to 4; got 5']],
  },
];

describe.skipIf(hasNone)('indices', () => {
  it.each(cases)('$name', async ({ shape, step, right, wrong }) => {
    const compiled = compilerFor(await sharedGpu())(step);
    const wanted = await step(whole(right, shape)).data();
    const check = async (): Promise<void> => {
      const got = (await compiled.readLater(whole(right, shape))) as Float32Array;
      expect(got).toHaveLength(wanted.length);
      for (const [i, x] of got.entries()) expect(x).toBeCloseTo(wanted[i], 5);
    };
    await check();
    for (const [indices, sentence] of wrong) {
      const refused = compiled.readLater(whole(indices, shape));
      await expect(refused).rejects.toThrow(sentence);
      await expect(refused).rejects.toThrow(RangeError);
    }
    await check(); // the step goes on
  });

  it('of nothing', async () => {
    const step = compilerFor(await sharedGpu())((x: tf.Tensor) =>
      tf.gather(tf.zeros([0, 3]), x as tf.Tensor1D),
    );
    await expect(step.readLater(whole([0]))).rejects.toThrow(RangeError);
    expect(await step.readLater(whole([]))).toHaveLength(0);
  });

  it('in a variable', async () => {
    const indices = tf.variable(whole([1, 4]) as tf.Tensor1D);
    const step = compilerFor(await sharedGpu())((x: tf.Tensor) =>
      tf.mul(tf.gather(table(), indices), x),
    );
    expect(Array.from((await step.readLater(1)) as Float32Array)).toEqual([3, 4, 5, 12, 13, 14]);
    indices.assign(whole([1, 5]) as tf.Tensor1D);
    await expect(step.readLater(1)).rejects.toThrow('must be from 0 to 4; got 5');
  });
});
