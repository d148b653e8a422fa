// Our own kernels within compiled steps: the same results as outside, nothing through JavaScript, state in its place.
import * as tf from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, startBackend } from '../src/index.js';
import { wasmBackend } from '../src/kernels/wasm-memory.js';
import * as own from './own-kernels.js';
import { count, values } from './values.js';

beforeAll(async () => {
  await startBackend();
});

const [N, C, V] = [6, 9, 5];

interface Training {
  readonly step: (x: tf.Tensor, targets: tf.Tensor) => tf.Scalar;
  readonly variables: Readonly<Record<string, tf.Variable>>;
}

const variable = (shape: number[], salt: number, name: string): tf.Variable =>
  tf.tidy(() => tf.variable(tf.tensor(values(count(shape), salt), shape), true, name));

type Update = (state: own.State) => tf.Tensor[];
const momentum: Update = (state) =>
  own.momentumUpdate(state, { momentum: 0.9, dampening: 0, nesterov: true, weightDecay: 0.01 });
const adamAttrs = { beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 };
const adamW: Update = (state) => own.adamUpdate(state, { ...adamAttrs, decoupled: true });

/** Layer norm, product, GELU, dropout, product, cross-entropy; then an optimizer with its state in variables. */
function training(update: Update, states: readonly string[], form: 'none' | 'tanh'): Training {
  const weights = {
    scale: variable([C], 1, `scale ${form}`),
    shift: variable([C], 2, `shift ${form}`),
    hidden: variable([C, C], 3, `hidden ${form}`),
    head: variable([C, V], 4, `head ${form}`),
  };
  const names = Object.keys(weights) as (keyof typeof weights)[];
  const state = names.map((name) =>
    states.map((part) =>
      tf.tidy(() => tf.variable(tf.zerosLike(weights[name]), false, `${part} ${name} ${form}`)),
    ),
  );
  const count = tf.tidy(() => tf.variable(tf.scalar(0), false, `count ${form}`));
  const rate = tf.tidy(() => tf.variable(tf.scalar(0.05), false, `rate ${form}`));
  const list = names.map((name) => weights[name]);
  const loss = (x: tf.Tensor, targets: tf.Tensor): tf.Scalar => {
    const [normal] = own.layerNorm(x, weights.scale, weights.shift);
    const hidden = own.gelu(tf.matMul(normal, weights.hidden), form);
    const kept = own.seededDropout(hidden, tf.cast(count, 'int32'), 0.1);
    return tf.mean(own.softmaxCrossEntropy(tf.matMul(kept, weights.head), targets)[0]);
  };
  return {
    variables: Object.fromEntries([...list, ...state.flat(), count, rate].map((v) => [v.name, v])),
    step: (x, targets) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => loss(x, targets), list);
        // Clipped by the norm of all.
        const squares = list.map(({ name }) => tf.sum(tf.square(grads[name])));
        const norm = tf.sqrt(squares.reduce((sum, part) => tf.add(sum, part)));
        const scale = tf.minimum(tf.div(0.5, norm), 1);
        count.assign(tf.add(count, 1));
        for (const [i, parameter] of list.entries()) {
          const own = Object.fromEntries(states.map((part, j) => [part, state[i][j]]));
          const gradient = tf.mul(grads[parameter.name], scale);
          const after = update({ parameter, gradient, ...own, rate, step: count });
          [parameter, ...state[i]].forEach((target, j) => target.assign(after[j]));
        }
        return value;
      }),
  };
}

const optimizers: [string, Update, string[]][] = [
  ['momentum', momentum, ['velocity']],
  ['AdamW', adamW, ['first', 'second']],
];

function run({ step, variables }: Training, steps: number): number[][] {
  const losses = Array.from({ length: steps }, (_, i) =>
    tf.tidy(() => {
      const targets = tf.tensor1d(Int32Array.from({ length: N }, (_, j) => (j * 3 + i) % V));
      const x = tf.tensor(values(N * C, i), [N, C]);
      return step(x, tf.cast(targets, 'int32')).dataSync()[0];
    }),
  );
  const state = Object.values(variables).map((v) => Array.from(v.dataSync()));
  tf.dispose(variables);
  return [losses, ...state];
}

describe.each(optimizers)('a step with %s', (_, update, states) => {
  it.each(['none', 'tanh'] as const)(
    'is replayed as it runs, in kernels alone, gelu %s',
    (form) => {
      const plain = run(training(update, states, form), 50);
      const made = training(update, states, form);
      const compiled = compile(made.step, { relaxedSimd: false });
      const replayed = run({ ...made, step: compiled }, 50);
      // The kernels are the same; sums that tfjs makes of gradients and losses may round otherwise.
      replayed.forEach((list, i) => expectClose(list, plain[i], { absolute: 1e-5 }));
      expect(plain[0][49]).toBeLessThan(plain[0][0]);
      expect(compiled.program?.stats.fallbacks).toEqual({});
      const text = String(compiled.program);
      for (const part of ['hidden', ...states.map((part) => `${part} hidden`)]) {
        expect(text).toMatch(new RegExp(`-> .*@${part} ${form}: float32`));
      }
      const { kernels } = compiled.program?.stats ?? {};
      expect(kernels?.['copy']).toBeUndefined();
      // Neither squares nor scaled gradients are written.
      expect([kernels?.['squares'], kernels?.['sumSquares']]).toEqual([undefined, 4]);
      expect(text).not.toMatch(/multiply\(.*float32\[9,9\]/);
      compiled.dispose();
    },
  );
});

it('state that something else shows isn’t overwritten', () => {
  const made = training(adamW, ['first', 'second'], 'none');
  const compiled = compile(made.step);
  const call = (i: number): void =>
    tf.tidy(() => void compiled(tf.tensor(values(N * C, i), [N, C]), tf.zeros([N], 'int32')));
  for (let i = 0; i < 4; i++) call(i);
  const hidden = made.variables['hidden none'];
  const shown = [tf.clone(hidden), tf.reshape(made.variables['first hidden none'], [C * C])];
  const before = shown.map((tensor) => Array.from(tensor.dataSync()));
  call(4);
  expect(shown.map((tensor) => Array.from(tensor.dataSync()))).toEqual(before);
  expect(Array.from(hidden.dataSync())).not.toEqual(before[0]);
  expect(wasmBackend().refCount(hidden.dataId)).toBe(1);
  compiled.dispose();
  tf.dispose([...shown, ...Object.values(made.variables)]);
});

it('a layer norm of one row by what its sum might overwrite', () => {
  const other = variable([C], 1, 'other');
  const compiled = compile(step);
  tf.tidy(() => {
    const x = tf.tensor(values(C, 3), [C]);
    expectClose(compiled(x).dataSync(), step(x).dataSync(), { absolute: 1e-5 }); // rounding
  });
  compiled.dispose();

  function step(x: tf.Tensor): tf.Tensor {
    const weight = tf.exp(x);
    return own.layerNorm(tf.add(weight, other), weight, other)[0];
  }
});

it('leaks nothing, run or replayed', async () => {
  await expectNoLeak(() => {
    const made = training(momentum, ['velocity'], 'none');
    run(made, 2);
    const again = training(momentum, ['velocity'], 'none');
    const compiled = compile(again.step);
    run({ ...again, step: compiled }, 5);
    compiled.dispose();
  });
});
