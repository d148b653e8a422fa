import { readFileSync } from 'node:fs';
import { memory, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { readSafetensors, writeSafetensors, type TensorData } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BatchNorm1d,
  CNN,
  Linear,
  loadStateDict,
  MLP,
  sequential,
  stateDict,
  tanh,
  WaveNet,
} from '../src/index.js';
import type { Figure } from './figures.js';

beforeAll(() => startBackend());

const sizes = { vocabSize: 5, contextSize: 4, dEmbed: 3, dHidden: 6 };
const mlp = (seed: number, dHidden = 6): MLP =>
  new MLP({ ...sizes, dHidden }, Generator.seeded(seed));

describe('state dict', () => {
  it.each([MLP, CNN])('goes through a file, bit for bit: %o', (Model) => {
    const saved = new Model(sizes, Generator.seeded(1));
    const loaded = new Model(sizes, Generator.seeded(2));
    expect(stateDict(loaded)).not.toEqual(stateDict(saved));
    loadStateDict(loaded, readSafetensors(writeSafetensors(stateDict(saved))).tensors);
    expect(stateDict(loaded)).toEqual(stateDict(saved));
  });
  it('is a copy', () => {
    const model = mlp(1);
    const state = stateDict(model);
    const before = memory().numTensors;
    loadStateDict(model, stateDict(mlp(2)));
    expect(memory().numTensors).toBe(before + 5); // the second model's own
    expect(state).toEqual(stateDict(mlp(1)));
  });
  it('changes nothing when a tensor doesn’t fit, and names all that don’t', () => {
    const model = mlp(1);
    const before = stateDict(model);
    const { 'linear2.bias': bias, ...partial } = stateDict(mlp(2));
    for (const [state, message] of [
      [partial, 'loadStateDict: linear2.bias must be F32 [5]; got nothing; make the model with'],
      [
        stateDict(mlp(2, 7)),
        'linear1.weight must be F32 [6, 12]; got F32 [7, 12]; linear1.bias must',
      ],
      [{ ...stateDict(mlp(2)), extra: bias }, 'loadStateDict: the model has no extra; make'],
      [
        { ...partial, 'linear1.bias': { ...bias, shape: [1, 6] }, extra: bias, more: bias },
        'loadStateDict: linear1.bias must be F32 [6]; got F32 [1, 6]; linear2.bias must be F32 [5]; got nothing; ' +
          'the model has no extra; the model has no more; make the model with the class and sizes it was saved with',
      ],
      [
        { ...partial, 'linear2.bias': { dtype: 'F64', shape: [5], data: new Float64Array(5) } },
        'linear2.bias must be F32 [5]; got F64 [5]',
      ],
    ] as const) {
      expect(() => loadStateDict(model, state)).toThrow(RangeError);
      expect(() => loadStateDict(model, state)).toThrow(message);
      expect(stateDict(model)).toEqual(before);
    }
  });
  it('holds running statistics, with counts as PyTorch has them', () => {
    const norm = new BatchNorm1d(3);
    tidy(() => void norm.forward(tensor2d([1, 2, 3, 4, 5, 7], [2, 3]), 'training'));
    const state = stateDict(norm);
    expect(Object.keys(state)).toEqual([
      'weight',
      'bias',
      'running_mean',
      'running_var',
      'num_batches_tracked',
    ]);
    expect(state['num_batches_tracked']).toEqual({
      dtype: 'I64',
      shape: [],
      data: BigInt64Array.of(1n),
    });
    const loaded = new BatchNorm1d(3);
    loadStateDict(loaded, readSafetensors(writeSafetensors(state)).tensors);
    expect(stateDict(loaded)).toEqual(state);
    const late = { ...state['num_batches_tracked'], data: BigInt64Array.of(2n ** 31n) };
    expect(() =>
      loadStateDict(loaded, { ...state, num_batches_tracked: late as TensorData }),
    ).toThrow('loadStateDict: num_batches_tracked must be within 32 bits; got 2147483648');
  });
  it('of PyTorch, with running statistics, gives its scores', () => {
    const fixture = (name: string): Buffer =>
      readFileSync(new URL(`fixtures/${name}`, import.meta.url));
    const { batchNorm } = JSON.parse(fixture('state.json').toString()) as {
      batchNorm: { inputs: number[][]; outputs: Figure };
    };
    const seeded = Generator.seeded(1);
    const [first, second] = [new Linear(4, 6, seeded), new Linear(6, 3, seeded)];
    const model = sequential(first, new BatchNorm1d(6), tanh, second);
    loadStateDict(
      model,
      readSafetensors(new Uint8Array(fixture('batch-norm.safetensors'))).tensors,
    );
    const outputs = tidy(() => model.forward(tensor2d(batchNorm.inputs)).dataSync());
    expectClose(outputs, batchNorm.outputs.values, { absolute: 1e-6 }); // a dozen products
    expect(stateDict(model)['1.num_batches_tracked'].data).toEqual(BigInt64Array.of(2n));
  });
  it('has no dropout in it', () => {
    const sizes = { vocabSize: 5, channels: 3, depth: 2 };
    const [plain, thinned] = [sizes, { ...sizes, dropout: 0.5 }].map(
      (options) => new WaveNet(options, Generator.seeded(1)),
    );
    expect(stateDict(thinned)).toEqual(stateDict(plain));
  });
});
