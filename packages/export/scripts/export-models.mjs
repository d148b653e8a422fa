// Exports models of every kind for `export.py`, and compares what llama.cpp makes of the GGUF files where node-llama-cpp is found.
//
//     npm run build && node packages/export/scripts/export-models.mjs /tmp/exported

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BpeTokenizer, BytesTokenizer, CharTokenizer } from '@llm101/data';
import {
  ExportError,
  exportGguf,
  exportHuggingFace,
  exportOnnx,
  exportSafetensors,
} from '@llm101/export';
import { CNN, GPT, MLP, RecurrentNetwork, stateDict, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { tensor2d } from '@tensorflow/tfjs-core';

const TEXT = 'the cat and the other cat, and 한글 é 😀😀\n\nthen the end\n';
const characters = CharTokenizer.fromText(TEXT, { lineEnds: 'characters' });
const lines = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const bpe = BpeTokenizer.fromText(TEXT, { vocabSize: 290, lineEnds: 'characters' });
const texts = ['the cat', 'and 한글 é 😀', 'end\n\nthe'];

const gpt = { contextSize: 16, channels: 32, heads: 4, layers: 3, init: 'pytorch' };
const modern = { positions: 'rotary', norm: 'rms', activation: 'swiglu', bias: false };
const sizes = { contextSize: 8, dEmbed: 6, dHidden: 24 };

/** @type {Record<string, [tokenizer: any, config: any]>} */
const models = {
  mlp: [lines, { type: 'mlp', ...sizes }],
  cnn: [lines, { type: 'cnn', ...sizes }],
  wavenet: [lines, { type: 'wavenet', channels: 12, depth: 3, blocks: 2, layerNorm: true }],
  gru: [lines, { type: 'gru', ...sizes }],
  lstm: [lines, { type: 'lstm', ...sizes, layers: 2 }],
  nanogpt: [characters, { type: 'gpt', ...gpt, bias: false }],
  gpt2: [bpe, { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  'gpt2-lines': [lines, { type: 'gpt', ...gpt, activation: 'gelu-tanh', separated: true }],
  'gpt2-bytes': [new BytesTokenizer(), { type: 'gpt', ...gpt, activation: 'squared-relu' }],
  course: [lines, { type: 'gpt', ...gpt, projections: 'separate', tiedHead: false }],
  llama: [bpe, { type: 'gpt', ...gpt, ...modern, kvHeads: 2, projections: 'separate' }],
  'llama-characters': [characters, { type: 'gpt', ...gpt, ...modern, tiedHead: false }],
  qwen3: [bpe, { type: 'gpt', ...gpt, ...modern, kvHeads: 2, qkNorm: true }],
};

function networkOf(config) {
  const generator = Generator.seeded(11);
  if (config.type === 'mlp') return new MLP(config, generator);
  if (config.type === 'cnn') {
    const { type: _, ...own } = config;
    return new CNN(own, generator);
  }
  if (config.type === 'wavenet') return new WaveNet(config, generator);
  if (config.type === 'gpt') return new GPT(config, generator);
  return new RecurrentNetwork({ ...config, cell: config.type }, generator);
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof ExportError) return undefined;
    throw error;
  }
}

/** Rows of tensors as nested arrays. */
const nested = (tensor) => tensor.arraySync();

async function scoresOfLlama(path, tokens) {
  const { getLlama } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: false, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: path });
  const cache = { experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32' };
  const context = await model.createContext({ contextSize: 64, flashAttention: false, ...cache });
  const sequence = context.getSequence();
  const found = await sequence.controlledEvaluate(
    tokens.map((token) => [
      token,
      { generateNext: { probabilities: true, options: { temperature: 1 } } },
    ]),
  );
  const probabilities = found.map(({ next }) => next.probabilities);
  const encode = (text) => Array.from(model.tokenize(text));
  const result = { probabilities, encoded: texts.map((text) => encode(text)) };
  await model.dispose();
  return result;
}

const [, , folder] = process.argv;
await startBackend();
let llamaIsThere = true;
for (const [name, [tokenizer, own]] of Object.entries(models)) {
  const config = { ...own, vocabSize: tokenizer.vocabSize };
  const network = networkOf(config);
  const model = { config, tensors: stateDict(network), tokenizer };
  const T = config.contextSize ?? 8;
  const rows = [1, 2].map((row) =>
    Array.from({ length: T }, (_, i) =>
      i === 0 ? 0 : 1 + ((i * i * row + 3 * i) % (tokenizer.vocabSize - 1)),
    ),
  );
  const input = tensor2d(rows, [2, T], 'int32');
  const scores = nested(network.sequenceLogits?.(input) ?? network.logits(input));
  const path = join(folder, name);
  mkdirSync(join(path), { recursive: true });
  const known = texts.filter((text) => tokenizer.firstUnknown(text) === undefined);
  const encoded = known.map((text) => [text, Array.from(tokenizer.encode(text))]);
  writeFileSync(
    join(path, 'scores.json'),
    JSON.stringify({ tokens: rows, scores, texts: encoded }),
  );
  writeFileSync(join(path, 'model.safetensors'), exportSafetensors(model));
  writeFileSync(join(path, 'model.onnx'), exportOnnx(model));
  const files = attempt(() => exportHuggingFace(model));
  if (files !== undefined) mkdirSync(join(path, 'hf'), { recursive: true });
  for (const [file, content] of Object.entries(files ?? {})) {
    writeFileSync(join(path, 'hf', file), content);
  }
  const gguf = attempt(() => exportGguf(model));
  if (gguf === undefined) continue;
  writeFileSync(join(path, 'model.gguf'), gguf);
  if (!llamaIsThere) continue;
  try {
    const { probabilities, encoded: found } = await scoresOfLlama(
      join(path, 'model.gguf'),
      rows[0],
    );
    let worst = 0;
    for (const [t, row] of scores[0].entries()) {
      // of the likeliest tokens alone, which its sampler has left: logarithms, but for a constant
      const given = [...(probabilities[t] ?? [])];
      const shifts = given.map(([token, probability]) => Math.log(probability) - row[token]);
      worst = Math.max(worst, Math.max(...shifts) - Math.min(...shifts)); // bounded: tokens
    }
    const same = texts.filter((text) => tokenizer.firstUnknown(text) === undefined);
    const wrong = same.filter(
      (text) => String(found[texts.indexOf(text)]) !== String(Array.from(tokenizer.encode(text))),
    );
    console.log(
      name,
      'llama.cpp',
      worst.toExponential(1),
      wrong.length === 0 ? '' : { wrong, found },
    );
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    llamaIsThere = false;
    console.log('node-llama-cpp is not installed; GGUF files are only written');
  }
}
