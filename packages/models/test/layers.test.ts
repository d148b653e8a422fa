// Each layer twice: against PyTorch's outputs and gradients (fixtures/layers.json), and against central differences.
import { readFileSync } from 'node:fs';
import {
  mul,
  sum,
  tensor,
  tidy,
  variableGrads,
  variable,
  type Scalar,
  type Tensor,
  type Tensor3D,
  type Variable,
} from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose, expectNoLeak, numericGradient } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Conv1d, Embedding, Linear, type Conv1dOptions, type Module } from '../src/index.js';

interface Figure {
  readonly shape: number[];
  readonly values: number[];
}
const fixtures = JSON.parse(
  readFileSync(new URL('fixtures/layers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, Figure>>>>;

/** A few dozen float32 products are added up in another order than PyTorch's. */
const PYTORCH = { absolute: 2e-6, relative: 2e-6 };
/** The layers are linear in each of their values, so central differences leave only rounding, here over a step of 0.02. */
const DIFFERENCES = { absolute: 2e-3 };

interface Case {
  readonly name: string;
  readonly make: () => Module & { forward(x: Tensor): Tensor };
  readonly input: () => Tensor;
}

const wave = (shape: number[], f: (x: number) => number, period: number): Tensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: count }, (_, i) => f(i / period)),
    shape,
  );
};
const conv = (name: string, options: Conv1dOptions, shape: number[]): Case => ({
  name,
  make: () => new Conv1d(options, Generator.seeded(101)),
  input: () => wave(shape, Math.sin, 3),
});
const cases: Case[] = [
  {
    name: 'embedding',
    make: () => new Embedding(7, 3, Generator.seeded(101)),
    input: () => tensor([0, 2, 2, 6, 0, 1], [2, 3], 'int32'),
  },
  {
    name: 'linear',
    make: () => new Linear(5, 4, Generator.seeded(101)),
    input: () => wave([3, 5], Math.sin, 3),
  },
  conv('halving', { inChannels: 3, outChannels: 4, kernelSize: 2, stride: 2 }, [2, 6, 3]),
  conv('dense', { inChannels: 2, outChannels: 3, kernelSize: 3 }, [2, 5, 2]),
  conv('strided', { inChannels: 2, outChannels: 3, kernelSize: 2, stride: 3 }, [2, 7, 2]),
  conv('dilated', { inChannels: 2, outChannels: 3, kernelSize: 2, dilation: 2 }, [2, 6, 2]),
  conv('uneven', { inChannels: 2, outChannels: 3, kernelSize: 2, stride: 2 }, [2, 5, 2]),
];

beforeAll(() => startBackend());

describe.each(cases)('$name', ({ name, make, input }) => {
  const loss = (y: Tensor): Scalar => sum(mul(y, wave(y.shape, Math.cos, 5)));

  it("has PyTorch's output and gradients", () => {
    const expected = fixtures[name];
    const layer = make();
    const given = input();
    const x = given.dtype === 'float32' ? variable(given) : given;
    const parameters = layer.namedParameters();
    const inputs = x === given ? [] : [x as Variable];
    const y = layer.forward(x);
    expect(y.shape).toEqual(expected['output'].shape);
    expectClose(y.dataSync(), expected['output'].values, PYTORCH);

    const { grads } = variableGrads(
      () => loss(layer.forward(x)),
      [...parameters.values(), ...inputs],
    );
    const named = new Map([...parameters].map(([key, p]) => [key, grads[p.name]]));
    if (inputs.length > 0) named.set('input', grads[inputs[0].name]);
    expect([...named.keys()].map((key) => `grad.${key}`).sort()).toEqual(
      Object.keys(expected)
        .filter((key) => key !== 'output')
        .sort(),
    );
    for (const [key, gradient] of named) {
      expect(gradient.shape).toEqual(expected[`grad.${key}`].shape);
      expectClose(gradient.dataSync(), expected[`grad.${key}`].values, PYTORCH);
    }
  });

  it('has the gradients of central differences', () => {
    const layer = make();
    const x = input();
    const { grads } = variableGrads(() => loss(layer.forward(x)), layer.parameters());
    for (const parameter of layer.parameters()) {
      const values = Float32Array.from(parameter.dataSync());
      const numeric = numericGradient((at) => {
        tidy(() => parameter.assign(tensor(at.slice(), parameter.shape)));
        return tidy(() => loss(layer.forward(x)).dataSync()[0]);
      }, values);
      tidy(() => parameter.assign(tensor(values, parameter.shape)));
      expectClose(grads[parameter.name].dataSync(), numeric, DIFFERENCES);
    }
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const layer = make();
      tidy(() => void layer.forward(input()));
      layer.dispose();
    });
  });
});

describe('errors', () => {
  const generator = Generator.seeded(1);
  it.each<[string, () => unknown, string]>([
    [
      'no symbols',
      () => new Embedding(0, 3, generator),
      'Embedding: vocabSize must be a whole number of at least 1; got 0',
    ],
    [
      'half a unit',
      () => new Linear(2, 1.5, generator),
      'Linear: outFeatures must be a whole number of at least 1; got 1.5',
    ],
    [
      'other columns',
      () => new Linear(4, 2, generator).forward(wave([3, 5], Math.sin, 3)),
      'Linear: inputs must have 4 columns; got shape [3, 5]',
    ],
    [
      'other channels',
      () =>
        new Conv1d({ inChannels: 2, outChannels: 2, kernelSize: 2 }, generator).forward(
          wave([1, 4, 3], Math.sin, 3) as Tensor3D,
        ),
      'Conv1d: inputs must have 2 channels and at least 2 steps; got shape [1, 4, 3]',
    ],
    [
      'too few steps',
      () =>
        new Conv1d(
          { inChannels: 2, outChannels: 2, kernelSize: 2, dilation: 4 },
          generator,
        ).forward(wave([1, 4, 2], Math.sin, 3) as Tensor3D),
      'Conv1d: inputs must have 2 channels and at least 5 steps; got shape [1, 4, 2]',
    ],
    [
      'stride 0',
      () => new Conv1d({ inChannels: 2, outChannels: 2, kernelSize: 2, stride: 0 }, generator),
      'Conv1d: stride must be a whole number of at least 1; got 0',
    ],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
