// A block of a transformer as people build them now, compiled: the same bits as uncompiled, in kernels alone.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { rotationsOf } from './composed-kernels.js';
import * as own from './own-kernels.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const [B, T, d] = [2, 9, 4];
const [C, H] = [4 * d, 24];
const ROWS = [B * T, C];

/** The shapes of a block's parameters. */
const SHAPES = {
  norm1: [C],
  query: [C, C],
  key: [C, C / 2],
  value: [C, C / 2],
  output: [C, C],
  norm2: [C],
  gate: [C, H],
  up: [C, H],
  down: [H, C],
};
type Parameters = Record<keyof typeof SHAPES, tf.Tensor>;

function makeParameters(layer: number): Parameters {
  let salt = 10 * layer;
  const made = (name: keyof Parameters): tf.Variable => {
    const shape = SHAPES[name];
    const start = values(count(shape), salt++).map((x) => x * 0.3);
    return tf.tidy(() => tf.variable(tf.tensor(start, shape)));
  };
  return {
    norm1: made('norm1'),
    query: made('query'),
    key: made('key'),
    value: made('value'),
    output: made('output'),
    norm2: made('norm2'),
    gate: made('gate'),
    up: made('up'),
    down: made('down'),
  };
}

/** `[B T, C]` to the same. */
function block(x: tf.Tensor, parameters: Parameters, isGated: boolean): tf.Tensor {
  const { norm1, query, key, value, output, norm2, gate, up, down } = parameters;
  const positions = tf.range(0, T, 1, 'int32');
  const rotations = rotationsOf(T, d);
  const [h] = own.rmsNorm(x, norm1);
  const project = (w: tf.Tensor): tf.Tensor => tf.reshape(tf.matMul(h, w), [B, T, -1]);
  const [q, k] = [query, key].map((w) => own.rotaryPositions(project(w), positions, rotations));
  const [attended] = own.separateAttention(q, k, project(value), tf.zeros([B, T], 'int32'));
  const mixed = tf.add(x, tf.matMul(tf.reshape(attended, ROWS), output));
  const [g] = own.rmsNorm(mixed, norm2);
  const hidden = isGated
    ? own.swiglu(tf.matMul(g, gate), tf.matMul(g, up))
    : own.squaredRelu(tf.matMul(g, up));
  return tf.add(mixed, tf.matMul(hidden, down));
}

it.each([
  ['SwiGLU', true, { swiglu: 2, swigluGradient: 2 }],
  ['squared ReLU', false, {}],
] as const)('two blocks with %s', (_, isGated, activations) => {
  const variables = [0, 1].map(makeParameters);
  const step = (x: tf.Tensor): tf.Tensor[] => {
    const loss = (): tf.Scalar => {
      const y = variables.reduce((now, parameters) => block(now, parameters, isGated), x);
      return tf.sum(tf.mul(y, tf.tensor(values(B * T * C, 5), ROWS)));
    };
    const { value, grads } = tf.variableGrads(loss);
    return [value, ...Object.values(grads)];
  };
  const compiled = compile(step, { relaxedSimd: false });
  for (let i = 0; i < 2; i++) {
    tf.tidy(() => {
      const x = tf.tensor(values(B * T * C, i), ROWS);
      const [loss, ...gradients] = step(x).map((tensor) => Array.from(tensor.dataSync()));
      const [again, ...replayed] = compiled(x).map((tensor) => Array.from(tensor.dataSync()));
      expect(again[0]).toBeCloseTo(loss[0], 3); // tfjs' own sum
      expect(replayed).toEqual(gradients);
    });
  }
  const { kernels = {}, fallbacks } = compiled.program?.stats ?? {};
  expect(fallbacks).toEqual({});
  expect(kernels).toMatchObject({
    ...activations,
    layerNorm: 4,
    layerNormGradient: 4,
    rotate: 8,
    causalAttention: 2,
    causalAttentionGradient: 2,
  });
  // What goes past a layer is part of the norms behind it, squared ReLU of the products around it.
  expect([kernels['add'], kernels['squaredRelu']]).toEqual([undefined, undefined]);
  compiled.dispose();
  tf.dispose(variables);
});
