// Our own kernels as operations: against PyTorch's figures (fixtures/kernels.json), composed operations of tfjs on its
// CPU backend, and central differences.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../src/index.js';
import { seededDropoutReference } from '../src/reference/elementwise.js';
import {
  attentionComposed,
  lstmCellComposed,
  rmsNormComposed,
  rotaryComposed,
  rotationsOf,
  squaredReluComposed,
  swigluComposed,
} from './composed-kernels.js';
import { figuresIn } from './figures.js';
import { onBackend } from './on-backend.js';
import * as own from './own-kernels.js';
import { count } from './values.js';

const fixtures = figuresIn('kernels.json');

beforeAll(async () => {
  await startBackend();
});

const wave = (shape: number[], f: (x: number) => number, period: number, scale = 1): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: count(shape) }, (_, i) => scale * f(i / period)),
    shape,
  );
const TARGETS = (): tf.Tensor => tf.tensor1d([3, 0, 6, 2], 'int32');

interface Case {
  readonly name: string;
  readonly shapes: number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** The same of tfjs' operations. */
  readonly composed: (...inputs: tf.Tensor[]) => tf.Tensor;
}

const normalise = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
  const { mean, variance } = tf.moments(x, -1, true);
  const h = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(h, weight), bias);
};
/** Where the text that each position belongs to begins. */
const STARTS = (): tf.Tensor => tf.tensor2d([0, 0, 0, 3, 3, 3, 0, 1, 1, 1, 4, 4], [2, 6], 'int32');
/** Four heads of three channels; `drop` gets the probabilities. */
const attend = (qkv: tf.Tensor, starts = STARTS(), drop = (p: tf.Tensor) => p): tf.Tensor => {
  const [query, key, value] = tf.split(qkv, 3, -1);
  return attentionComposed({ query, key, value, starts, heads: 4, drop });
};
const attendDropping = (qkv: tf.Tensor): tf.Tensor =>
  attend(qkv, tf.zeros([2, 6], 'int32'), (p) => {
    const ones = new Float32Array(p.size).fill(1);
    const mask = seededDropoutReference(ones, { rate: 0.3, seed: 0xdeadbeef, counter: 41 });
    return tf.mul(p, tf.tensor(mask, p.shape));
  });
const PLACES = (): tf.Tensor => tf.tensor2d([0, 1, 2, 4, 0, 3], [2, 3], 'int32');
const nextState = (input: tf.Tensor, hidden: tf.Tensor, state: tf.Tensor): tf.Tensor => {
  const [xr, xz, xn] = tf.split(input, 3, 1);
  const [hr, hz, hn] = tf.split(hidden, 3, 1);
  const fresh = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
  return tf.add(fresh, tf.mul(tf.sigmoid(tf.add(xz, hz)), tf.sub(state, fresh)));
};
const geluByErf = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
const geluByTanh = (x: tf.Tensor): tf.Tensor => {
  const u = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(u)));
};

const cases: Case[] = [
  {
    name: 'crossEntropy',
    shapes: [[4, 7]],
    f: (x) => own.softmaxCrossEntropy(x, TARGETS())[0],
    composed: (x) => tf.neg(tf.sum(tf.mul(tf.logSoftmax(x), tf.oneHot(TARGETS(), 7)), -1)),
  },
  { name: 'logSoftmax', shapes: [[4, 7]], f: own.logSoftmax, composed: (x) => tf.logSoftmax(x) },
  {
    name: 'layerNorm',
    shapes: [[2, 3, 5], [5], [5]],
    f: (x, weight, bias) => own.layerNorm(x, weight, bias)[0],
    composed: normalise,
  },
  {
    name: 'causalAttention',
    shapes: [[2, 6, 36]],
    f: (qkv) => own.causalAttention(qkv, STARTS())[0],
    composed: (qkv) => attend(qkv),
  },
  {
    name: 'causalAttentionDropout',
    shapes: [[2, 6, 36]],
    f: (qkv) => own.droppingAttention(qkv, tf.scalar(41, 'int32'))[0],
    composed: attendDropping,
  },
  {
    name: 'separateAttention',
    shapes: [
      [2, 6, 12],
      [2, 6, 6],
      [2, 6, 6],
    ],
    f: (query, key, value) => own.separateAttention(query, key, value, STARTS())[0],
    composed: (query, key, value) =>
      attentionComposed({ query, key, value, starts: STARTS(), heads: 4, kvHeads: 2 }),
  },
  {
    name: 'rmsNorm',
    shapes: [[2, 3, 5], [5]],
    f: (x, weight) => own.rmsNorm(x, weight)[0],
    composed: rmsNormComposed,
  },
  {
    name: 'rotaryPositions',
    shapes: [[2, 3, 12]],
    f: (x) => own.rotaryPositions(x, PLACES(), rotationsOf(5, 6)),
    composed: (x) => rotaryComposed(x, PLACES(), rotationsOf(5, 6)),
  },
  { name: 'swiglu', shapes: [[37], [37]], f: own.swiglu, composed: swigluComposed },
  {
    name: 'squaredRelu',
    shapes: [[37]],
    f: (x) => own.squaredRelu(tf.add(x, 0.2)), // no value is near the bend at 0
    composed: (x) => squaredReluComposed(tf.add(x, 0.2)),
  },
  {
    name: 'gatedActivation',
    shapes: [[3, 10]],
    f: (x) => own.gatedActivation(x)[0],
    composed: (x) => {
      const [values, gates] = tf.split(x, 2, -1);
      return tf.mul(tf.tanh(values), tf.sigmoid(gates));
    },
  },
  {
    name: 'gruCell',
    shapes: [
      [3, 15],
      [3, 15],
      [3, 5],
    ],
    f: (input, hidden, state) => own.gruCell(input, hidden, state)[0],
    composed: nextState,
  },
  {
    name: 'lstmCell',
    shapes: [
      [3, 20],
      [3, 5],
    ],
    f: (x, cell) => tf.concat(own.lstmCell(x, cell).slice(0, 2), 1),
    composed: lstmCellComposed,
  },
  { name: 'gelu', shapes: [[37]], f: (x) => own.gelu(x, 'none'), composed: geluByErf },
  { name: 'geluByTanh', shapes: [[37]], f: (x) => own.gelu(x, 'tanh'), composed: geluByTanh },
];

const inputsOf = ({ shapes }: Case): tf.Tensor[] =>
  shapes.map((shape, i) => (i === 0 ? wave(shape, Math.sin, 3, 2) : wave(shape, Math.cos, 5)));
const weighted = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(y, wave(y.shape, Math.cos, 7)));
const gradientsOf = (given: Case, f: Case['f']): tf.Tensor[] =>
  tf.grads((...inputs: tf.Tensor[]) => weighted(f(...inputs)))(inputsOf(given));

describe.each(cases)('$name', (given) => {
  const { name, f, composed, shapes } = given;

  it('gives PyTorch’s output and gradients', () => {
    tf.tidy(() => {
      const figures = fixtures[name];
      const y = f(...inputsOf(given));
      expect(y.shape).toEqual(figures['output'].shape);
      // A dozen roundings of values near 3.
      expectClose(y.dataSync(), figures['output'].values, { absolute: 2e-6 });
      gradientsOf(given, f).forEach((gradient, i) => {
        expectClose(gradient.dataSync(), figures[`grad.${i}`].values, { absolute: 3e-6 });
      });
    });
  });

  it('equals the composed operations on the CPU backend', async () => {
    const all = (g: Case['f']) => (): tf.Tensor[] => [
      g(...inputsOf(given)),
      ...gradientsOf(given, g),
    ];
    const cpu = await onBackend('cpu', all(composed));
    const wasm = await onBackend('wasm', all(f));
    wasm.forEach((result, i) => {
      expectClose(result.values, cpu[i].values, { absolute: 3e-6 });
    });
  });

  it('has a gradient that equals central differences', () => {
    const gradients = tf.tidy(() => gradientsOf(given, f).map((gradient) => gradient.dataSync()));
    shapes.forEach((shape, i) => {
      const start = tf.tidy(() => Float32Array.from(inputsOf(given)[i].dataSync()));
      const loss = (changed: Float32Array): number =>
        tf.tidy(() => {
          const inputs = inputsOf(given);
          inputs[i] = tf.tensor(changed, shape);
          return weighted(f(...inputs)).dataSync()[0];
        });
      // The loss, near 10, is rounded by 1e-6, of which a step of 0.02 makes 1e-4; its third derivative adds 1e-4.
      expectClose(gradients[i], numericGradient(loss, start), { absolute: 1e-3 });
    });
  });

  it('leaks nothing', async () => {
    await expectNoLeak(() => tf.tidy(() => void gradientsOf(given, f)));
  });
});

describe('SeededDropout', () => {
  it('scales what it keeps, and its gradient goes the same way', async () => {
    const [y, dx] = await onBackend('wasm', () => {
      const x = tf.ones([5, 9]);
      const f = (given: tf.Tensor): tf.Tensor => own.seededDropout(given, tf.scalar(3, 'int32'));
      return [f(x), tf.grad(f)(x)];
    });
    expect(dx.values).toEqual(y.values);
    expect(new Set(y.values)).toEqual(new Set([0, Math.fround(1 / (1 - 0.3))]));
  });
});

/** Five steps of an optimizer from the figures' start; what each state is after every step. */
function runSteps(
  update: (state: own.State, attrs: tf.NamedAttrMap) => tf.Tensor[],
  names: readonly string[],
  attrs: tf.NamedAttrMap,
): number[][][] {
  return tf.tidy(() => {
    let state = names.map((_, i) => (i === 0 ? wave([7], Math.sin, 3) : tf.zeros([7])));
    return [1, 2, 3, 4, 5].map((step) => {
      const gradient = wave([7], (x) => Math.cos(x + step), 5);
      const named = Object.fromEntries(names.map((name, i) => [name, state[i]]));
      state = update({ ...named, gradient, rate: tf.scalar(0.1), step: tf.scalar(step) }, attrs);
      return state.map((tensor) => Array.from(tensor.dataSync()));
    });
  });
}

describe('steps of optimizers equal PyTorch’s', () => {
  const momenta = {
    momentum: { momentum: 0.9, dampening: 0, nesterov: false, weightDecay: 0 },
    nesterov: { momentum: 0.9, dampening: 0, nesterov: true, weightDecay: 0.1 },
    dampened: { momentum: 0.8, dampening: 0.3, nesterov: false, weightDecay: 0.1 },
  };
  // Some ten roundings a step of values near 1.
  const tolerance = { absolute: 5e-7 };
  it.each(Object.entries(momenta))('%s', (name, attrs) => {
    const after = runSteps(own.momentumUpdate, ['parameter', 'velocity'], attrs);
    after.forEach(([parameter], i) => {
      expectClose(parameter, fixtures[name][String(i + 1)].values, tolerance);
    });
    expectClose(after[4][1], fixtures[name]['momentum_buffer'].values, { absolute: 2e-6 });
  });

  const adams = {
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, decoupled: false },
    adamW: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, decoupled: true },
    quickAdamW: { beta1: 0.3, beta2: 0.5, epsilon: 1e-3, weightDecay: 0, decoupled: true },
  };
  it.each(Object.entries(adams))('%s', (name, attrs) => {
    const after = runSteps(own.adamUpdate, ['parameter', 'first', 'second'], attrs);
    after.forEach(([parameter], i) => {
      expectClose(parameter, fixtures[name][String(i + 1)].values, tolerance);
    });
    expectClose(after[4][1], fixtures[name]['exp_avg'].values, tolerance);
    expectClose(after[4][2], fixtures[name]['exp_avg_sq'].values, tolerance);
  });
});

it('rows there are none of give nothing, and gradients of 0', () => {
  tf.tidy(() => {
    const [losses, p] = own.softmaxCrossEntropy(tf.zeros([0, 3]), tf.tensor1d([], 'int32'));
    expect([losses.shape, p.shape]).toEqual([[0], [0, 3]]);
    const f = (w: tf.Tensor): tf.Tensor => own.layerNorm(tf.zeros([0, 3]), w, tf.zeros([3]))[0];
    expect([
      ...tf
        .grad(f)(tf.ones([3]))
        .dataSync(),
    ]).toEqual([0, 0, 0]);
  });
});
