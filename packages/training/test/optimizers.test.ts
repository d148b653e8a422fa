// Every optimizer against PyTorch's figures, as it is and compiled, and from state to state.
import { readFileSync } from 'node:fs';
import {
  add,
  matMul,
  mean,
  mul,
  scalar,
  square,
  sub,
  tanh,
  tensor,
  tidy,
  variable,
  type Rank,
  type Scalar,
  type ShapeMap,
  type Variable,
} from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamw, clipByGlobalNorm, decayMatrices, sgd, type Optimizer } from '../src/index.js';
import { withUpdateKernels } from './update-kernels.js';

beforeAll(() => startBackend());

interface Figures {
  readonly losses: readonly number[];
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly state: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;
  readonly norms?: readonly number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('fixtures/optimizers.json', import.meta.url), 'utf8'),
) as { readonly cases: Readonly<Record<string, Figures>> };

function wave<R extends Rank>(
  shape: ShapeMap[R],
  f: (x: number) => number,
  period: number,
): Variable<R> {
  const size = shape.reduce((a, b) => a * b);
  const values = Float32Array.from({ length: size }, (_, i) => f(i / period));
  return tidy(() => variable(tensor(values, shape)));
}

/** The problem of tools/reference/optimizers.py. */
function problem() {
  const weight = wave<Rank.R2>([3, 4], Math.sin, 3);
  const bias = wave<Rank.R1>([4], Math.cos, 1);
  const inputs = wave<Rank.R2>([5, 3], Math.cos, 5);
  const targets = wave<Rank.R2>([5, 4], Math.sin, 2);
  const loss = (): Scalar => {
    const y = tanh(add(matMul(inputs, weight), bias)); // [5, 4]
    return mul(mean<Scalar>(square(sub(y, targets))), 4);
  };
  return { weight, bias, loss };
}

type Make = (parameters: Variable[]) => Optimizer;
const halves = <First, Second>([weight, bias]: Variable[], first: First, second: Second) => [
  { parameters: [weight], ...first },
  { parameters: [bias], ...second },
];
const clipNorm = 0.5;
const makers: Readonly<Record<string, Make>> = {
  sgd: (p) => sgd(p, { learningRate: 0.1 }),
  'sgd, weight decay': (p) => sgd(p, { learningRate: 0.1, weightDecay: 0.2 }),
  momentum: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9 }),
  'momentum, weight decay, decaying rate': (p) =>
    sgd(p, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.2 }),
  'momentum, dampening': (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3 }),
  Nesterov: (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, nesterov: true }),
  'Nesterov, weight decay': (p) =>
    sgd(p, { learningRate: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.1 }),
  Adam: (p) => adam(p, { learningRate: 0.05 }),
  'Adam, weight decay, betas, epsilon': (p) =>
    adam(p, { learningRate: 0.05, betas: [0.8, 0.95], epsilon: 1e-3, weightDecay: 0.2 }),
  'Adam, decaying rate': (p) => adam(p, { learningRate: 0.05 }),
  AdamW: (p) => adamw(p, { learningRate: 0.05 }),
  'AdamW, weight decay': (p) => adamw(p, { learningRate: 0.05, weightDecay: 0.3 }),
  'AdamW, decaying rate': (p) => adamw(p, { learningRate: 0.05, weightDecay: 0.3 }),
  'sgd, clipped': (p) => sgd(p, { learningRate: 0.3, clipNorm }),
  'momentum, clipped': (p) => sgd(p, { learningRate: 0.1, momentum: 0.9, clipNorm }),
  'AdamW, clipped': (p) => adamw(p, { learningRate: 0.05, clipNorm }),
  'sgd, groups': (p) =>
    sgd(halves(p, { weightDecay: 0.2 }, { learningRate: 0.02 }), {
      learningRate: 0.1,
      momentum: 0.9,
    }),
  'AdamW, groups': (p) => adamw(decayMatrices(p, 0.3), { learningRate: 0.05 }),
  'AdamW, groups with rates': (p) =>
    adamw(halves(p, {}, { learningRate: 0.01 }), { learningRate: 0.05 }),
};
const DECAYING = new Set([
  'momentum, weight decay, decaying rate',
  'Adam, decaying rate',
  'AdamW, decaying rate',
  'AdamW, groups',
  'AdamW, groups with rates',
]);

/** float32 on both sides, roundings in another order, over 12 steps. */
const CLOSE = { absolute: 2e-6, relative: 2e-6 };

it('has a maker for each case', () => {
  expect(Object.keys(makers)).toEqual(Object.keys(cases));
});

describe.each([
  ['as it is', false],
  ['compiled', true],
])('%s', (_, isCompiled) => {
  it.each(Object.keys(makers))('%s: PyTorch’s losses, parameters and state', (name) => {
    const expected = cases[name];
    const { weight, bias, loss } = problem();
    const optimizer = makers[name]([weight, bias]);
    const rate = optimizer.learningRate;
    let calls = 0;
    const plain = (): Scalar => {
      calls++;
      return optimizer.step(loss);
    };
    const compiled = isCompiled ? compile(plain) : undefined;
    const losses = expected.losses.map((_, n) => {
      if (DECAYING.has(name)) optimizer.learningRate = rate / (1 + n / 4);
      return tidy(() => (compiled ?? plain)().dataSync()[0]);
    });
    expect(calls).toBe(isCompiled ? 2 : losses.length); // a replay calls no JavaScript of the step
    expectClose(losses, expected.losses, CLOSE);
    expectClose(weight.dataSync(), expected.weight.flat(), CLOSE);
    expectClose(bias.dataSync(), expected.bias, CLOSE);
    const slots = optimizer.state();
    const counted = Object.keys(slots).length > 0 ? ['step'] : [];
    expect(Object.keys(slots).sort()).toEqual([...Object.keys(expected.state), ...counted].sort());
    for (const name of counted) expect([...slots[name].data]).toEqual([losses.length]);
    for (const [key, values] of Object.entries(expected.state)) {
      expectClose(slots[key].data as Float32Array, values.flat(), CLOSE);
    }
    compiled?.dispose();
  });
});

describe('with the kernels of a backend', () => {
  it.each(Object.keys(makers))('%s: PyTorch’s losses and parameters', (name) => {
    const expected = cases[name];
    const { weight, bias, loss } = problem();
    const optimizer = makers[name]([weight, bias]);
    const rate = optimizer.learningRate;
    const calls = withUpdateKernels(() => {
      const losses = expected.losses.map((_, n) => {
        if (DECAYING.has(name)) optimizer.learningRate = rate / (1 + n / 4);
        return tidy(() => optimizer.step(loss).dataSync()[0]);
      });
      expectClose(losses, expected.losses, CLOSE);
    });
    expectClose(weight.dataSync(), expected.weight.flat(), CLOSE);
    expectClose(bias.dataSync(), expected.bias, CLOSE);
    expect(calls).toBe(Object.keys(optimizer.state()).length > 0 ? 2 * expected.losses.length : 0);
  });
});

describe('an optimizer’s state', () => {
  it.each(Object.keys(makers))('%s: goes on from it exactly', (name) => {
    const straight = problem();
    const first = makers[name]([straight.weight, straight.bias]);
    const steps = (optimizer: Optimizer, loss: () => Scalar, n: number): number[] =>
      Array.from({ length: n }, () => tidy(() => optimizer.step(loss).dataSync()[0]));
    steps(first, straight.loss, 3);
    const state = first.state();
    const resumed = problem();
    tidy(() => {
      resumed.weight.assign(straight.weight.clone());
      resumed.bias.assign(straight.bias.clone());
    });
    const losses = steps(first, straight.loss, 4); // what was given out doesn't change with it
    const second = makers[name]([resumed.weight, resumed.bias]);
    second.load(state);
    expect(steps(second, resumed.loss, 4)).toEqual(losses);
    expect([...resumed.weight.dataSync()]).toEqual([...straight.weight.dataSync()]);
    expect(second.state()).toEqual(first.state());
  });
  it('of another optimizer is refused, and nothing changes', () => {
    const { weight, bias, loss } = problem();
    const optimizer = adam([weight, bias], { learningRate: 0.1 });
    optimizer.step(loss).dispose();
    const before = optimizer.state();
    const other = sgd([weight, bias], { learningRate: 0.1, momentum: 0.5 });
    expect(() => optimizer.load(other.state())).toThrow(
      'adam: 0.exp_avg of a state must be F32 [3, 4]; got nothing',
    );
    const { step, ...rest } = before;
    expect(() => optimizer.load({ ...rest, step: { ...step, shape: [1] } })).toThrow(
      'adam: step of a state must be F32 []; got F32 [1]',
    );
    expect(() => optimizer.load({ ...before, '2.exp_avg': step })).toThrow(
      'adam: a state must hold nothing else than step, 0.exp_avg, 0.exp_avg_sq, 1.exp_avg, 1.exp_avg_sq; got 2.exp_avg',
    );
    expect(optimizer.state()).toEqual(before);
  });
});

describe('clipByGlobalNorm', () => {
  it('gives PyTorch’s norm, and leaves small gradients alone', () => {
    const { norms = [] } = cases['sgd, clipped'];
    expect(norms[0]).toBeGreaterThan(clipNorm);
    tidy(() => {
      const gradients = [tensor([3, 0]), tensor([[0], [4]])];
      const far = clipByGlobalNorm(gradients, 1);
      expectClose(far.norm.dataSync(), 5, { relative: 1e-6 });
      expectClose(far.clipped[0].dataSync(), [0.6, 0], { relative: 1e-6 });
      expectClose(far.clipped[1].dataSync(), [0, 0.8], { relative: 1e-6 });
      const near = clipByGlobalNorm(gradients, 6);
      expect([...near.clipped[0].dataSync()]).toEqual([3, 0]);
    });
  });
});

it('groups by rank, without an empty group', () => {
  const [matrix, vector] = [variable(tensor([[1]])), variable(tensor([1]))];
  expect(decayMatrices([vector, matrix], 0.1)).toEqual([
    { parameters: [matrix], weightDecay: 0.1 },
    { parameters: [vector], weightDecay: 0 },
  ]);
  expect(decayMatrices([vector], 0.1)).toEqual([{ parameters: [vector], weightDecay: 0 }]);
});

it('leaves parameters alone that the loss does not depend on', () => {
  const [w, idle] = [variable(scalar(2)), variable(scalar(3))];
  const optimizer = adamw([idle, w], { learningRate: 0.1 });
  optimizer.step(() => square(w)).dispose();
  expect(idle.dataSync()[0]).toBe(3);
  expect(w.dataSync()[0]).toBeLessThan(2);
});

it('keeps no tensor but its state, and frees that', async () => {
  const { weight, bias, loss } = problem();
  const make = makers['AdamW, clipped'];
  await expectNoLeak(() => {
    const optimizer = make([weight, bias]);
    for (let i = 0; i < 3; i++) optimizer.step(loss).dispose();
    optimizer.load(optimizer.state());
    optimizer.dispose();
  });
  const optimizer = make([weight, bias]);
  await expectNoLeak(() => optimizer.step(loss).dispose());
});

it.each<[string, () => Optimizer]>([
  [
    'adam: learningRate must be finite and above 0; got 0',
    () => adam([variable(scalar(0))], { learningRate: 0 }),
  ],
  [
    'sgd: momentum must be finite and at least 0; got -1',
    () => sgd([variable(scalar(0))], { learningRate: 1, momentum: -1 }),
  ],
  [
    'sgd: nesterov needs a momentum above 0 and no dampening; got momentum 0 and dampening 0',
    () => sgd([variable(scalar(0))], { learningRate: 1, nesterov: true }),
  ],
  [
    'adamw: betas[1] must be finite and at least 0 and below 1; got 1',
    () => adamw([variable(scalar(0))], { learningRate: 1, betas: [0, 1] }),
  ],
  [
    'adamw: weightDecay must be finite and at least 0; got NaN',
    () =>
      adamw([{ parameters: [variable(scalar(0))], weightDecay: Number.NaN }], { learningRate: 1 }),
  ],
  [
    'adam: clipNorm must be finite and above 0; got 0',
    () => adam([variable(scalar(0))], { learningRate: 1, clipNorm: 0 }),
  ],
  ['adam: there must be at least one parameter; got none', () => adam([], { learningRate: 1 })],
])('refuses: %s', (message, make) => {
  expect(make).toThrow(message);
});

it('refuses a parameter that is in two groups', () => {
  const w = variable(tensor([1, 2]));
  expect(() => sgd([{ parameters: [w] }, { parameters: [w] }], { learningRate: 1 })).toThrow(
    'sgd: each parameter must be in one group; got one of shape [2] twice',
  );
});
