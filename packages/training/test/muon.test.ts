// Muon on matrices of several shapes, and which parameters it is for.
import { ones, tensor, variable, zeros, type Tensor2D, type Variable } from '@tensorflow/tfjs-core';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { averageWeights, muon, muonGroups, type MuonOptions } from '../src/index.js';
import { matrices } from './optimizer-cases.js';

beforeAll(() => startBackend());

it.each(Object.entries(matrices))(
  'Muon on a matrix that is %s: PyTorch’s values',
  (name, figures) => {
    const { shape, values } = figures;
    const wave = (of: (i: number) => number): Tensor2D =>
      tensor(
        Float32Array.from(values, (_, i) => Math.sin(of(i))),
        shape,
      );
    const matrix = variable(wave((i) => i / 3));
    const optimizer = muon([matrix], { learningRate: 0.1, ...MATRIX_OPTIONS[name] });
    for (let step = 0; step < 3; step++)
      optimizer.update([wave((i) => ((i * i) % 101) / 7 + step)]);
    // the last bit of a bfloat16 may fall the other way
    expectClose(matrix.dataSync(), values, { absolute: 1e-5 });
  },
);

const MATRIX_OPTIONS: Readonly<Record<string, Partial<MuonOptions>>> = {
  'tall, as AdamW': { adjustRate: 'match-rms-adamw' },
  square: { weightDecay: 0 },
  'other polynomial': { coefficients: [2, -1.5, 0.5], iterations: 3 },
};

it('takes directions that were computed apart, of clipped gradients too', () => {
  const trained = (apart: boolean) => {
    const [tall, wide, vector] = [[5, 3], [2, 4], [3]].map((shape) => variable(ones(shape)));
    const groups = [{ parameters: [tall, wide] }, { parameters: [vector], rule: 'adamw' as const }];
    const inner = muon(groups, { learningRate: 0.1, clipNorm: 0.5 });
    const optimizer = averageWeights(inner, { decay: 0.5 });
    expect(optimizer.directions?.costs).toEqual(
      new Map([
        [tall, 5 * 45],
        [wide, 5 * 16],
      ]),
    );
    for (let step = 1; step <= 3; step++) {
      const gradients = [tall, wide, vector].map(({ shape, size }, i) =>
        step === 2 && i === 1
          ? undefined // a matrix without a gradient
          : tensor(
              Float32Array.from({ length: size }, (_, k) => Math.sin(step + 3 * k)),
              shape,
            ),
      );
      const before = optimizer.state();
      const found = optimizer.directions?.compute(gradients, [wide, tall]) ?? [];
      expect(optimizer.state()).toEqual(before);
      expect(found.map((one) => one?.shape)).toEqual([step === 2 ? undefined : [2, 4], [5, 3]]);
      const known = new Map([wide, tall].flatMap((one, i) => (found[i] ? [[one, found[i]]] : [])));
      optimizer.update(gradients, apart ? known : undefined);
    }
    return {
      values: [tall, wide, vector].map((one) => one.dataSync()),
      state: optimizer.state(),
    };
  };
  expect(trained(true)).toEqual(trained(false));
});

it('uses the directions that it is given', () => {
  const [matrix, gradient] = [variable(ones([2, 2])), ones([2, 2])];
  const optimizer = muon([matrix], { learningRate: 1, weightDecay: 0 });
  optimizer.update(
    [gradient],
    new Map([
      [
        matrix,
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ],
    ]),
  );
  expect([...matrix.dataSync()]).toEqual([0, -1, -2, -3]);
});

describe('muonGroups', () => {
  const model = (shapes: Readonly<Record<string, number[]>>) => {
    const named = new Map(
      Object.entries(shapes).map(([name, shape]) => [name, variable(zeros(shape))] as const),
    );
    const nameOf = (wanted: Variable) => [...named].find(([, v]) => v === wanted)?.[0];
    return (V: number) =>
      muonGroups({ namedParameters: () => named }, V).map(({ rule, parameters }) => [
        rule,
        parameters.map(nameOf),
      ]);
  };
  it('takes an MLP’s hidden layer alone', () => {
    const groups = model({
      'embedding.weight': [27, 8],
      'linear1.weight': [27, 64],
      'linear1.bias': [27],
      'linear2.weight': [27, 27],
      'linear2.bias': [27],
    })(27);
    expect(groups).toEqual([
      ['muon', ['linear1.weight']],
      ['adamw', ['embedding.weight', 'linear1.bias', 'linear2.weight', 'linear2.bias']],
    ]);
  });
  it('takes a GPT’s blocks, as many tokens as channels too', () => {
    const groups = model({
      'transformer.wte.weight': [16, 16],
      'transformer.wpe.weight': [8, 16],
      'transformer.h.0.ln_1.weight': [16],
      'transformer.h.0.attn.c_attn.weight': [48, 16],
      'transformer.h.0.attn.c_proj.weight': [16, 16],
      'lm_head.weight': [16, 16],
    })(16);
    expect(groups[0]).toEqual([
      'muon',
      ['transformer.h.0.attn.c_attn.weight', 'transformer.h.0.attn.c_proj.weight'],
    ]);
  });
  it('makes no empty group', () => {
    expect(model({ 'table.weight': [3, 3] })(3)).toEqual([['adamw', ['table.weight']]]);
  });
});
