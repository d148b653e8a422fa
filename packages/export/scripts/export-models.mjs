// Exports models of every kind for `export.py`, and compares what llama.cpp makes of the GGUF files where node-llama-cpp is found.
//
//     npm run build && node packages/export/scripts/export-models.mjs /tmp/exported

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BpeTokenizer, BytesTokenizer, CharTokenizer, specialTokens } from '@llm101/data';
import {
  ExportError,
  exportGguf,
  exportHuggingFace,
  exportOnnx,
  exportSafetensors,
} from '@llm101/export';
import { Bigram, CNN, GPT, MLP, RecurrentNetwork, stateDict, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';

const TEXT = 'the cat and the other cat, and 한글 é 😀😀\n\nthen the end\n';
const characters = CharTokenizer.fromText(TEXT, { lineEnds: 'characters' });
const lines = CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz');
const bpe = BpeTokenizer.fromText(TEXT, { vocabSize: 290, lineEnds: 'characters' });
const texts = [
  'the cat',
  'and 한글 é 😀',
  'end\n\nthe',
  "it's we'll  x1٣ ½\t\n  e\u0301 \u00a0z",
  'naïve 👩‍👩‍👧 e\u0301a\r\n',
  'cab',
  'cabZ',
];

const gpt = { contextSize: 16, channels: 32, heads: 4, layers: 3, init: 'pytorch' };
const modern = { positions: 'rotary', norm: 'rms', activation: 'swiglu', bias: false };
const sizes = { contextSize: 8, dEmbed: 6, dHidden: 24 };
const graphemes = CharTokenizer.fromText('naïve 👩‍👩‍👧 e\u0301a\r\n', {
  characters: 'graphemes',
  lineEnds: 'characters',
});
const composed = CharTokenizer.fromText(TEXT, { normalize: 'nfc', lineEnds: 'characters' });
const others = CharTokenizer.fromAlphabet('abcdefghijklmnop ', { unknown: 'token' });
const course = CharTokenizer.fromText(TEXT, {
  special: specialTokens,
  unknown: 'token',
  lineEnds: 'characters',
});

/** @type {Record<string, [tokenizer: any, config: any]>} */
const models = {
  bigram: [lines, { type: 'bigram' }],
  mlp: [lines, { type: 'mlp', ...sizes }],
  'mlp-deep': [
    lines,
    {
      type: 'mlp',
      ...sizes,
      dHidden: [24, 16, 24],
      batchNorm: true,
      bias: false,
      residual: true,
      activation: 'sigmoid',
    },
  ],
  cnn: [lines, { type: 'cnn', ...sizes }],
  wavenet: [lines, { type: 'wavenet', channels: 12, depth: 3, blocks: 2, layerNorm: true }],
  'wavenet-one-hot': [
    lines,
    { type: 'wavenet', channels: 12, skipChannels: 7, depth: 2, kernelSize: 3, input: 'oneHot' },
  ],
  gru: [lines, { type: 'gru', ...sizes }],
  lstm: [lines, { type: 'lstm', ...sizes, layers: 2 }],
  nanogpt: [characters, { type: 'gpt', ...gpt, bias: false }],
  gpt2: [bpe, { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  'gpt2-untied': [bpe, { type: 'gpt', ...gpt, activation: 'gelu-tanh', tiedHead: false }],
  'gpt2-hidden': [bpe, { type: 'gpt', ...gpt, activation: 'gelu-tanh', hidden: 40 }],
  'gpt2-lines': [lines, { type: 'gpt', ...gpt, activation: 'gelu-tanh', separated: true }],
  'gpt2-bytes': [new BytesTokenizer(), { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  'gpt2-squared': [
    new BytesTokenizer({ padding: false }),
    { type: 'gpt', ...gpt, activation: 'squared-relu' },
  ],
  'gpt2-graphemes': [graphemes, { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  'gpt2-composed': [composed, { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  'gpt2-others': [others, { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  'gpt2-course': [course, { type: 'gpt', ...gpt, activation: 'gelu-tanh' }],
  course: [lines, { type: 'gpt', ...gpt, projections: 'separate', tiedHead: false }],
  'course-head': [
    lines,
    { type: 'gpt', ...gpt, projections: 'separate', tiedHead: false, bias: { head: true } },
  ],
  llama: [bpe, { type: 'gpt', ...gpt, ...modern, kvHeads: 2, projections: 'separate' }],
  'llama-biases': [bpe, { type: 'gpt', ...gpt, ...modern, bias: { attention: true } }],
  'llama-all-biases': [bpe, { type: 'gpt', ...gpt, ...modern, bias: true, kvHeads: 1 }],
  'llama-characters': [characters, { type: 'gpt', ...gpt, ...modern, tiedHead: false }],
  qwen3: [bpe, { type: 'gpt', ...gpt, ...modern, kvHeads: 2, qkNorm: true }],
  'qwen3-attention-biases': [
    bpe,
    { type: 'gpt', ...gpt, ...modern, bias: { attention: true }, qkNorm: true, tiedHead: false },
  ],
  'qwen3-feed-forward-biases': [
    bpe,
    { type: 'gpt', ...gpt, ...modern, bias: { feedForward: true }, qkNorm: true },
  ],
  'rms-learned': [
    bpe,
    { type: 'gpt', ...gpt, norm: 'rms', qkNorm: true, activation: 'swiglu', kvHeads: 2 },
  ],
  'rotary-layer': [bpe, { type: 'gpt', ...gpt, positions: 'rotary', activation: 'squared-relu' }],
};

function networkOf(config) {
  const generator = Generator.seeded(11);
  if (config.type === 'bigram') return new Bigram(config, generator);
  if (config.type === 'mlp') return new MLP(config, generator);
  if (config.type === 'cnn') {
    const { type: _, ...own } = config;
    return new CNN(own, generator);
  }
  if (config.type === 'wavenet') return new WaveNet(config, generator);
  if (config.type === 'gpt') return new GPT(config, generator);
  return new RecurrentNetwork({ ...config, cell: config.type }, generator);
}

/** Moves all parameters and statistics away from where they begin, so that each makes a difference. */
function train(network) {
  const random = Generator.seeded(5);
  const all = [...network.namedParameters().values(), ...network.namedBuffers().values()];
  for (const variable of all.filter(({ dtype }) => dtype === 'float32')) {
    const values = variable
      .dataSync()
      .map((x) => x + 0.4 * Math.abs(x) + 0.4 * (random.nextDouble() - 0.5));
    tidy(() => variable.assign(tensor(values, variable.shape)));
  }
}

/** Rows of tokens of several lengths, each a text from its beginning, where the network reads such. */
function inputsOf({ vocabSize, contextSize: T = 8, type }) {
  const shapes =
    type === 'mlp' || type === 'cnn'
      ? [[3, T]]
      : [
          [2, T],
          [1, 1],
          [1, 2],
          [3, T - 1],
        ];
  return shapes.map(([rows, length]) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length }, (_, i) =>
        i === 0 ? 0 : 1 + ((i * i * (row + 1) + 3 * i) % (vocabSize - 1)),
      ),
    ),
  );
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    console.log(error.message);
    return undefined;
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
  console.log(name);
  const config = { ...own, vocabSize: tokenizer.vocabSize };
  const network = networkOf(config);
  train(network);
  const model = { config, tensors: stateDict(network), tokenizer };
  const inputs = inputsOf(config).map((tokens) => {
    const input = tensor2d(tokens, [tokens.length, tokens[0].length], 'int32');
    return { tokens, scores: nested(network.sequenceLogits?.(input) ?? network.logits(input)) };
  });
  const path = join(folder, name);
  mkdirSync(join(path), { recursive: true });
  const known = texts.filter(
    (text) => tokenizer.unknown === 'token' || tokenizer.firstUnknown(text) === undefined,
  );
  const encoded = known.map((text) => [text, Array.from(tokenizer.encode(text))]);
  writeFileSync(
    join(path, 'scores.json'),
    JSON.stringify({
      inputs,
      texts: encoded,
      decoded: encoded.map(([, tokens]) => tokenizer.decode(tokens)),
    }),
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
      inputs[0].tokens[0],
    );
    let worst = 0;
    for (const [t, row] of inputs[0].scores[0].entries()) {
      // of the likeliest tokens alone, which its sampler has left: logarithms, but for a constant
      const given = [...(probabilities[t] ?? [])];
      const shifts = given.map(([token, probability]) => Math.log(probability) - row[token]);
      worst = Math.max(worst, Math.max(...shifts) - Math.min(...shifts)); // bounded: tokens
    }
    const wrong = known.filter(
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
