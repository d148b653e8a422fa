import { zeros, variable, type Variable } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  calculateGain,
  kaimingNormal,
  kaimingUniform,
  xavierNormal,
  xavierUniform,
} from '../src/index.js';
import { figures } from './figures.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(101);

describe('initialisers', () => {
  it.each<[string, (weight: Variable) => void]>([
    ['kaimingUniform', (w) => kaimingUniform(w, { generator: seeded() })],
    [
      'kaimingUniform fanOut',
      (w) => kaimingUniform(w, { generator: seeded(), mode: 'fanOut', nonlinearity: 'relu' }),
    ],
    ['kaimingNormal', (w) => kaimingNormal(w, { generator: seeded(), slope: 0.2 })],
    [
      'xavierUniform',
      (w) => xavierUniform(w, { generator: seeded(), gain: calculateGain('tanh') }),
    ],
    ['xavierNormal', (w) => xavierNormal(w, { generator: seeded() })],
  ])("%s draws PyTorch's values", (name, initialise) => {
    const { shape, values } = figures[name]['weight'];
    const weight = variable(zeros(shape));
    initialise(weight);
    // The figures have seven digits.
    expectClose(weight.dataSync(), values, { relative: 5e-7 });
  });
  it("has PyTorch's gains", () => {
    // torch.nn.init.calculate_gain, printed with ten digits
    const gains = {
      linear: 1,
      sigmoid: 1,
      tanh: 1.6666666667,
      relu: Math.SQRT2,
      leakyRelu: 1.414142857,
      selu: 0.75,
    } as const;
    for (const [name, gain] of Object.entries(gains)) {
      expectClose(calculateGain(name as keyof typeof gains), gain, { absolute: 5e-11 });
    }
    expectClose(calculateGain('leakyRelu', 1), 1, { absolute: 1e-15 });
  });
  it('needs two axes to count inputs and outputs', () => {
    const bias = variable(zeros([3]));
    expect(() => kaimingNormal(bias, { generator: seeded() })).toThrow(
      'kaimingNormal: weight must have at least 2 axes, [out, in, …]; got shape [3]',
    );
  });
});
