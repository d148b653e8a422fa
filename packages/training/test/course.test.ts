// Lectures 2 to 4 of the course, each as a student would write it, against PyTorch's figures.
import {
  add,
  cast,
  gather,
  matMul,
  oneHot,
  reshape,
  tanh,
  tensor1d,
  tensor2d,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { encodeLines, NextTokenDataset, type Batch } from '@llm101/data';
import {
  Bigram,
  countBigrams,
  countParameters,
  MLP,
  Module,
  randnParameter,
  type LanguageModel,
} from '@llm101/models';
import { randint, randperm, type Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  crossEntropy,
  distributionOf,
  evaluate,
  NextTokenCounts,
  watchActivations,
} from '../src/index.js';
import {
  allRows,
  descend,
  FIRST,
  names,
  reference,
  rowsOf,
  seeded,
  tokenizer,
  V,
  VALIDATION,
  why,
} from './course.js';

beforeAll(() => startBackend());

describe.skipIf(reference === undefined)(`lecture 2, a bigram${why}`, () => {
  const pairs = names.length === 0 ? undefined : new NextTokenDataset(names, tokenizer, 1);

  /** Rows of symbols, one-hot, times weights, plus biases. */
  class OneHotLayer extends Module implements LanguageModel {
    readonly vocabSize = V;
    readonly contextSize = 1;
    readonly W: Variable<Rank.R2>;
    readonly b: Variable<Rank.R1>;

    constructor(generator: Generator) {
      super();
      this.W = randnParameter([V, V], generator);
      this.b = randnParameter([V], generator);
    }

    logits(tokens: Tensor2D): Tensor2D {
      const rows = cast(oneHot(reshape<Rank.R1>(tokens, [-1]), V), 'float32') as Tensor2D;
      return add(matMul(rows, this.W), this.b);
    }
  }

  it('has the likelihoods of its counts', async () => {
    const model = Bigram.fromCounts(countBigrams(encodeLines(names, tokenizer).tokens, V));
    const loss = async (lines: string[]): Promise<number> =>
      (await evaluate(model, new NextTokenCounts(new NextTokenDataset(lines, tokenizer, 1), V)))
        .loss;
    expectClose(await loss(names.slice(0, 3)), reference?.lecture2.nll_first_three ?? NaN, FIRST);
    expectClose(await loss(names), reference?.lecture2.nll_all ?? NaN, FIRST);
    model.dispose();
  });

  it('has the losses of gradient descent on all pairs', () => {
    if (pairs === undefined || reference === undefined) return;
    const everything = allRows(pairs);
    const model = new OneHotLayer(seeded());
    const losses = descend(model, 10, { steps: 20, batch: () => everything });
    expectClose(losses, reference.lecture2.one_hot_losses_first_20, FIRST);
    model.dispose();
  });

  it('has them too where each pair is one example that weighs as much as its count', () => {
    if (reference === undefined) return;
    const counts = countBigrams(encodeLines(names, tokenizer).tokens, V);
    const weighted: Batch = {
      size: V * V,
      contextSize: 1,
      inputs: Int32Array.from({ length: V * V }, (_, pair) => Math.floor(pair / V)),
      targets: Int32Array.from({ length: V * V }, (_, pair) => pair % V),
      weights: Float32Array.from(counts),
    };
    const model = new OneHotLayer(seeded());
    const losses = descend(model, 10, { steps: 100, batch: () => weighted });
    expectClose(losses.slice(0, 20), reference.lecture2.one_hot_losses_first_20, FIRST);
    expectClose(losses[99], reference.lecture2.one_hot_loss_100, VALIDATION);
    model.dispose();
  });
});

describe.skipIf(reference === undefined)(`lecture 3, an MLP${why}`, () => {
  it('has the losses of 3,000 steps on batches drawn by randint', async () => {
    if (reference === undefined) return;
    const { parameters, losses_first_20, first_batches, full_loss } = reference.lecture3;
    const pairs = new NextTokenDataset(names, tokenizer, 3);
    const sizes = { vocabSize: V, contextSize: 3, dEmbed: 2, dHidden: 32 } as const;
    const model = new MLP({ ...sizes, activation: 'tanh', init: 'randn' }, seeded());
    expect(countParameters(model)).toBe(parameters);
    const draws = seeded();
    const drawn: Int32Array[] = [];
    const losses = descend(model, 0.1, {
      steps: 3000,
      batch(step) {
        const rows = randint(draws, 32, { high: pairs.length });
        if (step < first_batches.length) drawn.push(rows);
        return rowsOf(pairs, rows);
      },
    });
    expect(drawn.map((rows) => Array.from(rows))).toEqual(first_batches);
    expectClose(losses.slice(0, 20), losses_first_20, FIRST);
    const { loss } = await evaluate(model, new NextTokenCounts(pairs, V), { compile });
    expectClose(loss, full_loss, VALIDATION);
    model.dispose();
  });
});

/** The lecture's network of bare parameters, each `torch.randn(…) * scale`. */
class ScaledMLP extends Module implements LanguageModel {
  readonly vocabSize = V;
  readonly contextSize = 3;
  readonly C: Variable<Rank.R2>;
  readonly W1: Variable<Rank.R2>;
  readonly b1: Variable<Rank.R1>;
  readonly W2: Variable<Rank.R2>;
  readonly b2: Variable<Rank.R1>;

  constructor([c, w1, b1, w2, b2]: readonly number[], generator: Generator) {
    super();
    this.C = randnParameter([V, 16], generator, c);
    this.W1 = randnParameter([3 * 16, 256], generator, w1);
    this.b1 = randnParameter([256], generator, b1);
    this.W2 = randnParameter([256, V], generator, w2);
    this.b2 = randnParameter([V], generator, b2);
  }

  logits(tokens: Tensor2D): Tensor2D {
    const [B, T] = tokens.shape;
    const x = reshape<Rank.R2>(gather<Tensor>(this.C, tokens), [B, T * 16]);
    const h = tanh(add(matMul(x, this.W1), this.b1));
    return add(matMul(h, this.W2), this.b2);
  }
}

const SCALES = [
  [1, 1, 1, 1, 1],
  [1, 1, 1, 0.1, 0.01],
  [0.1, 0.2, 0.1, 0.1, 0.01],
  [(27 * 16) ** -0.5, 5 / 3 / Math.sqrt(48), 0.1, 1 / 16, 0.01],
];

describe.skipIf(reference === undefined)(`lecture 4, initial values and activations${why}`, () => {
  const count = Math.floor(names.length * 0.9);

  it.each([...SCALES.entries()])('model %i, with scales %o', async (i, scales) => {
    if (reference === undefined) return;
    const expected = reference.lecture4.models[i];
    const train = new NextTokenDataset(names.slice(0, count), tokenizer, 3);
    const generator = seeded();
    const model = new ScaledMLP(scales, generator);
    const next = (): Batch => rowsOf(train, randperm(generator, train.length).subarray(0, 32));
    const first = next();

    const seen = watchActivations(model, {
      histogram: { bins: 50, range: [-1, 1] },
    }).look(first);
    const values = (name: string) => seen.find((activation) => activation.name === name);
    expect(values('tanh')?.saturated).toBeCloseTo(expected.saturated, 8);
    expect([...(values('tanh')?.values.counts ?? [])]).toEqual(expected.histogram);
    const { grads } = variableGrads(() => lossOn(model, first), [model.W1]);
    const gradients = [
      values('tanh.input')?.gradient,
      distributionOf(grads[model.W1.name].dataSync<'float32'>()),
    ];
    const deviations = gradients.map(
      (found) => (found?.standardDeviation ?? NaN) * Math.sqrt(bessel(found?.count ?? 0)),
    );
    expectClose(deviations, expected.gradient_std, { relative: 1e-5 });

    const losses = descend(model, 0.01, {
      steps: 300,
      batch: (step) => (step === 0 ? first : next()),
    });
    expectClose(losses.slice(0, 20), expected.losses_first_20, FIRST);
    const held = new NextTokenDataset(names.slice(count), tokenizer, 3);
    const { loss } = await evaluate(model, new NextTokenCounts(held, V), { compile });
    expectClose(loss, expected.val, VALIDATION);
    model.dispose();
  });
});

const lossOn = (model: LanguageModel, { inputs, targets, size }: Batch): Scalar =>
  crossEntropy(
    model.logits(tensor2d(inputs, [size, inputs.length / size], 'int32')),
    tensor1d(targets, 'int32'),
  );

/** What makes of a mean square one without bias, as `tensor.std()` has it. */
const bessel = (count: number): number => count / (count - 1);
