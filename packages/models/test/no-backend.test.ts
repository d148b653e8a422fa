// In a file of its own: nothing here starts the backend.
import '@tensorflow/tfjs-backend-wasm';
import { Generator } from '@llm101/random';
import { expect, it } from 'vitest';
import { MLP } from '../src/index.js';

it('says that a backend must be started before a model is made', () => {
  const sizes = { vocabSize: 3, contextSize: 2, dEmbed: 2, dHidden: 2 };
  expect(() => new MLP(sizes, Generator.seeded(1))).toThrow(
    /a TensorFlow\.js backend must run before a model is made; got none; await startBackend\(\) of @llm101\/wasm first/,
  );
});
