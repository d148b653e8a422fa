// Every optimizer against PyTorch's figures, as it is and compiled, and from state to state.
import { add, scalar, square, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamw, decayMatrices, muon, scheduleFreeAdamW, sgd } from '../src/index.js';
import type { Optimizer, OptimizerState } from '../src/index.js';
import { ABSENT, cases, CLOSE, DECAYING, late, makers, problem } from './optimizer-cases.js';
import type { Figures } from './optimizer-cases.js';
import { withUpdateKernels } from './update-kernels.js';

beforeAll(() => startBackend());

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
    const compiled = isCompiled ? compile(plain, { rehearse: 'never' }) : undefined;
    const losses = expected.losses.map((_, n) => {
      if (DECAYING.has(name)) optimizer.learningRate = rate / (1 + n / 4);
      return tidy(() => (compiled ?? plain)().dataSync()[0]);
    });
    expect(calls).toBe(isCompiled ? 2 : losses.length); // a replay calls no JavaScript of the step
    expectClose(losses, expected.losses, CLOSE);
    expectClose(weight.dataSync(), expected.weight.flat(), CLOSE);
    expectClose(bias.dataSync(), expected.bias, CLOSE);
    expectState(optimizer.state(), expected, [losses.length, losses.length]);
    expect(compiled?.program?.stats.fallbacks).toEqual(isCompiled ? {} : undefined);
    compiled?.dispose();
  });

  it.each(Object.keys(late))('%s: a parameter that has no gradient at some steps', (name) => {
    const expected = late[name];
    const { weight, bias, loss, lossWithoutBias } = problem();
    const optimizer = makers[name]([weight, bias]);
    const rate = optimizer.learningRate;
    const steps = [loss, lossWithoutBias].map((loss) => {
      const step = (): Scalar => optimizer.step(loss);
      return isCompiled ? compile(step) : step;
    });
    const losses = expected.losses.map((_, n) => {
      if (DECAYING.has(name)) optimizer.learningRate = rate / (1 + n / 4);
      return tidy(() => steps[ABSENT.has(n) ? 1 : 0]().dataSync()[0]);
    });
    expectClose(losses, expected.losses, CLOSE);
    expectClose(weight.dataSync(), expected.weight.flat(), CLOSE);
    expectClose(bias.dataSync(), expected.bias, CLOSE);
    expectState(optimizer.state(), expected, [losses.length, losses.length - ABSENT.size]);
  });

  it('a first gradient at the fourth step is a first step', () => {
    const [a, b] = tidy(() => [variable(scalar(1)), variable(scalar(1))]);
    const optimizer = adam([a, b], { learningRate: 0.1 });
    const plain = [
      () => optimizer.step(() => square(a)),
      () => optimizer.step(() => add(square(a), square(b))),
    ];
    const [ofOne, ofBoth] = isCompiled ? plain.map((step) => compile(step)) : plain;
    for (const step of [ofOne, ofOne, ofOne, ofBoth]) step().dispose();
    expectClose(b.dataSync(), [0.9], CLOSE);
  });
});

function expectState(
  state: OptimizerState,
  expected: Figures,
  steps: readonly [weight: number, bias: number],
): void {
  const counted = Object.keys(state).length > 0 ? ['0.step', '1.step'] : [];
  const own = Object.keys(state).filter((name) => !name.startsWith('average.'));
  expect(own.sort()).toEqual([...Object.keys(expected.state), ...counted].sort());
  for (const [i, name] of counted.entries()) expect([...state[name].data]).toEqual([steps[i]]);
  for (const [key, values] of Object.entries(expected.state)) {
    expectClose(state[key].data as Float32Array, values.flat(), CLOSE);
  }
}

/** Parameters of a case that a kernel updates. */
function updatedByKernels(name: string): number {
  if (name.startsWith('schedule-free') || Object.keys(cases[name].state).length === 0) return 0;
  return name.startsWith('Muon') ? 1 : 2;
}

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
    expect(calls).toBe(updatedByKernels(name) * expected.losses.length);
  });
});

describe('an optimizer’s state', () => {
  it.each(Object.keys(makers))('%s: continues from it exactly', (name) => {
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
    const { '1.step': step, ...rest } = before;
    expect(() => optimizer.load({ ...rest, '1.step': { ...step, shape: [1] } })).toThrow(
      'adam: 1.step of a state must be F32 []; got F32 [1]',
    );
    expect(() => optimizer.load(rest)).toThrow(
      'adam: 1.step of a state must be F32 []; got nothing',
    );
    expect(() => optimizer.load({ ...before, '2.exp_avg': step })).toThrow(
      'adam: a state must hold nothing else than 0.step, 0.exp_avg, 0.exp_avg_sq, 1.step, 1.exp_avg, 1.exp_avg_sq; got 2.exp_avg',
    );
    expect(optimizer.state()).toEqual(before);
  });
  it.each(['momentum, dampening', 'Nesterov', 'AdamW, weight decay'])(
    'of 0.1.0, with one count, continues exactly: %s',
    (name) => {
      const { weight, bias, loss } = problem();
      const optimizer = makers[name]([weight, bias]);
      for (let n = 0; n < 3; n++) optimizer.step(loss).dispose();
      const state = optimizer.state();
      optimizer.load(inOldWords(state));
      expect(optimizer.state()).toEqual(state);
    },
  );
  it('of 0.1.0 is refused where a count isn’t known, and nothing changes', () => {
    const { weight, bias, loss, lossWithoutBias } = problem();
    const optimizer = adam([weight, bias], { learningRate: 0.1 });
    const unused = inOldWords(optimizer.state());
    for (let n = 0; n < 3; n++) optimizer.step(lossWithoutBias).dispose();
    const before = optimizer.state();
    expect(() => optimizer.load(inOldWords(before))).toThrow(
      'adam: a state must say how many steps each parameter has had; this one, of version 0.1.0, has one number for all, 3, ' +
        'though parameter 1 seems to have had no gradient yet; train again from the beginning',
    );
    expect(optimizer.state()).toEqual(before);
    optimizer.load(unused);
    optimizer.step(loss).dispose();
    expect([...optimizer.state()['1.step'].data]).toEqual([1]);
  });
});

/** As 0.1.0 wrote it. */
function inOldWords(state: OptimizerState): OptimizerState {
  const slots = Object.entries(state).filter(([name]) => !name.endsWith('.step'));
  return { step: state['0.step'], ...Object.fromEntries(slots) };
}

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
    "muon: its parameters must be matrices; got one of shape []; give it a group with rule: 'adamw', as muonGroups does",
    () => muon([variable(scalar(0))], { learningRate: 1 }),
  ],
  [
    'muon: momentum must be finite and at least 0 and below 1; got 1',
    () => muon([variable(tensor([[1]]))], { learningRate: 1, momentum: 1 }),
  ],
  [
    'scheduleFreeAdamW: betas[0] must be finite and above 0 and below 1; got 0',
    () => scheduleFreeAdamW([variable(scalar(0))], { learningRate: 1, betas: [0, 0.9] }),
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
