// Muon on matrices of several shapes, and which parameters it is for.
import { tensor, variable, zeros, type Tensor2D, type Variable } from '@tensorflow/tfjs-core';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { muon, muonGroups, type MuonOptions } from '../src/index.js';
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
