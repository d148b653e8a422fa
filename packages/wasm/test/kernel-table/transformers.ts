import * as tf from '@tensorflow/tfjs-core';
import { seededDropoutReference } from '../../src/reference/elementwise.js';
import {
  attentionComposed,
  rmsNormComposed,
  rotaryComposed,
  rotationsOf,
  squaredReluComposed,
  swigluComposed,
} from '../composed-kernels.js';
import { each, kernel, of, type Row } from './rows.js';

const MASK = { rate: 0.3, seed: 101 };
const drop = (p: tf.Tensor): tf.Tensor => {
  const ones = new Float32Array(p.size).fill(1);
  return tf.mul(p, tf.tensor(seededDropoutReference(ones, { ...MASK, counter: 7 }), p.shape));
};
const COUNTER = of([], 'int32', [7]);

const texts = [
  [of([1, 1, 3]), of([1, 1], 'int32', [0])],
  [of([2, 5, 12]), of([2, 5], 'int32', [0])],
  [of([1, 600, 6]), of([1, 600], 'int32', [0])],
];
const joint = (qkv: tf.Tensor, dropping?: typeof drop): tf.Tensor => {
  const [query, key, value] = tf.split(qkv, 3, -1);
  return attentionComposed({ query, key, value, heads: 1, ...(dropping && { drop: dropping }) });
};
const attend: Row[] = [
  {
    cases: texts,
    f: (qkv, starts) => kernel('CausalAttention', { qkv, starts }, { heads: 1 })[0],
    reference: (qkv) => joint(qkv),
    within: 1e-5,
  },
  {
    cases: [[of([2, 5, 24]), of([2, 5], 'int32', [0])]],
    f: (qkv, starts) => kernel('CausalAttention', { qkv, starts }, { heads: 4, kvHeads: 1 })[0],
    reference: (qkv) => {
      const [query, key, value] = tf.split(qkv, [16, 4, 4], -1);
      return attentionComposed({ query, key, value, heads: 4, kvHeads: 1 });
    },
    within: 1e-5,
  },
];
const attendDropping: Row[] = [
  {
    cases: texts.map((inputs) => inputs.concat(COUNTER)),
    f: (qkv, starts, counter) =>
      kernel('CausalAttentionDropout', { qkv, starts, counter }, { heads: 1, ...MASK })[0],
    reference: (qkv) => joint(qkv, drop),
    within: 1e-5,
  },
];

/** Four heads, two to a key. */
const HEADS = { heads: 4, kvHeads: 2 };
const separate = [
  [1, 1, 8],
  [2, 5, 20],
  [1, 70, 32],
].map(([B, T, C]) => [
  of([B, T, C]),
  of([B, T, C / 2]),
  of([B, T, C / 2]),
  of([B, T], 'int32', [0]),
]);
const attendSeparately: Row[] = [
  {
    cases: separate,
    f: (query, key, value, starts) =>
      kernel('SeparateAttention', { query, key, value, starts }, HEADS)[0],
    reference: (query, key, value) => attentionComposed({ query, key, value, ...HEADS }),
    within: 1e-5,
  },
];
const attendSeparatelyDropping: Row[] = [
  {
    cases: separate.map((inputs) => inputs.concat(COUNTER)),
    f: (...[query, key, value, starts, counter]) => {
      const inputs = { query, key, value, starts, counter };
      return kernel('SeparateAttentionDropout', inputs, { ...HEADS, ...MASK })[0];
    },
    reference: (query, key, value) => attentionComposed({ query, key, value, ...HEADS, drop }),
    within: 1e-5,
  },
];

/** As attention of all positions gives it for the last one of each row. */
const cached: Row[] = [
  {
    cases: [
      [1, 1, 8],
      [2, 5, 20],
      [3, 70, 32],
    ].map(([B, T, C]) => [
      of([B, 1, C]),
      of([B, T, C / 2]),
      of([B, T, C / 2]),
      of([B, 1], 'int32', [T - 1]),
    ]),
    f: (query, keys, values, positions) =>
      kernel('CachedAttention', { query, keys, values, positions }, HEADS)[0],
    reference: (query, key, value) => {
      const [B, T] = key.shape;
      const [, , C] = query.shape;
      const last = tf.concat([tf.zeros([B, T - 1, C]), query], 1);
      return tf.slice(
        attentionComposed({ query: last, key, value, ...HEADS }),
        [0, T - 1, 0],
        [B, 1, C],
      );
    },
    gradient: false,
  },
];
const written: Row[] = (['float32', 'int32', 'bool'] as const).map((dtype) => ({
  cases: [[of([2, 4, 3], dtype), of([2, 1, 3], dtype), of([2, 1], 'int32', [2])]],
  f: (x, rows, positions) => kernel('WriteRows', { x, rows, positions })[0],
  reference: (x, rows) =>
    tf.concat([tf.slice(x, [0, 0, 0], [2, 2, 3]), rows, tf.slice(x, [0, 3, 0], [2, 1, 3])], 1),
  gradient: false,
}));

const rotations = [
  { shape: [1, 1, 2], length: 1, d: 2 },
  { shape: [2, 3, 12], length: 5, d: 6 },
  { shape: [2, 7, 32], length: 9, d: 16 },
].flatMap(({ shape, length, d }) =>
  [shape.slice(0, 2), shape.slice(1, 2)].map((places): Row => ({
    cases: [[of(shape), of(places, 'int32', { below: length })]],
    f: (x, positions) => {
      const inputs = { x, positions, rotations: rotationsOf(length, d) };
      return kernel('RotaryPositions', inputs, { back: false })[0];
    },
    reference: (x, positions) => rotaryComposed(x, positions, rotationsOf(length, d)),
    within: 1e-5, // cosines and sines are the backend's own
  })),
);

const normalised: Row[] = [
  [2, 3],
  [1, 17],
  [2, 3, 5],
  [600, 4],
  [2, 700],
].map((shape) => ({
  cases: [[of(shape), of(shape.slice(-1))]],
  f: (x, weight) => kernel('RMSNorm', { x, weight }, { epsilon: 1e-5 })[0],
  reference: rmsNormComposed,
  within: 1e-5,
}));

const gated: Row[] = [
  {
    cases: [[1], [3, 6], [2, 3, 17]].map((shape) => [of(shape), of(shape)]),
    f: (gate, x) => kernel('SwiGLU', { gate, x })[0],
    reference: swigluComposed,
  },
];

const squared: Row[] = [
  {
    cases: each(['float32']),
    f: (x) => kernel('SquaredRelu', { x })[0],
    reference: squaredReluComposed,
  },
];

export const transformers: Readonly<Record<string, readonly Row[]>> = {
  CausalAttention: attend,
  CausalAttentionGrad: attend,
  CausalAttentionDropout: attendDropping,
  CausalAttentionDropoutGrad: attendDropping,
  SeparateAttention: attendSeparately,
  SeparateAttentionGrad: attendSeparately,
  SeparateAttentionDropout: attendSeparatelyDropping,
  SeparateAttentionDropoutGrad: attendSeparatelyDropping,
  CachedAttention: cached,
  WriteRows: written,
  RMSNorm: normalised,
  RMSNormGrad: normalised,
  RotaryPositions: rotations,
  SwiGLU: gated,
  SwiGLUGrad: gated,
  SquaredRelu: squared,
  SquaredReluGrad: squared,
};
