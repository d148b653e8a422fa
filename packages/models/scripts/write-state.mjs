#!/usr/bin/env node
// Files of models for tools/reference/state.py to read, with sizes, inputs and scores in their metadata. Wants a build.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchNorm1d, Linear, sequential, stateDict, tanh, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { writeSafetensors } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';

const [folder = 'state-ours'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await startBackend();

const tokens = [0, 1, 2].map((row) =>
  Array.from({ length: 20 }, (_, t) => (t === 0 ? 0 : 1 + ((row * 5 + t * t * 3) % 26))),
);
const WAVENETS = {
  embedding: { channels: 24, skipChannels: 16, depth: 4, blocks: 2, layerNorm: true },
  'one-hot': { channels: 16, depth: 2, kernelSize: 3, input: 'oneHot' },
};
for (const [name, options] of Object.entries(WAVENETS)) {
  const sizes = { vocabSize: 27, ...options };
  const model = new WaveNet(sizes, Generator.seeded(7));
  const scores = tidy(() => model.sequenceLogits(tensor2d(tokens, undefined, 'int32')).dataSync());
  write(`wavenet-${name}`, model, { sizes, inputs: tokens, outputs: [...scores] });
}

const generator = Generator.seeded(7);
const [first, second] = [new Linear(4, 6, generator), new Linear(6, 3, generator)];
const normed = sequential(first, new BatchNorm1d(6), tanh, second);
const inputs = [0, 1, 2].map((row) => [row, row / 3 - 1, 0.5, row * row]);
tidy(() => void normed.forward(tensor2d(inputs), 'training'));
const outputs = tidy(() => normed.forward(tensor2d(inputs)).dataSync());
write('batch-norm', normed, { sizes: null, inputs, outputs: [...outputs] });

function write(name, model, figures) {
  const metadata = Object.entries(figures).map(([key, value]) => [key, JSON.stringify(value)]);
  const bytes = writeSafetensors(stateDict(model), Object.fromEntries(metadata));
  writeFileSync(join(folder, `${name}.safetensors`), bytes);
}
