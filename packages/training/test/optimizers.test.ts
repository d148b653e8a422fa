// Every optimizer against PyTorch's figures, as it is and compiled, and from state to state.
import { readFileSync } from 'node:fs';
import {
  add,
  matMul,
  mean,
  mul,
  scalar,
  slice,
  square,
  sub,
  tanh,
  tensor,
  tidy,
  variable,
  type Rank,
  type Scalar,
  type ShapeMap,
  type Tensor,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  adamw,
  addGradients,
  clipByGlobalNorm,
  decayMatrices,
  sgd,
  type Optimizer,
} from '../src/index.js';
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
  /** Of some rows of the batch. */
  const lossOf = (first: number, rows: number): Scalar => {
    const part = (x: Tensor2D): Tensor2D => slice(x, [first, 0], [rows, -1]);
    const y = tanh(add(matMul(part(inputs), weight), bias)); // [rows, 4]
    return mul(mean<Scalar>(square(sub(y, part(targets)))), 4);
  };
  return { weight, bias, loss, lossOf };
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

describe('gradients are values', () => {
  it.each(Object.keys(makers))('%s: gradients, then an update, are a step to the byte', (name) => {
    const [whole, parts] = [problem(), problem()];
    const stepped = makers[name]([whole.weight, whole.bias]);
    const updated = makers[name]([parts.weight, parts.bias]);
    for (let n = 0; n < 4; n++) {
      tidy(() => {
        const { loss, gradients } = updated.gradients(parts.loss);
        updated.update(gradients);
        expect(loss.dataSync()).toEqual(stepped.step(whole.loss).dataSync());
      });
      expect(parts.weight.dataSync()).toEqual(whole.weight.dataSync());
      expect(parts.bias.dataSync()).toEqual(whole.bias.dataSync());
      expect(updated.state()).toEqual(stepped.state());
    }
  });
  it('added over two halves of a batch are those of the whole, clipped once they are added', () => {
    const { weight, bias, lossOf, loss } = problem();
    const optimizer = makers['AdamW, clipped']([weight, bias]);
    tidy(() => {
      const { gradients: whole } = optimizer.gradients(loss);
      const halves = [
        optimizer.gradients(() => mul(lossOf(0, 2), 2 / 5)).gradients,
        optimizer.gradients(() => mul(lossOf(2, 3), 3 / 5)).gradients,
      ];
      const sum = addGradients(halves);
      for (const [i, gradient] of whole.entries()) {
        expectClose(values(sum[i]), values(gradient), { absolute: 1e-6 }); // float32, sums in another order
      }
    });
    const other = problem();
    const straight = makers['AdamW, clipped']([other.weight, other.bias]);
    straight.step(other.loss).dispose();
    tidy(() => {
      const half = (): Scalar => mul(loss(), 0.5);
      const halves = [optimizer.gradients(half).gradients, optimizer.gradients(half).gradients];
      optimizer.update(addGradients(halves));
    });
    expect(weight.dataSync()).toEqual(other.weight.dataSync());
  });
  it('are added in a compiled step too', () => {
    const [plain, recorded] = [problem(), problem()];
    const stepOn = ({ weight, bias, lossOf }: ReturnType<typeof problem>) => {
      const optimizer = makers['AdamW, clipped']([weight, bias]);
      return (): Scalar => {
        const first = optimizer.gradients(() => mul(lossOf(0, 2), 0.4));
        const second = optimizer.gradients(() => mul(lossOf(2, 3), 0.6));
        optimizer.update(addGradients([first.gradients, second.gradients]));
        return add(first.loss, second.loss);
      };
    };
    const [step, compiled] = [stepOn(plain), compile(stepOn(recorded))];
    for (let n = 0; n < 5; n++) {
      expectClose(
        tidy(() => compiled().dataSync()),
        tidy(() => step().dataSync()),
        CLOSE,
      );
    }
    expectClose(recorded.weight.dataSync(), plain.weight.dataSync(), CLOSE);
    compiled.dispose();
  });
  it('stay the caller’s, and nothing else is kept', async () => {
    const { weight, bias, loss } = problem();
    const optimizer = makers['AdamW, clipped']([weight, bias]);
    await expectNoLeak(() => {
      const { loss: value, gradients } = optimizer.gradients(loss);
      const sum = addGradients([gradients, gradients]);
      optimizer.update(sum);
      optimizer.update(gradients);
      for (const gradient of [value, ...gradients, ...sum]) gradient?.dispose();
    });
  });
  it('are undefined for what the loss does not depend on, and then stay so', () => {
    const [w, idle] = [variable(scalar(2)), variable(scalar(3))];
    const optimizer = sgd([idle, w], { learningRate: 0.25 });
    tidy(() => {
      const { gradients } = optimizer.gradients(() => square(w));
      const [none, some] = addGradients([gradients, [undefined, scalar(4)]]);
      expect([none, values(some)]).toEqual([undefined, new Float32Array([8])]);
      optimizer.update([none, some]);
      optimizer.update([undefined, undefined]);
    });
    expect([w.dataSync()[0], idle.dataSync()[0]]).toEqual([0, 3]);
  });
  it('are refused where they are of other parameters', () => {
    const { weight, bias } = problem();
    const optimizer = makers['sgd']([weight, bias]);
    expect(() => optimizer.update([weight])).toThrow(
      'sgd: there must be a gradient, or undefined, for each of the 2 parameters; got 1',
    );
    expect(() => optimizer.update([weight, weight])).toThrow(
      'sgd: the gradient of parameter 1 must have its shape, [4]; got [3, 4]',
    );
    expect(() => addGradients([[weight, bias], [weight]])).toThrow(
      'addGradients: all must be of the same parameters; got 2 and 1 gradients',
    );
  });
});

const values = (gradient: Tensor | undefined): Float32Array =>
  gradient?.dataSync<'float32'>() ?? new Float32Array();

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
