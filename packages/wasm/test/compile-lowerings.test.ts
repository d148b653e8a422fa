import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from '@tools/testing';
import { beforeAll, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

interface Case {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Whether tfjs' kernel does it. */
  readonly falls?: boolean;
}

const pairs: [string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor][] = [
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div],
];
const shapesOfPairs: [number[], number[]][] = [
  [[7], [7]],
  [[], [5]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [3, 1],
    [3, 5],
  ],
  [
    [2, 3, 5],
    [3, 5],
  ],
  [[2, 3, 5], []],
];

const cases: Case[] = [
  ...pairs.flatMap(([name, f]) =>
    shapesOfPairs.map(([a, b]): Case => ({
      name: `${name} [${a.join()}] [${b.join()}]`,
      shapes: [a, b],
      f,
    })),
  ),
  { name: 'sub of a row', shapes: [[5], [3, 5]], f: tf.sub, falls: true },
  {
    name: 'unary functions',
    shapes: [[3, 5]],
    f: (x) =>
      tf.stack([
        tf.relu(x),
        tf.exp(x),
        tf.tanh(x),
        tf.sigmoid(x),
        tf.square(x),
        tf.log(tf.add(tf.square(x), 1)),
        tf.sqrt(tf.square(x)),
        tf.rsqrt(tf.add(tf.square(x), 1)),
      ]),
  },
  {
    name: 'power',
    shapes: [[3, 5]],
    f: (x) => [
      tf.pow(tf.add(tf.square(x), 1), -1.5),
      tf.pow(tf.add(tf.square(x), 1), 0.5),
      tf.pow(x, 2),
      tf.pow(tf.add(tf.square(x), 1), 1.5),
    ],
  },
  {
    name: 'reductions of rows and columns',
    shapes: [[4, 3, 5]],
    f: (x) => [
      tf.sum(x),
      tf.sum(x, -1),
      tf.sum(x, [1, 2]),
      tf.mean(x, 2, true),
      tf.max(x, -1),
      tf.sum(x, 0),
      tf.sum(x, [0, 1]),
    ],
  },
  {
    name: 'sums of middle axes',
    shapes: [[4, 3, 5, 2]],
    f: (x) => [tf.sum(x, 1), tf.sum(x, [1, 2]), tf.sum(x, 2, true)],
  },
  { name: 'a sum of axes apart', shapes: [[4, 3, 5]], f: (x) => tf.sum(x, [0, 2]), falls: true },
  {
    name: 'sums of int32',
    shapes: [[3, 5]],
    f: (x) => {
      const whole = tf.cast(tf.mul(x, 9), 'int32');
      return [tf.add(whole, tf.scalar(3, 'int32')), tf.add(whole, whole)];
    },
  },
  {
    name: 'axes that change places',
    shapes: [[2, 3, 4, 5]],
    f: (x) => [
      tf.transpose(x, [0, 2, 1, 3]),
      tf.transpose(x, [3, 2, 1, 0]),
      tf.transpose(tf.reshape(x, [6, 20])),
    ],
  },
  {
    name: 'weights of a convolution to the layout of its product and back',
    shapes: [
      [17, 3, 2],
      [2, 3, 18],
      [5, 3, 2],
    ],
    f: (x, y, z) => [x, y, z].map((w) => tf.transpose(w, [2, 1, 0])),
  },
  {
    name: 'parts',
    shapes: [[4, 6, 5]],
    f: (x) => [tf.slice(x, [1, 2, 0], [2, 3, 5]), ...tf.split(x, 3, 1), ...tf.split(x, [1, 4], 2)],
  },
  {
    name: 'tensors side by side',
    shapes: [
      [2, 3, 4],
      [2, 3, 1],
      [2, 3, 4],
    ],
    f: (x, y, z) => [tf.concat([x, y, z], -1), tf.concat([x, z], 0), tf.concat([z, x], 1)],
  },
  {
    name: 'a stack and its parts',
    shapes: [
      [2, 3, 4],
      [2, 3, 4],
    ],
    f: (x, y) => [tf.stack([x, y]), tf.stack([y, x], 1), tf.stack([x, x], -1), ...tf.unstack(x, 1)],
  },
  {
    name: 'paddings',
    shapes: [[2, 3, 4], [5]],
    f: (x, y) => [
      ...[
        [0, 0, 2, 1, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 3],
        [1, 1, 0, 2, 3, 0],
      ].map(([a, b, c, d, e, f]) =>
        tf.pad(
          x,
          [
            [a, b],
            [c, d],
            [e, f],
          ],
          0.5,
        ),
      ),
      tf.pad(y, [[1, 2]]),
      tf.pad(tf.cast(y, 'int32'), [[1, 2]], 7),
    ],
  },
  {
    name: 'repetitions',
    shapes: [[2, 3], [1, 4], [3]],
    f: (x, y, z) => [tf.tile(x, [2, 2]), tf.tile(y, [3, 1]), tf.tile(z, [4]), tf.tile(x, [1, 3])],
  },
  {
    name: 'comparisons and choices',
    shapes: [[3, 5], [3, 5], []],
    f: (x, y, z) => [
      tf.greater(x, y),
      tf.greaterEqual(x, x),
      tf.less(x, z),
      tf.lessEqual(z, y),
      tf.equal(x, tf.relu(x)),
      tf.where(tf.greater(x, y), x, y),
      tf.where(tf.less(x, z), tf.scalar(1), y),
      tf.cast(tf.greater(x, 0.2), 'float32'),
      tf.cast(tf.mul(x, 10), 'int32'),
    ],
  },
  { name: 'the error function', shapes: [[3, 5]], f: (x) => tf.erf(tf.mul(x, 3)) },
  {
    name: 'empty tensors',
    shapes: [
      [0, 3],
      [3, 2],
    ],
    f: (x, y) => [tf.matMul(x, y), tf.sum(x, 0), tf.add(x, 1), tf.concat([x, tf.transpose(y)], 0)],
    falls: true,
  },
  { name: 'softmax', shapes: [[3, 7]], f: (x) => tf.softmax(x) },
  { name: 'log-softmax', shapes: [[3, 7]], f: (x) => tf.logSoftmax(x) },
  ...[
    [5, 9, 3],
    [4, 8, 6],
    [1, 1, 1],
    [7, 27, 16],
  ].flatMap(([m, n, k]) =>
    [false, true].flatMap((ta) =>
      [false, true].map((tb): Case => ({
        name: `product ${m} ${n} ${k}, transposed ${ta} ${tb}`,
        shapes: [ta ? [k, m] : [m, k], tb ? [n, k] : [k, n], [n]],
        f: (a, b, bias) => [
          tf.matMul(a, b, ta, tb),
          tf.relu(tf.add(tf.matMul(a, b, ta, tb), bias)),
        ],
      })),
    ),
  ),
  {
    name: 'batches of products',
    shapes: [
      [2, 3, 4, 5],
      [2, 3, 5, 6],
      [1, 3, 5, 6],
      [5, 6],
      [2, 1, 6, 5],
    ],
    f: (...[a, b, c, d, e]) => [
      tf.matMul(a, b),
      tf.matMul(b, a, true, true),
      tf.matMul(a, c),
      tf.matMul(a, tf.reshape(d, [1, 1, 5, 6])),
      tf.matMul(a, e, false, true),
      tf.matMul(c, e),
      tf.matMul(e, b),
      tf.matMul(e, e, true),
    ],
  },
];

it.each(cases)('$name: as tfjs', ({ shapes, f, falls = false }) => {
  const step = (...inputs: tf.Tensor[]): tf.Tensor[] => [f(...inputs)].flat();
  const compiled = compile(step, { relaxedSimd: false });
  for (let i = 0; i < 4; i++) {
    tf.tidy(() => {
      const inputs = shapes.map((shape, j) => tf.tensor(values(count(shape), i + j + 1), shape));
      const plain = step(...inputs);
      compiled(...inputs).forEach((tensor, j) => {
        expect(tensor.shape).toEqual(plain[j].shape);
        // Polynomials of exp, log and tanh, and sums in lanes, round otherwise by a few ulp.
        expectClose(tensor.dataSync(), plain[j].dataSync(), { absolute: 2e-6, relative: 2e-6 });
      });
    });
  }
  expect(Object.keys(compiled.program?.stats.fallbacks ?? { none: 1 }).length > 0).toBe(falls);
  compiled.dispose();
});

it('look-ups, their gradient and one-hot rows are as tfjs’', () => {
  const table = tf.variable(tf.tensor(values(12, 1), [4, 3]));
  const step = (ids: tf.Tensor): tf.Tensor[] => {
    const look = (t: tf.Tensor): tf.Tensor => tf.gather<tf.Tensor>(t, tf.cast(ids, 'int32'));
    return [
      look(table),
      tf.grad((t) => tf.sum(look(t)))(table),
      tf.oneHot(tf.cast(ids, 'int32'), 4),
    ];
  };
  const compiled = compile(step);
  for (let i = 0; i < 4; i++) {
    tf.tidy(() => {
      const ids = tf.tensor2d([0, 1, i, 3, i, 2], [2, 3], 'int32');
      const plain = step(ids).map((tensor) => Array.from(tensor.dataSync()));
      expect(compiled(ids).map((tensor) => Array.from(tensor.dataSync()))).toEqual(plain);
    });
  }
  expect(compiled.program?.stats.fallbacks).toEqual({});
  compiled.dispose();
  table.dispose();
});
