// What layers say of sizes and shapes that don't fit.
import { memory, type Tensor3D } from '@tensorflow/tfjs-core';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BatchNorm1d,
  CausalSelfAttention,
  Conv1d,
  DilatedConv1d,
  Embedding,
  CNN,
  GRU,
  LayerNorm,
  Linear,
  MLP,
  TransformerBlock,
  WaveNet,
} from '../src/index.js';
import { wave } from './figures.js';

const pairs = { inChannels: 2, outChannels: 2, kernelSize: 2 };

describe('errors', () => {
  beforeAll(() => startBackend());
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
      () => new Conv1d(pairs, generator).forward(wave([1, 4, 3], Math.sin, 3) as Tensor3D),
      'Conv1d: inputs must have 2 channels and at least 2 steps; got shape [1, 4, 3]',
    ],
    [
      'too few steps',
      () =>
        new Conv1d({ ...pairs, dilation: 4 }, generator).forward(
          wave([1, 4, 2], Math.sin, 3) as Tensor3D,
        ),
      'Conv1d: inputs must have 2 channels and at least 5 steps; got shape [1, 4, 2]',
    ],
    [
      'stride 0',
      () => new Conv1d({ ...pairs, stride: 0 }, generator),
      'Conv1d: stride must be a whole number of at least 1; got 0',
    ],
    [
      'channels that a causal convolution has not',
      () => new DilatedConv1d(pairs, generator).forward(wave([1, 4, 3], Math.sin, 3) as Tensor3D),
      'DilatedConv1d: inputs must have 2 channels; got shape [1, 4, 3]',
    ],
    [
      'dilation 0',
      () => new DilatedConv1d({ ...pairs, dilation: 0 }, generator),
      'DilatedConv1d: dilation must be a whole number of at least 1; got 0',
    ],
    [
      'heads that share channels',
      () => new CausalSelfAttention(6, 4, generator),
      'CausalSelfAttention: heads must divide the 6 channels; got 4',
    ],
    [
      'channels that attention has not',
      () =>
        new CausalSelfAttention(6, 2, generator).forward(wave([1, 2, 5], Math.sin, 3) as Tensor3D),
      'CausalSelfAttention: inputs must have 6 channels; got shape [1, 2, 5]',
    ],
    [
      'channels that a norm has not',
      () => new LayerNorm(4).forward(wave([2, 3], Math.sin, 3)),
      'LayerNorm: inputs must have 4 channels; got shape [2, 3]',
    ],
    [
      'a norm of nothing',
      () => new BatchNorm1d(0),
      'BatchNorm1d: channels must be a whole number of at least 1; got 0',
    ],
    [
      'a batch of one',
      () => new BatchNorm1d(3).forward(wave([1, 3], Math.sin, 3), 'training'),
      "BatchNorm1d: a batch of training must have at least 2 values a channel; got 1; use 'evaluation'",
    ],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });

  const sizes = { vocabSize: 27, contextSize: 8, dEmbed: 2, dHidden: 2 };
  const waveNet = { vocabSize: 27, channels: 2, depth: 2 };
  const block = { channels: 4, heads: 2 };
  it.each<[string, () => unknown]>([
    ['an MLP', () => new MLP({ ...sizes, dHidden: 0 }, generator)],
    ['a CNN', () => new CNN({ ...sizes, contextSize: 12 }, generator)],
    ['a WaveNet without skips', () => new WaveNet({ ...waveNet, skipChannels: 0 }, generator)],
    ['a WaveNet that drops all', () => new WaveNet({ ...waveNet, dropout: 1 }, generator)],
    ['a WaveNet of NaN', () => new WaveNet({ ...waveNet, dropout: Number.NaN }, generator)],
    ['a GRU', () => new GRU(2, 0, generator)],
    ['a block of three heads', () => new TransformerBlock({ ...block, heads: 3 }, generator)],
    ['a block without a middle', () => new TransformerBlock({ ...block, hidden: 0 }, generator)],
    ['a block that drops all', () => new TransformerBlock({ ...block, dropout: 1 }, generator)],
  ])('leave no tensor of %s', (_name, make) => {
    const { numTensors } = memory();
    expect(make).toThrow(RangeError);
    expect(memory().numTensors).toBe(numTensors);
  });
});
