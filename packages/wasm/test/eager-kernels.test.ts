// tfjs' operations where kernels of this package stand in for the backend's own: against the CPU backend.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { fasterKernels } from '../src/eager/faster-kernels.js';
import { CallCache } from '../src/eager/lowered-call.js';
import { compile, startBackend } from '../src/index.js';
import { wasmBackend } from '../src/kernels/wasm-memory.js';
import { onBackend } from './on-backend.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const tensor = (shape: number[], salt = 1): tf.Tensor =>
  tf.tensor(values(count(shape), salt), shape);
const ints = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Int32Array.from({ length: count(shape) }, (_, i) => (i * 7) % 4),
    shape,
    'int32',
  );
const above = (x: tf.Tensor): tf.Tensor => tf.add(tf.square(x), 0.1);

interface Case {
  readonly kernel: string;
  /** With tensors of a shape. */
  readonly f: (shape: number[]) => tf.Tensor | tf.Tensor[];
}

const unary: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['Exp', tf.exp],
  ['Log', (x) => tf.log(above(x))],
  ['Tanh', tf.tanh],
  ['Erf', tf.erf],
  ['Sqrt', (x) => tf.sqrt(above(x))],
  ['Rsqrt', (x) => tf.rsqrt(above(x))],
  ['Cast', (x) => tf.cast(tf.mul(x, 3), 'int32')],
  ['Cast', (x) => tf.cast(tf.relu(x), 'bool')],
  ['ClipByValue', (x) => tf.clipByValue(x, -0.25, 0.5)],
  ['Relu6', (x) => tf.relu6(tf.mul(x, 9))],
  ['Softmax', (x) => tf.softmax(tf.tile(x, [...x.shape.slice(1).map(() => 1), 600]))],
];
const comparisons: [string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor][] = [
  ['Maximum', tf.maximum],
  ['Minimum', tf.minimum],
  ['Greater', tf.greater],
  ['GreaterEqual', tf.greaterEqual],
  ['Less', tf.less],
  ['LessEqual', tf.lessEqual],
  ['Equal', tf.equal],
];
const axes = (shape: number[]): (number | number[] | undefined)[] =>
  shape.length > 1 ? [undefined, -1, 0, [0, 1]] : [undefined, 0];
const cases: Case[] = [
  ...unary.map(([kernel, f]): Case => ({ kernel, f: (shape) => f(tensor(shape)) })),
  ...comparisons.map(([kernel, f]): Case => ({
    kernel,
    f: (shape) => [
      f(tensor(shape), tensor(shape, 2)),
      f(tensor(shape), tf.scalar(0.3)),
      f(tensor(shape), tensor([shape.at(-1) ?? 1])),
      f(ints(shape), tf.scalar(2, 'int32')),
    ],
  })),
  {
    kernel: 'Select',
    f: (shape) => [
      tf.where(tf.greater(tensor(shape), 0), tensor(shape, 2), tensor(shape, 3)),
      tf.where(tf.greater(tensor(shape), 0), ints(shape), tf.onesLike(ints(shape))),
    ],
  },
  { kernel: 'Sum', f: (shape) => axes(shape).map((axis) => tf.sum(tensor(shape), axis)) },
  { kernel: 'Sum', f: (shape) => axes(shape).map((axis) => tf.sum(ints(shape), axis)) },
  { kernel: 'Mean', f: (shape) => axes(shape).map((axis) => tf.mean(tensor(shape), axis, true)) },
  { kernel: 'Max', f: (shape) => axes(shape).map((axis) => tf.max(tensor(shape), axis)) },
  {
    kernel: 'Transpose',
    f: (shape) => [tf.transpose(tensor(shape)), tf.transpose(ints([2, ...shape, 3]))],
  },
  {
    kernel: 'Slice',
    f: (shape) => [
      tf.slice(
        tensor(shape),
        shape.map((size) => size >> 1),
      ),
      tf.slice(tf.greater(tensor([3, ...shape]), 0), 1, 2),
    ],
  },
  {
    kernel: 'SplitV',
    f: (shape) => [
      ...tf.split(tensor([...shape, 6]), 3, -1),
      ...tf.split(ints([4, ...shape]), [1, 3]),
      ...tf.split(tensor(shape), 1),
    ],
  },
  {
    kernel: 'Concat',
    f: (shape) => [
      tf.concat([tensor(shape), tensor(shape, 2)], -1),
      tf.concat([tensor([1, ...shape]), tensor([3, ...shape])]),
      tf.concat([tf.greater(tensor(shape), 0), tf.less(tensor(shape), 0.5)]),
    ],
  },
  { kernel: 'Pack', f: (shape) => tf.stack([tensor(shape), tensor(shape, 2)], -1) },
  { kernel: 'Unpack', f: (shape) => tf.unstack(tensor([3, ...shape])) },
  {
    kernel: 'PadV2',
    f: (shape) => [
      tf.pad(
        tensor(shape),
        shape.map((_, i) => [i, 2]),
        0.5,
      ),
      tf.pad(tensor([...shape, 1]), [...shape.map((): [number, number] => [0, 0]), [1, 0]]),
    ],
  },
  {
    kernel: 'Tile',
    f: (shape) =>
      tf.tile(
        tensor(shape),
        shape.map((_, i) => 2 + i),
      ),
  },
  {
    kernel: 'GatherV2',
    f: (shape) => [
      tf.gather(tensor([4, ...shape]), ints([5])),
      tf.gather(tensor([...shape, 4]), ints([2, 3]), -1),
      tf.gather(ints([4, ...shape]), ints([3])),
    ],
  },
  { kernel: 'OneHot', f: (shape) => tf.oneHot(ints(shape), 3) },
  {
    kernel: 'UnsortedSegmentSum',
    f: (shape) =>
      tf.unsortedSegmentSum(tensor([5, ...shape]), tf.cast(ints([5]), 'int32') as tf.Tensor1D, 4),
  },
];

describe.each(cases)('$kernel', ({ f }) => {
  it.each([[[1]], [[7]], [[3, 5]], [[2, 3, 4]], [[17, 64]]])('of %j', async (shape) => {
    const work = (): tf.Tensor[] => [f(shape)].flat();
    const cpu = await onBackend('cpu', work);
    // The first call learns what the kernel gives, the second knows; both compute alike.
    for (const wasm of [await onBackend('wasm', work), await onBackend('wasm', work)]) {
      expect(wasm.map(({ shape, dtype }) => [shape, dtype])).toEqual(
        cpu.map(({ shape, dtype }) => [shape, dtype]),
      );
      // Polynomials of exp and its kin, and sums of a thousand values in another order.
      wasm.forEach((result, i) => {
        expectClose(result.values, cpu[i].values, { absolute: 1e-5, relative: 1e-6 });
      });
    }
  });
});

it('each stand-in has a case above', () => {
  const covered = new Set(cases.map(({ kernel }) => kernel));
  expect(fasterKernels.map(([name]) => name).filter((name) => !covered.has(name))).toEqual([]);
});

it('the first call gives what later ones give, bit for bit', () => {
  tf.tidy(() => {
    const x = tensor([11, 13]);
    const f = (): number[][] =>
      [tf.tanh(x), tf.sum(x), tf.log(above(x))].map((y) => Array.from(y.dataSync()));
    expect(f()).toEqual(f());
  });
});

it('an index out of range is refused, whatever was looked up before', () => {
  tf.tidy(() => {
    const table = tensor([4, 3]);
    const look = (...ids: number[]): tf.Tensor => tf.gather(table, tf.tensor1d(ids, 'int32'));
    expect(() => look(0, 4)).toThrow('GatherV2: the index value 4 is not in [0, 3]');
    expect(look(0, 3).shape).toEqual([2, 3]);
    expect(() => look(-1, 3)).toThrow('GatherV2: the index value -1 is not in [0, 3]');
  });
});

it('an operation of nothing is as it was', () => {
  tf.tidy(() => {
    const none = tf.zeros([0, 3]);
    expect(tf.exp(none).shape).toEqual([0, 3]);
    expect(tf.concat([none, tf.ones([1, 3])]).shape).toEqual([1, 3]);
    expect(tf.split(none, 1)).toHaveLength(1);
  });
});

describe('a clone', () => {
  it('is another name for the same memory, which lives as long as either', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const y = tf.clone(x);
    expect(y.dataId).toBe(x.dataId);
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3]);
    y.dispose();
  });

  it('stays as it is when a variable is assigned to', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const before = tf.clone(w);
    tf.tidy(() => w.assign(tf.mul(w, 2)));
    expect([...before.dataSync(), ...w.dataSync()]).toEqual([1, 2, 2, 4]);
    tf.dispose([w, before]);
  });

  it('that two variables hold comes apart when a compiled step writes to one of them', () => {
    const source = tf.variable(tf.tensor1d([1, 2]));
    const target = tf.variable(tf.tensor1d([0, 0]));
    const step = compile((x: tf.Tensor) => {
      source.assign(tf.add(source, x));
      return tf.sub(source, target);
    });
    for (let i = 0; i < 6; i++) {
      tf.tidy(() => target.assign(tf.clone(source))); // the same memory, until the step runs
      expect([...tf.tidy(() => step(tf.scalar(i)).dataSync())]).toEqual([i, i]);
    }
    expect([...source.dataSync(), ...target.dataSync()]).toEqual([16, 17, 11, 12]);
    step.dispose();
    tf.dispose([source, target]);
  });

  it('of strings has strings', () => {
    const x = tf.tensor1d(['a', 'b']);
    expect([...tf.clone(x).dataSync()]).toEqual(['a', 'b']);
    x.dispose();
  });
});

it('leaks nothing', async () => {
  await expectNoLeak(() => {
    const before = wasmBackend().numDataIds();
    tf.tidy(() => {
      for (const { f } of cases) f([3, 5]);
      expect(() => tf.gather(tensor([4, 3]), tf.tensor1d([7], 'int32'))).toThrow('GatherV2');
    });
    expect(wasmBackend().numDataIds()).toBe(before);
  });
});

describe('CallCache', () => {
  const info = (shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.TensorInfo => ({
    dataId: {},
    shape,
    dtype,
  });
  it('distinguishes calls by shapes, types and attributes', () => {
    const cache = new CallCache<number>();
    let finds = 0;
    const find = (): number => ++finds;
    const calls: [tf.TensorInfo[], tf.NamedAttrMap][] = [
      [[info([1, 2])], {}],
      [[info([12])], {}],
      [[info([1, 2], 'int32')], {}],
      [[info([1]), info([2])], {}],
      [[info([1, 2])], { axis: 0 }],
      [[info([1, 2])], { axis: -0 }],
      [[info([1, 2])], { axis: [0, 1] }],
    ];
    const found = [...calls, ...calls].map(([inputs, attrs]) => cache.get(inputs, attrs, find));
    expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('does not grow without end', () => {
    const cache = new CallCache<number>();
    for (let i = 0; i < 1500; i++) cache.get([], { i }, () => i);
    expect(cache.get([], { i: 1499 }, () => -1)).toBe(1499);
    expect(cache.get([], { i: 0 }, () => -1)).toBe(-1);
  });
});
