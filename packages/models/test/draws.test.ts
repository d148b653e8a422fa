// How much the constructors draw from a generator: as much as PyTorch's, so that all layers have PyTorch's initial values.
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { expectClose } from '@tools/testing';
import { beforeAll, expect, it } from 'vitest';
import {
  BatchNorm1d,
  CausalSelfAttention,
  Conv1d,
  Dropout,
  Embedding,
  GRU,
  LayerNorm,
  Linear,
  LSTM,
  TransformerBlock,
  WaveNet,
  type Module,
} from '../src/index.js';
import { figures } from './figures.js';

beforeAll(() => startBackend());

const block = (dropout: number) => (generator: Generator) =>
  new TransformerBlock({ channels: 6, heads: 2, hidden: 12, dropout }, generator);

const makers: Readonly<Record<string, (generator: Generator) => Module | Module[]>> = {
  embedding: (generator) => new Embedding(7, 3, generator),
  linear: (generator) => new Linear(5, 4, generator),
  layerNorm: () => new LayerNorm(5),
  batchNorm: () => new BatchNorm1d(3),
  dropout: (generator) => new Dropout(0.5, generator),
  'dropout of nothing': (generator) => new Dropout(0, generator),
  convolution: (generator) =>
    new Conv1d({ inChannels: 3, outChannels: 4, kernelSize: 2 }, generator),
  gru: (generator) => new GRU(3, 4, generator),
  lstm: (generator) => new LSTM(3, 4, generator),
  attention: (generator) => new CausalSelfAttention(6, 2, generator),
  block: block(0),
  'block with dropout': block(0.5),
  'block, dropout, linear': (generator) => [
    block(0.1)(generator),
    new Dropout(0.1, generator),
    new Linear(2, 2, generator),
  ],
};

it('has a maker for each figure', () => {
  expect(Object.keys(makers)).toEqual(Object.keys(figures['drawn after']));
});

it.each(Object.entries(makers))('%s: what is drawn next is what PyTorch draws', (name, make) => {
  const generator = Generator.seeded(101);
  const made = [make(generator)].flat();
  expectClose([generator.nextDouble()], figures['drawn after'][name].values, { relative: 1e-6 });
  for (const module of made) module.dispose();
});

it('a WaveNet draws the seeds of its dropouts after its initial values, and none without', () => {
  const sizes = { vocabSize: 5, channels: 3, depth: 2 };
  const [plain, thinned] = [Generator.seeded(101), Generator.seeded(101)];
  const models = [
    new WaveNet(sizes, plain),
    new WaveNet({ ...sizes, dropout: 0.1 }, thinned),
  ] as const;
  const [a, b] = models.map((model) => [...model.namedParameters().values()]);
  expect(b.map((weight) => Array.from(weight.dataSync()))).toEqual(
    a.map((weight) => Array.from(weight.dataSync())),
  );
  for (let i = 0; i < 2; i++) plain.nextUint32();
  expect(thinned.nextUint32()).toBe(plain.nextUint32());
  for (const model of models) model.dispose();
});
