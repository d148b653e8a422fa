import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe as suite, expect, it } from 'vitest';
import {
  BatchNorm1d,
  bigramParameterCount,
  CNN,
  cnnParameterCount,
  countParameters,
  describe,
  Dropout,
  gelu,
  LayerNorm,
  Linear,
  MLP,
  mlpParameterCount,
  ruleBasedParameterCount,
  sequential,
  WaveNet,
  waveNetParameterCount,
  type WaveNetSizes,
} from '../src/index.js';

beforeAll(() => startBackend());

const seeded = (): Generator => Generator.seeded(101);
const lecture = { vocabSize: 27, contextSize: 16, dEmbed: 8, dHidden: 64 };

suite('what describe prints', () => {
  it('has the lecture’s MLP as PyTorch does', () => {
    const model = new MLP({ ...lecture, contextSize: 8, dEmbed: 16 }, seeded());
    expect(describe(model)).toBe(
      [
        'MLP(',
        '  (embedding): Embedding(27, 16)',
        '  (linear1): Linear(in_features=128, out_features=64, bias=True)',
        '  (linear2): Linear(in_features=64, out_features=27, bias=True)',
        ')',
        'Number of parameters: 10443',
      ].join('\n'),
    );
  });
  it('has the lecture’s CNN with its list of layers', () => {
    expect(describe(new CNN(lecture, seeded()))).toBe(
      [
        'CNN(',
        '  (embedding): Embedding(27, 8)',
        '  (layers): ModuleList(',
        '    (0): Conv1d(8, 64, kernel_size=(2,), stride=(2,))',
        '    (1): Conv1d(64, 64, kernel_size=(2,), stride=(2,))',
        '    (2): Conv1d(64, 64, kernel_size=(2,), stride=(2,))',
        '    (3): Conv1d(64, 64, kernel_size=(2,), stride=(2,))',
        '  )',
        '  (linear): Linear(in_features=64, out_features=27, bias=True)',
        ')',
        'Number of parameters: 27827',
      ].join('\n'),
    );
  });
});

it('describes layers as PyTorch does', () => {
  const generator = seeded();
  const linear = new Linear(4, 3, generator);
  const dropout = new Dropout(0.25, generator);
  expect(describe(sequential(linear, gelu, dropout, new LayerNorm(3), new BatchNorm1d(3)))).toBe(
    [
      'Sequential(',
      '  (0): Linear(in_features=4, out_features=3, bias=True)',
      '  (2): Dropout(p=0.25, inplace=False)',
      '  (3): LayerNorm((3,), eps=1e-05, elementwise_affine=True)',
      '  (4): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
      ')',
      'Number of parameters: 27',
    ].join('\n'),
  );
});

suite('parameter counts', () => {
  it('has the lecture’s four families', () => {
    expect(ruleBasedParameterCount(lecture)).toBe(79766443076872509863361n);
    expect(bigramParameterCount(lecture)).toBe(729);
    expect(mlpParameterCount({ ...lecture, contextSize: 8, dEmbed: 16 })).toBe(10_443);
    expect(mlpParameterCount(lecture)).toBe(10_227);
    expect(cnnParameterCount(lecture)).toBe(27_827);
  });
  it.each<Partial<WaveNetSizes>>([
    {},
    { skipChannels: 3, blocks: 2, layerNorm: true },
    { input: 'oneHot', kernelSize: 3, dropout: 0.1 },
  ])('equals what a WaveNet holds: %o', (given) => {
    const sizes = { vocabSize: 5, channels: 4, depth: 3, ...given };
    expect(countParameters(new WaveNet(sizes, seeded()))).toBe(waveNetParameterCount(sizes));
    expect(waveNetParameterCount({ vocabSize: 27, channels: 64, depth: 4 })).toBe(102_811);
  });
  it.each([
    { vocabSize: 5, contextSize: 2, dEmbed: 3, dHidden: 4 },
    { vocabSize: 27, contextSize: 32, dEmbed: 1, dHidden: 7 },
  ])('equals what the models hold: %o', (sizes) => {
    expect(countParameters(new MLP(sizes, seeded()))).toBe(mlpParameterCount(sizes));
    expect(countParameters(new CNN(sizes, seeded()))).toBe(cnnParameterCount(sizes));
  });
});

suite.each([MLP, CNN])('%o', (Model) => {
  it('scores each row by itself', () => {
    const model = new Model({ vocabSize: 5, contextSize: 4, dEmbed: 3, dHidden: 6 }, seeded());
    const [both, second] = tidy(() => [
      model.logits(tensor2d([0, 0, 1, 2, 3, 4, 0, 1], [2, 4], 'int32')).dataSync(),
      model.logits(tensor2d([3, 4, 0, 1], [1, 4], 'int32')).dataSync(),
    ]);
    expect(both).toHaveLength(10);
    expect(both.slice(5)).toEqual(second);
    expect(both.slice(0, 5)).not.toEqual(second);
  });
  it('names the shape it expects', () => {
    const model = new Model({ ...lecture, contextSize: 4 }, seeded());
    expect(() => model.logits(tensor2d([0, 1, 2], [1, 3], 'int32'))).toThrow(
      `${Model.name}: tokens must have shape [B, 4]; got [1, 3]`,
    );
  });
  it.each(['vocabSize', 'contextSize', 'dEmbed', 'dHidden'])('refuses a %s of 0', (name) => {
    expect(() => new Model({ ...lecture, [name]: 0 }, seeded())).toThrow(
      `${Model.name}: ${name} must be a whole number of at least 1; got 0`,
    );
  });
});

it('refuses a context that a CNN can’t halve down to one', () => {
  const make = (contextSize: number) => () => new CNN({ ...lecture, contextSize }, seeded());
  expect(make(12)).toThrow(
    'CNN: contextSize must be a power of two of at least 2, as each layer halves it; got 12, try 8 or 16',
  );
  expect(make(1)).toThrow('got 1, try 2 or 4');
});
