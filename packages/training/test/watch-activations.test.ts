// What layers and activation functions give, and that nobody notices that it was looked at.
import { readFileSync } from 'node:fs';
import {
  CausalSelfAttention,
  describe as outline,
  Dropout,
  Embedding,
  gelu,
  Linear,
  Module,
  relu,
  sequential,
  sigmoid,
} from '@llm101/models';
import { Generator, randn, randperm } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import {
  add,
  concat,
  engine,
  gather,
  matMul,
  reshape,
  square,
  tanh,
  tensor,
  tidy,
  variable,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import {
  courseReference,
  expectClose,
  expectNoLeak,
  namesPath,
  numericGradient,
} from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  everyPosition,
  sampleDeviation,
  watchActivations,
  watchParameters,
  type Trainable,
} from '../src/index.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(101);

/** Lecture 4's network as it writes it, of bare parameters without layers. */
class BareMLP extends Module implements Trainable {
  readonly C: Variable;
  readonly W1: Variable;
  readonly b1: Variable;
  readonly W2: Variable;
  readonly b2: Variable;

  constructor(scales: readonly number[], generator: Generator) {
    super();
    const shapes = [[27, 16], [48, 256], [256], [256, 27], [27]];
    const [C, W1, b1, W2, b2] = shapes.map((shape, i) => {
      const values = randn(
        generator,
        shape.reduce((a, b) => a * b),
      );
      return tidy(() =>
        variable(
          tensor(
            values.map((value) => value * scales[i]),
            shape,
          ),
        ),
      );
    });
    [this.C, this.W1, this.b1, this.W2, this.b2] = [C, W1, b1, W2, b2];
  }

  logits(tokens: Tensor2D): Tensor2D {
    const x = reshape<Rank.R2>(gather(this.C, tokens), [-1, 48]);
    const hidden = tanh(add(matMul(x, this.W1), this.b1));
    return add<Tensor2D>(matMul<Tensor2D>(hidden, this.W2), this.b2);
  }
}

const reference = courseReference();
const path = namesPath();

describe.skipIf(reference === undefined || path === undefined)(
  'lecture 4’s figures (needs ../shared)',
  () => {
    const models = reference?.lecture4.models ?? [];
    const scales = [
      [1, 1, 1, 1, 1],
      [1, 1, 1, 0.1, 0.01],
      [0.1, 0.2, 0.1, 0.1, 0.01],
      [(27 * 16) ** -0.5, 5 / 3 / 48 ** 0.5, 0.1, 1 / 16, 0.01],
    ];
    it.each([0, 1, 2, 3])('are those of network %i', (which) => {
      const names = readFileSync(path ?? '', 'utf8')
        .trim()
        .split('\n');
      const inputs: number[][] = [];
      const targets: number[] = [];
      for (const name of names.slice(0, Math.floor(names.length * (1 - 0.1)))) {
        let context = [0, 0, 0];
        for (const token of [...Array.from(name, (c) => c.charCodeAt(0) - 96), 0]) {
          inputs.push(context);
          targets.push(token);
          context = [...context.slice(1), token];
        }
      }
      const generator = seeded();
      const model = new BareMLP(scales[which], generator);
      const rows = Array.from(randperm(generator, inputs.length).slice(0, 32));
      const batch = {
        size: 32,
        contextSize: 3,
        inputs: Int32Array.from(rows.flatMap((row) => inputs[row])),
        targets: Int32Array.from(rows, (row) => targets[row]),
      };
      const watch = watchActivations(model, { histogram: { bins: 50, range: [-1, 1] } });
      const [before, hidden] = watch.look(batch);
      expect([before.name, hidden.name]).toEqual(['tanh.input', 'tanh']);
      expect(hidden.shape).toEqual([32, 256]);
      expectClose(hidden.saturated ?? NaN, models[which].saturated, { absolute: 1e-9 }); // nine digits
      expect(hidden.values.counts).toEqual(models[which].histogram);
      const w1 = watchParameters(model)
        .look(batch)
        .find(({ name }) => name === 'W1');
      const found = [before.gradient, w1?.gradient].map((one) =>
        one === undefined ? NaN : sampleDeviation(one),
      );
      expectClose(found, models[which].gradient_std, { relative: 1e-5 });
    });
  },
);

const batch = {
  size: 2,
  contextSize: 3,
  inputs: Int32Array.of(1, 2, 0, 3, 3, 1),
  targets: Int32Array.of(2, 1),
};

/** Layers of layers, a function called twice, one within a layer. */
class Deep extends Module implements Trainable {
  readonly embedding = new Embedding(4, 2, Generator.seeded(1));
  readonly layers = [
    new Linear(6, 5, Generator.seeded(2)),
    sequential(new Linear(5, 5, Generator.seeded(3)), relu),
  ] as const;
  readonly dropout = new Dropout(0.5, Generator.seeded(5));
  readonly head = new Linear(5, 4, Generator.seeded(4));

  logits(tokens: Tensor2D, mode: 'training' | 'evaluation' = 'evaluation'): Tensor2D {
    const flat = reshape<Rank.R2>(this.embedding.forward(tokens), [-1, 6]);
    const first = tanh(this.layers[0].forward(flat));
    const second = tanh(this.layers[1].forward(first));
    return this.head.forward(this.dropout.forward(add<Tensor2D>(first, second), mode));
  }
}

it('names layers by their paths, and functions by where they are called', () => {
  const seen = watchActivations(new Deep()).look(batch);
  expect(seen.map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
    'embedding 2x3x2',
    'layers.0 2x5',
    'tanh 2x5',
    'layers.1.0 2x5',
    'layers.1.relu 2x5',
    'tanh.2 2x5',
    'dropout 2x5',
    'head 2x4',
  ]);
});

it('has the gradient of the loss with respect to each output, by central differences', () => {
  // Scores that are a variable, by way of a layer that gives them as they are.
  const start = Float32Array.of(0.5, -1, 0.2, 0, 1, 0.3, -0.4, 2);
  const scores = tidy(() => variable(tensor(start, [2, 4])));
  const layer = { forward: () => reshape<Rank.R2>(scores, [2, 4]) };
  const model = { parameters: () => [scores], children: () => [['same', layer]] as const };
  const [{ name, gradient, values }] = watchActivations({
    ...model,
    logits: () => layer.forward(),
  }).look(batch);
  const expected = numericGradient((x) => {
    const loss = (row: number, target: number): number => {
      const exps = x.subarray(4 * row, 4 * row + 4).map(Math.exp);
      return -Math.log(exps[target] / exps.reduce((a, b) => a + b));
    };
    return (loss(0, 2) + loss(1, 1)) / 2;
  }, start.slice());
  expect([name, values.count]).toEqual(['same', 8]);
  expectClose(gradient?.norm ?? NaN, Math.hypot(...expected), { absolute: 1e-5 });
  expectClose(gradient?.minimum ?? NaN, Math.min(...expected), { absolute: 1e-5 });
});

it('has none for what the loss doesn’t depend on, and sees no integers', () => {
  const weight = tidy(() => variable(tensor([[1, 2, 3, 4]], [1, 4])));
  const ids = { forward: () => tensor([1], [1], 'int32') };
  const seen = watchActivations({
    parameters: () => [weight],
    children: () => [['ids', ids]],
    logits() {
      ids.forward();
      sigmoid(square(weight));
      return concat([weight, weight]) as Tensor2D;
    },
  }).look(batch);
  expect(seen.map(({ name, gradient }) => [name, gradient])).toEqual([
    ['sigmoid.input', undefined],
    ['sigmoid', undefined],
  ]);
});

describe('where a function is flat', () => {
  /** Of a function whose inputs are the rows, two units each. */
  const look = (activation: (x: Tensor) => Tensor, values: number[]) => {
    const weight = tidy(() => variable(tensor(values, [3, 2])));
    const model = { parameters: () => [weight], logits: () => activation(weight) as Tensor2D };
    const rows = { size: 3, contextSize: 1, inputs: new Int32Array(3), targets: new Int32Array(3) };
    return watchActivations(model).look(rows).at(-1);
  };
  it.each([
    ['tanh', tanh, [-3, -2.7, 0, 2.6, 3, 0]],
    ['sigmoid', sigmoid, [-6, -5.4, 0, 5.2, 6, 0]],
    ['relu', relu, [-6, 1, 0, 3, 4, -2]],
  ] as const)('is known of %s, and which units are so for every example', (name, f, values) => {
    expect(look(f, [...values])).toMatchObject({ name, saturated: 3 / 6, deadUnits: 0 });
    expect(look(f, [-9, 1, -9, 2, -9, 0.1])).toMatchObject({ saturated: 3 / 6, deadUnits: 1 });
  });
  it('is nowhere for others', () => {
    const found = look(gelu, [-6, -1, 0, 3, 4, 0]);
    expect([found?.name, found?.saturated, found?.deadUnits]).toEqual([
      'gelu',
      undefined,
      undefined,
    ]);
  });
});

describe('whoever is looked at', () => {
  class Attending extends Module {
    readonly embedding = new Embedding(4, 8, seeded());
    readonly attention = new CausalSelfAttention(8, 2, seeded(), { dropout: 0.5 });
    readonly head = new Linear(8, 4, seeded());

    sequenceLogits(tokens: Tensor2D, mode?: 'training' | 'evaluation'): Tensor3D {
      const x = this.embedding.forward(tokens);
      return this.head.forward(gelu(this.attention.forward(x, mode)));
    }
  }
  const rows = { ...batch, targets: Int32Array.of(2, 0, 1, 3, 1, 0) };

  it('may score every position', () => {
    const seen = watchActivations(everyPosition(new Attending())).look(rows);
    expect(seen.map(({ name }) => name)).toEqual([
      'embedding',
      'attention.out_proj',
      'gelu',
      'head',
    ]);
    expect(seen.every(({ gradient }) => gradient !== undefined && gradient.norm > 0)).toBe(true);
  });
  it('is as it was: its layers, its counters, tfjs, and no tensor more', async () => {
    const model = new Attending();
    const outlined = outline(model);
    const watch = watchActivations(everyPosition(model));
    const first = watch.look(rows);
    await expectNoLeak(() => expect(watch.look(rows)).toEqual(first)); // the same mask
    expect(Object.keys(model.head)).toEqual(['weight', 'bias']);
    expect(Object.hasOwn(model.head, 'forward')).toBe(false);
    expect(Object.hasOwn(engine(), 'runKernel')).toBe(false);
    expect(outline(model)).toBe(outlined);
    expect([...model.namedCounters().values()].map((counter) => counter.dataSync()[0])).toEqual([
      0,
    ]);
  });
  it('is as it was after an error too', () => {
    const model = new Attending();
    const bad = { ...rows, inputs: Int32Array.of(9, 9, 9, 9, 9, 9) };
    expect(() => watchActivations(everyPosition(model)).look(bad)).toThrow('index value 9');
    expect(Object.hasOwn(model.head, 'forward')).toBe(false);
    expect(Object.hasOwn(engine(), 'runKernel')).toBe(false);
  });
});

it.each([
  [{ saturation: 1 }, 'watchActivations: saturation must be finite and above 0 and below 1; got 1'],
  [
    { histogram: { bins: 0 } },
    'watchActivations: bins must be a whole number of at least 1; got 0',
  ],
  [
    { histogram: { range: [1, -1] } },
    'watchActivations: range must ascend between finite numbers; got [1, -1]',
  ],
] as const)('refuses %o', (options, message) => {
  expect(() => watchActivations(new Deep(), options)).toThrow(message);
});
