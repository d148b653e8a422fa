// Each network twice, against PyTorch's scores and gradients (fixtures/networks.json) and against central differences; and
// compiled, where it must be the same without a fallback.
import { readFileSync } from 'node:fs';
import {
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  reshape,
  sub,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Bigram,
  bigramParameterCount,
  countParameters,
  MLP,
  Megabyte,
  megabyteParameterCount,
  mlpParameterCount,
  RecurrentNetwork,
  recurrentNetworkParameterCount,
  stateDict,
  type MegabyteSizes,
  type MLPSizes,
  type Mode,
  type Module,
  type RecurrentNetworkSizes,
} from '../src/index.js';
import type { Figure } from './figures.js';

beforeAll(() => startBackend());

interface NetworkFigures<Sizes> {
  readonly sizes: Sizes;
  readonly logits: Figure;
  readonly loss: number;
  readonly state: readonly string[];
  readonly gradients: Readonly<Record<string, Figure>>;
}
type Figures<Sizes> = Readonly<Record<string, NetworkFigures<Sizes>>>;

/** Made by `tools/reference/networks.py`. */
const figures = JSON.parse(
  readFileSync(new URL('fixtures/networks.json', import.meta.url), 'utf8'),
) as {
  readonly tokens: number[][];
  readonly targets: number[][];
  readonly windows: number[][];
  readonly windowTargets: number[];
  readonly bigram: Figures<object>;
  readonly mlp: Figures<Omit<MLPSizes, 'vocabSize'>>;
  readonly megabyte: Figures<Omit<MegabyteSizes, 'vocabSize'>>;
  readonly recurrent: Figures<Omit<RecurrentNetworkSizes, 'vocabSize' | 'contextSize'>>;
};

const vocabSize = 7;
const seeded = (): Generator => Generator.seeded(101);

/** Scores of every target, `[N, V]`. */
type Scores = (tokens: Tensor2D, mode: Mode) => Tensor;

interface Case {
  readonly name: string;
  readonly figures: NetworkFigures<object>;
  readonly parameters: number;
  readonly make: () => Module & { scores: Scores };
  readonly kinked?: boolean;
  readonly examples: { readonly tokens: number[][]; readonly targets: number[] };
}

const sequences = { tokens: figures.tokens, targets: figures.targets.flat() };
const cases: Case[] = [
  ...Object.entries(figures.bigram).map(([name, own]) => ({
    name: `bigram, ${name}`,
    figures: own,
    parameters: bigramParameterCount({ vocabSize }),
    make: () => scored(new Bigram({ vocabSize }, seeded())),
    examples: sequences,
  })),
  ...Object.entries(figures.mlp).map(([name, own]) => ({
    name: `mlp, ${name}`,
    figures: own,
    parameters: mlpParameterCount({ vocabSize, ...own.sizes }),
    make: () => scored(new MLP({ vocabSize, ...own.sizes }, seeded())),
    kinked: (own.sizes.activation ?? 'relu') === 'relu',
    examples: { tokens: figures.windows, targets: figures.windowTargets },
  })),
  ...Object.entries(figures.megabyte).map(([name, own]) => ({
    name: `megabyte, ${name}`,
    figures: own,
    parameters: megabyteParameterCount({ vocabSize, ...own.sizes }),
    make: () => scored(new Megabyte({ vocabSize, ...own.sizes }, seeded())),
    examples: sequences,
  })),
  ...Object.entries(figures.recurrent).map(([name, own]) => {
    const sizes = { vocabSize, contextSize: 8, ...own.sizes };
    return {
      name: `recurrent, ${name}`,
      figures: own,
      parameters: recurrentNetworkParameterCount(sizes),
      make: () => scored(new RecurrentNetwork(sizes, seeded())),
      examples: sequences,
    };
  }),
];

/** A network with one name for the scores of its targets. */
function scored<M extends Module & { logits: Scores; sequenceLogits?: Scores }>(
  network: M,
): M & { scores: Scores } {
  const scores: Scores = (tokens, mode) =>
    network.sequenceLogits?.(tokens, mode) ?? network.logits(tokens, mode);
  return Object.assign(network, { scores });
}

const lossOf = (logits: Tensor, targets: Tensor1D): Scalar => {
  const rows = reshape<Rank.R2>(logits, [targets.size, vocabSize]);
  return neg(mean(sum(mul(logSoftmax(rows), oneHot(targets, vocabSize)), -1)));
};

type Step = (tokens: Tensor2D, targets: Tensor1D) => Scalar;

/** A step of plain gradient descent. */
const trainingStep =
  (network: Module & { scores: Scores }): Step =>
  (tokens, targets) => {
    const { value, grads } = variableGrads(
      () => lossOf(network.scores(tokens, 'training'), targets),
      network.parameters(),
    );
    for (const parameter of network.parameters()) {
      parameter.assign(sub(parameter, mul(grads[parameter.name], 0.1)));
    }
    return value;
  };

/** Some dozen float32 products in another order, through a few layers and positions. */
const PYTORCH = { absolute: 3e-6, relative: 3e-6 };

describe.each(cases)('$name', ({ figures, parameters, make, kinked, examples }) => {
  const tokens = (): Tensor2D => tensor2d(examples.tokens, undefined, 'int32');
  const targets = (): Tensor1D => tensor1d(examples.targets, 'int32');

  it("has PyTorch's initial values, scores and gradients", () => {
    const network = make();
    expect(Object.keys(stateDict(network)).sort()).toEqual([...figures.state].sort());
    expect(countParameters(network)).toBe(parameters);
    const logits = tidy(() => network.scores(tokens(), 'training').dataSync());
    expectClose(logits, figures.logits.values, PYTORCH);
    const variables = network.namedParameters();
    const { value, grads } = variableGrads(
      () => lossOf(network.scores(tokens(), 'training'), targets()),
      [...variables.values()],
    );
    expectClose(value.dataSync(), [figures.loss], { absolute: 1e-6 });
    for (const [name, { shape, values }] of Object.entries(figures.gradients)) {
      const gradient = grads[variables.get(name)?.name ?? ''];
      expect(gradient.shape, name).toEqual(shape);
      expectClose(gradient.dataSync(), values, PYTORCH);
    }
  });

  // The kinks of ReLU lie within the steps of differences; that its gradient is right layers.test.ts says.
  it.skipIf(kinked)('has the gradients of central differences, in three directions each', () => {
    const network = make();
    const loss = (): Scalar => lossOf(network.scores(tokens(), 'training'), targets());
    const { grads } = variableGrads(loss, network.parameters());
    for (const parameter of network.parameters()) {
      const values = Float32Array.from(parameter.dataSync());
      const directions = [1, 2, 7].map((period) =>
        values.map((_, i) => Math.cos(i / period) / Math.sqrt(values.length)),
      );
      const valueAt = (amounts: Float32Array): number => {
        const at = values.map((value, i) =>
          directions.reduce((sum, direction, k) => sum + amounts[k] * direction[i], value),
        );
        tidy(() => parameter.assign(tensor(at, parameter.shape)));
        return tidy(() => loss().dataSync()[0]);
      };
      const [fine, coarse] = [0.01, 0.02].map((h) =>
        numericGradient(valueAt, new Float32Array(3), h),
      );
      tidy(() => parameter.assign(tensor(values, parameter.shape)));
      const gradient = grads[parameter.name].dataSync<'float32'>();
      const along = directions.map((direction) =>
        direction.reduce((sum, x, i) => sum + x * gradient[i], 0),
      );
      const numeric = fine.map((value, i) => (4 * value - coarse[i]) / 3);
      // float32 rounds the loss, some 2 to 5, and with it a difference over a step of 0.02, by some 2e-5.
      expectClose(along, numeric, { absolute: 1e-4 });
    }
  });

  it('trains compiled as it does uncompiled, in kernels alone', () => {
    const run = (wrap: (step: Step) => Step): number[] => {
      const network = make();
      const step = wrap(trainingStep(network));
      const losses = Array.from({ length: 6 }, () =>
        tidy(() => step(tokens(), targets()).dataSync()[0]),
      );
      const weights = [...network.namedParameters(), ...network.namedBuffers()].flatMap(
        ([, variable]) => Array.from(variable.dataSync()),
      );
      network.dispose();
      return [...losses, ...weights];
    };
    let fallbacks: unknown;
    const compiled = run((step) => {
      const made = compile(step, { relaxedSimd: false });
      return (...batch) => {
        const loss = made(...batch);
        fallbacks = made.program?.stats.fallbacks;
        return loss;
      };
    });
    const plain = run((step) => step);
    expectClose(compiled, plain, { absolute: 1e-5 }); // sums in lanes round differently, over six steps
    expect(plain[5]).toBeLessThan(plain[0]);
    expect(fallbacks).toEqual({});
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const network = make();
      tidy(() => void network.scores(tokens(), 'training'));
      network.dispose();
    });
  });
});
