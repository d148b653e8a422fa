// Models of every kind, with random weights, and what they score.
import { tensor, tensor2d, tidy, type Tensor2D, type Tensor } from '@tensorflow/tfjs-core';
import { BpeTokenizer, BytesTokenizer, CharTokenizer, type TextTokenizer } from '@llm101/data';
import {
  Bigram,
  CNN,
  GPT,
  MLP,
  type Module,
  RecurrentNetwork,
  stateDict,
  WaveNet,
  type GPTConfig,
} from '@llm101/models';
import { Generator } from '@llm101/random';
import type { ExportedModel, NetworkConfig } from '../src/index.js';

export const V = 11;
export const T = 8;

const characters = CharTokenizer.fromAlphabet('abcdefg\n é');
export const tokenizers: Readonly<Record<string, TextTokenizer>> = {
  characters: CharTokenizer.fromAlphabet('abc \né한😀', { padding: false }),
  'characters with an end': CharTokenizer.fromAlphabet('abcd'),
  'characters, others as one': CharTokenizer.fromAlphabet('abc ', { unknown: 'token' }),
  bytes: new BytesTokenizer(),
  'bytes without an end': new BytesTokenizer({ padding: false }),
  BPE: BpeTokenizer.fromText('the cat and the other cat, and 한글 한글 😀😀\n\nthen the end', {
    vocabSize: 290,
    lineEnds: 'characters',
  }),
};

const sizes = { vocabSize: V, contextSize: T, dEmbed: 6, dHidden: 10 };
const gpt: GPTConfig = { vocabSize: V, contextSize: T, channels: 16, heads: 4, layers: 2 };
const modern = { positions: 'rotary', norm: 'rms', activation: 'swiglu', bias: false } as const;

export const configs: Readonly<Record<string, NetworkConfig>> = {
  bigram: { type: 'bigram', vocabSize: V },
  mlp: { type: 'mlp', ...sizes },
  'mlp, deep': {
    type: 'mlp',
    ...sizes,
    dHidden: [10, 12, 10],
    activation: 'gelu',
    batchNorm: true,
    bias: false,
    residual: true,
  },
  'mlp, layer norms': {
    type: 'mlp',
    ...sizes,
    dHidden: [9, 9],
    activation: 'silu',
    layerNorm: true,
  },
  cnn: { type: 'cnn', ...sizes },
  wavenet: { type: 'wavenet', vocabSize: V, channels: 6, depth: 3, blocks: 2, layerNorm: true },
  'wavenet of one-hot rows': {
    type: 'wavenet',
    vocabSize: V,
    channels: 6,
    skipChannels: 5,
    depth: 2,
    kernelSize: 3,
    input: 'oneHot',
  },
  gru: { type: 'gru', ...sizes, layers: 2 },
  lstm: { type: 'lstm', ...sizes, layers: 2, separated: false },
  gpt: { type: 'gpt', ...gpt },
  'gpt, nanoGPT': { type: 'gpt', ...gpt, bias: false },
  'gpt, GPT-2': { type: 'gpt', ...gpt, activation: 'gelu-tanh' },
  'gpt, course': { type: 'gpt', ...gpt, projections: 'separate', tiedHead: false, separated: true },
  'gpt, squared ReLU': { type: 'gpt', ...gpt, activation: 'squared-relu', tiedHead: false },
  'gpt, Llama': { type: 'gpt', ...gpt, ...modern, kvHeads: 2, projections: 'separate' },
  'gpt, Llama, joint': { type: 'gpt', ...gpt, ...modern, tiedHead: false, separated: true },
  'gpt, Qwen3': { type: 'gpt', ...gpt, ...modern, qkNorm: true, kvHeads: 1 },
};

type Network = Module & {
  logits(tokens: Tensor2D): Tensor;
  sequenceLogits?(tokens: Tensor2D): Tensor;
};

function networkOf(config: NetworkConfig): Network {
  const generator = Generator.seeded(7);
  if (config.type === 'bigram') return new Bigram(config, generator);
  if (config.type === 'mlp') return new MLP(config, generator);
  if (config.type === 'wavenet') return new WaveNet(config, generator);
  if (config.type === 'gpt') return new GPT(config, generator);
  if (config.type === 'cnn') {
    const { type: _, ...own } = config;
    return new CNN(own, generator);
  }
  if (config.type === 'gru' || config.type === 'lstm') {
    return new RecurrentNetwork({ ...config, cell: config.type }, generator);
  }
  throw new Error(`no test has a ${config.type}`);
}

/** Tokens of rows that begin with token 0, which doesn't come again. */
export function tokensOf(rows: number, length = T, vocabSize = V): Int32Array {
  return Int32Array.from({ length: rows * length }, (_, i) =>
    i % length === 0 ? 0 : 1 + ((i * i + 3 * i) % (vocabSize - 1)),
  );
}

/** A model with weights that aren't small, so that what each does can be seen. */
export function modelOf(
  config: NetworkConfig,
  tokenizer: TextTokenizer = characters,
): ExportedModel & { score(tokens: Int32Array, rows: number): number[] } {
  const network = networkOf(config);
  const wave = [...network.namedParameters().values(), ...network.namedBuffers().values()];
  for (const [i, variable] of wave.entries()) {
    if (variable.dtype !== 'float32') continue;
    const values = variable
      .dataSync()
      .map((x, j) => Math.abs(x) + 0.3 * Math.sin(i + 1.7 * j) ** 2);
    const signed = values.map((x, j) => (variable.rank > 1 && j % 3 === 0 ? -x : x));
    tidy(() => variable.assign(tensor(signed, variable.shape)));
  }
  return {
    config,
    tensors: stateDict(network),
    tokenizer,
    score: (tokens, rows) =>
      tidy(() => {
        const input = tensor2d(tokens, [rows, tokens.length / rows], 'int32');
        return Array.from((network.sequenceLogits?.(input) ?? network.logits(input)).dataSync());
      }),
  };
}
