// In a file of its own: nothing here starts the backend.
import '@tensorflow/tfjs-backend-wasm';
import { Generator } from '@llm101/random';
import { expect, it } from 'vitest';
import { BatchNorm1d, Dropout, Embedding, LayerNorm, Linear, MLP } from '../src/index.js';

const generator = Generator.seeded(1);
const sizes = { vocabSize: 3, contextSize: 2, dEmbed: 2, dHidden: 2 };

it.each<[string, () => unknown]>([
  ['MLP', () => new MLP(sizes, generator)],
  ['Embedding', () => new Embedding(3, 2, generator)],
  ['Linear', () => new Linear(3, 2, generator)],
  ['LayerNorm', () => new LayerNorm(2)],
  ['BatchNorm1d', () => new BatchNorm1d(2)],
  ['Dropout', () => new Dropout(0.5, 1)],
])('%s says that a backend must be started before a model is made', (_, make) => {
  expect(make).toThrow(
    /a TensorFlow\.js backend must run before a model is made; got none; await startBackend\(\) of @llm101\/wasm first/,
  );
});
