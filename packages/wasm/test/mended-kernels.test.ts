// Calls that the stock backend computes wrongly, or for which it reads or writes other memory.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { onBackend } from './on-backend.js';
import { rank4 } from './ranks.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const float = (shape: number[], salt = 1): tf.Tensor =>
  tf.tensor(values(count(shape), salt), shape);
const int = (list: number[], shape: number[] = [list.length]): tf.Tensor =>
  tf.tensor(list, shape, 'int32');

async function expectLikeCpu(work: () => tf.Tensor): Promise<void> {
  const [cpu] = await onBackend('cpu', () => [work()]);
  const [wasm] = await onBackend('wasm', () => [work()]);
  expect([wasm.shape, wasm.dtype]).toEqual([cpu.shape, cpu.dtype]);
  expectClose(wasm.values, cpu.values, { absolute: 3e-6 }); // sums of some ten products
}

describe('gather', () => {
  const cases: [name: string, gather: () => tf.Tensor][] = [
    [
      'along the last axis, with a batch',
      () => tf.gather(float([2, 3]), int([2, 0], [2, 1]), 1, 1),
    ],
    [
      'with a batch, between axes',
      () => tf.gather(float([2, 5, 3, 2]), int([2, 0, 1, 1], [2, 2]), 2, 1),
    ],
    [
      'with two batch dimensions',
      () => tf.gather(float([2, 2, 3]), int([2, 0, 1, 1], [2, 2]), 2, 2),
    ],
    ['along a negative axis', () => tf.gather(float([2, 3]), int([2, 2, 1]), -1)],
    ['of int32', () => tf.gather(int([1, 2, 3, 4, 5, 6], [2, 3]), int([2, 0]), 1)],
    ['of bool', () => tf.gather(tf.tensor([1, 0, 1, 0, 0, 1], [2, 3], 'bool'), int([2, 0]), 1)],
    ['of no index', () => tf.gather(float([2, 3]), int([]), 1)],
    ['of a scalar index', () => tf.gather(float([2, 3]), tf.scalar(1, 'int32'), 1)],
  ];

  it.each(cases)('%s', async (_, gather) => {
    await expectLikeCpu(gather);
    const compiled = compile(() => gather());
    const expected = [...gather().dataSync()];
    for (let i = 0; i < 3; i++) expect([...compiled().dataSync()]).toEqual(expected);
    compiled.dispose();
  });

  it('gives cross-entropy written by hand', () => {
    const probabilities = tf.tensor2d([0.1, 0.2, 0.7, 0.3, 0.4, 0.3], [2, 3]);
    const targets = int([2, 0], [2, 1]);
    expectClose(tf.gather(probabilities, targets, 1, 1).dataSync(), [0.7, 0.3], { absolute: 1e-7 });
  });

  it('refuses an index out of range, with a batch and in a replay too', () => {
    expect(() => tf.gather(float([2, 3]), int([3, 0], [2, 1]), 1, 1)).toThrow(
      'GatherV2: the index value 3 is not in [0, 2]',
    );
    const look = compile((indices: tf.Tensor) =>
      tf.gather(float([2, 3]), tf.cast(indices, 'int32'), 1, 1),
    );
    const place = (index: number): tf.Tensor => int([index, 0], [2, 1]);
    for (let i = 0; i < 3; i++) look(place(i)).dispose();
    expect(() => look(place(-1))).toThrow('GatherV2: the index value -1 is not in [0, 2]');
    look.dispose();
  });
});

describe('products', () => {
  const a = (): tf.Tensor => int([1, -2, 3, 4, 5, 6], [2, 3]);
  const b = (): tf.Tensor => int([7, 8, 9, 1, 2, 3], [3, 2]);

  it('of int32 stay int32, batches and transposed factors too', async () => {
    await expectLikeCpu(() => tf.matMul(a(), b()));
    await expectLikeCpu(() => tf.matMul(a(), a(), false, true));
    await expectLikeCpu(() => tf.matMul(a(), a(), true, false));
    await expectLikeCpu(() =>
      tf.matMul(int([...Array(12).keys()], [2, 2, 3]), int([...Array(6).keys()], [1, 3, 2])),
    );
    expect([...tf.matMul(int([65_536], [1, 1]), int([65_537], [1, 1])).dataSync()]).toEqual([
      65_536,
    ]);
  });

  it('of int32 and float32 or bool take the wider type', async () => {
    await expectLikeCpu(() => tf.matMul(a(), float([3, 2])));
    await expectLikeCpu(() => tf.matMul(a(), tf.tensor([1, 0, 1, 1, 0, 0], [3, 2], 'bool')));
  });

  it('refuse vectors and bools', () => {
    const vector = float([3]);
    expect(() => tf.matMul(float([2, 3]), vector)).toThrow(
      'BatchMatMul: the factors must be matrices',
    );
    const flags = tf.ones([2, 2], 'bool');
    expect(() => tf.matMul(flags, flags)).toThrow('must be both float32, or both int32; got bool');
  });

  it('take a bias of any shape with an activation', async () => {
    for (const shape of [[], [2], [3, 2], [1, 2], [3, 1]]) {
      await expectLikeCpu(() =>
        tf.fused.matMul({
          a: float([3, 4]),
          b: float([4, 2], 2),
          bias: float(shape, 3),
          activation: 'relu',
        }),
      );
    }
  });
});

describe('convolutions', () => {
  const image = (): tf.Tensor4D => rank4(float([2, 5, 6, 3]));
  const channelsFirst = (): tf.Tensor4D => rank4(float([2, 3, 5, 6]));
  const filter = (): tf.Tensor4D => rank4(float([2, 2, 3, 4], 2));

  it('with same padding and a stride above the filter’s size', async () => {
    const one = (): tf.Tensor4D => rank4(float([1, 1, 3, 4], 2));
    await expectLikeCpu(() => tf.conv2d(image(), one(), 3, 'same'));
    await expectLikeCpu(() => tf.depthwiseConv2d(image(), one(), 3, 'same'));
  });

  it.each(['floor', 'round', 'ceil'] as const)(
    'whose output’s size is rounded by %s',
    async (rounding) => {
      await expectLikeCpu(() => tf.conv2d(image(), filter(), 2, 0, 'NHWC', 1, rounding));
      await expectLikeCpu(() => tf.conv2d(image(), filter(), [3, 2], 1, 'NHWC', 1, rounding));
      await expectLikeCpu(() => tf.depthwiseConv2d(image(), filter(), 2, 0, 'NHWC', 1, rounding));
    },
  );

  it('with channels first', async () => {
    await expectLikeCpu(() => tf.conv2d(channelsFirst(), filter(), 1, 'same', 'NCHW'));
    await expectLikeCpu(() =>
      tf.conv2d(
        channelsFirst(),
        filter(),
        1,
        [
          [0, 0],
          [0, 0],
          [2, 0],
          [1, 0],
        ],
        'NCHW',
      ),
    );
  });

  it('with dilations', async () => {
    await expectLikeCpu(() => tf.conv2d(image(), filter(), 1, 'same', 'NHWC', 2));
    await expectLikeCpu(() => tf.depthwiseConv2d(image(), filter(), 1, 'valid', 'NHWC', 2));
  });

  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const)(
    'with a bias and %s',
    async (activation) => {
      for (const shape of [[], [4], [1, 1, 1, 4], [6, 4]]) {
        const call = { strides: 1, pad: 'same', activation } as const;
        await expectLikeCpu(() =>
          tf.fused.conv2d({
            ...call,
            x: image(),
            filter: filter(),
            bias: float(shape, 3),
            leakyreluAlpha: 0.3,
          }),
        );
      }
    },
  );

  it('refuse a filter larger than x', () => {
    const large = rank4(float([8, 8, 3, 4]));
    expect(() => tf.conv2d(image(), large, 1, 'valid')).toThrow('Conv2D: the filter must fit');
  });
});

it('prelu takes weights of any shape that x can be broadcast with', async () => {
  for (const shape of [[], [1], [3], [2, 1], [2, 3], [1, 2, 1], [2, 2, 3]]) {
    await expectLikeCpu(() => tf.prelu(float([2, 2, 3]), float(shape, 2)));
  }
});

/** `tf.bincount` is typed for vectors, and takes others. */
const ofAnyRank = (x: tf.Tensor): tf.Tensor1D => x as tf.Tensor1D;

it('bincount counts values of any shape', async () => {
  const none = (): tf.Tensor1D => tf.tensor1d([]);
  await expectLikeCpu(() => tf.bincount(int([0, 1, 1, 7]) as tf.Tensor1D, none(), 3));
  await expectLikeCpu(() => tf.bincount(ofAnyRank(int([0, 1, 1, 2], [2, 2, 1])), none(), 3));
  await expectLikeCpu(() =>
    tf.bincount(int([0, 1, 1]) as tf.Tensor1D, tf.tensor1d([0.5, 2, 3]), 3),
  );
});

describe('what would read or write other memory is refused', () => {
  const vector = (): tf.Tensor => tf.tensor1d([1, 2, 3]);
  const place = (index: number): tf.Tensor => int([index], [1, 1]);
  const one = (): tf.Tensor => tf.tensor1d([1]);
  const box = (): tf.Tensor2D => tf.tensor2d([[0, 0, 1, 1]]);
  const refused: [name: string, call: () => tf.Tensor, message: string][] = [
    [
      'gatherND',
      () => tf.gatherND(vector(), place(3)),
      'GatherNd: indices must be within the shape [3]; got 3',
    ],
    ['gatherND below 0', () => tf.gatherND(vector(), place(-1)), 'GatherNd: indices must be'],
    ['scatterND', () => tf.scatterND(place(9), one(), [3]), 'ScatterNd: indices must be'],
    [
      'tensorScatterUpdate',
      () => tf.tensorScatterUpdate(vector(), place(9), one()),
      'TensorScatterUpdate: indices must be',
    ],
    [
      'sparseToDense',
      () => tf.sparseToDense(int([9]), one(), [3], tf.scalar(0)),
      'SparseToDense: sparseIndices must be',
    ],
    [
      'cropAndResize',
      () =>
        tf.image.cropAndResize(rank4(float([1, 2, 2, 1])), box(), int([7]) as tf.Tensor1D, [2, 2]),
      'CropAndResize: boxInd must be',
    ],
    [
      'bincount',
      () => tf.bincount(int([-1]) as tf.Tensor1D, tf.tensor1d([]), 3),
      'must be non-negative',
    ],
    [
      'denseBincount',
      () => tf.denseBincount(int([-1]) as tf.Tensor1D, tf.tensor1d([]), 3),
      'must be non-negative',
    ],
    ['slice', () => tf.slice(float([2, 2]), [0, 1], [2, 5]), 'would overflow'],
    ['pad', () => tf.pad(vector(), [[-1, 0]]), 'PadV2: paddings must be 0 and above; got [-1,0]'],
  ];

  it.each(refused)('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});

it('kernels without strings refuse them', () => {
  const words = tf.tensor1d(['a', 'b']);
  const calls: (() => tf.Tensor)[] = [
    () => tf.tile(words, [2]),
    () => tf.equal(words, words),
    () => tf.less(words, words),
    () => tf.notEqual(words, words),
    () =>
      tf
        .engine()
        .runKernel(
          'SparseToDense',
          { sparseIndices: int([0]), sparseValues: words, defaultValue: tf.scalar('') },
          { outputShape: [2] },
        ),
  ];
  for (const call of calls) expect(call).toThrow('a tensor of strings');
});

it('leaks nothing', async () => {
  await expectNoLeak(() => {
    tf.tidy(() => {
      tf.conv2d(rank4(float([1, 3, 4, 4])), rank4(float([2, 2, 3, 2])), 1, 'same', 'NCHW');
      tf.fused.conv2d({
        x: rank4(float([1, 4, 4, 3])),
        filter: rank4(float([2, 2, 3, 2])),
        strides: 1,
        pad: 'same',
        bias: tf.scalar(1),
        activation: 'relu',
      });
      tf.prelu(float([2, 3]), float([2, 1]));
      expect(() => tf.gather(float([2, 3]), int([3, 0], [2, 1]), 1, 1)).toThrow('GatherV2');
    });
  });
});
