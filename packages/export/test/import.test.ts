// Folders of GPT-2 that are read: what was written comes back, and what is something else is refused.
import { BpeTokenizer, BytesTokenizer, CharTokenizer, specialTokens } from '@llm101/data';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportHuggingFace, importGPT2 } from '../src/index.js';
import type { ExportedModel, GPT2Files } from '../src/index.js';
import { configs, modelOf, tokenizers } from './models.js';

beforeAll(() => startBackend());

type Tensors = ReturnType<typeof readSafetensors>['tensors'];

const NORM = 'transformer.ln_f.bias';

function filesOf(model: ExportedModel): GPT2Files {
  const folder = exportHuggingFace(model);
  return {
    config: JSON.parse(String(folder['config.json'])) as unknown,
    tokenizer: JSON.parse(String(folder['tokenizer.json'])) as unknown,
    weights: [folder['model.safetensors'] as Uint8Array<ArrayBuffer>],
  };
}

it.each(['gpt', 'gpt, GPT-2', 'gpt, squared ReLU'])('%s comes back', (name) => {
  const model = modelOf(configs[name]);
  const { config, tensors } = importGPT2(filesOf(model));
  expect(config).toMatchObject(model.config);
  expect(tensors).toEqual(model.tensors);
});

it.each(Object.entries(tokenizers))('so does its tokenizer: %s', (_, tokenizer) => {
  const model = modelOf({ ...configs['gpt'], vocabSize: tokenizer.vocabSize }, tokenizer);
  const read = importGPT2(filesOf(model)).tokenizer;
  const text = tokenizer.alphabet === '' ? 'the end 한글 😀' : tokenizer.alphabet;
  expect(read.encode(text)).toEqual(tokenizer.encode(text));
  expect([read.vocabSize, read.paddingIndex]).toEqual([
    tokenizer.vocabSize,
    tokenizer.paddingIndex,
  ]);
  expect(read instanceof BpeTokenizer).toBe(
    tokenizer instanceof BpeTokenizer || tokenizer instanceof BytesTokenizer,
  );
});

it('reads names without their prefix, and leaves out masks and a head that is tied', () => {
  const model = modelOf(configs['gpt']);
  const files = filesOf(model);
  const { tensors } = readSafetensors(files.weights[0]);
  const mask = { dtype: 'F32', shape: [1], data: new Float32Array(1) } as const;
  const bare = Object.entries(tensors).map(([name, tensor]) => [
    name.replace('transformer.', ''),
    tensor,
  ]);
  const weights = writeSafetensors({
    ...(Object.fromEntries(bare) as typeof tensors),
    'h.0.attn.bias': mask,
    'h.0.attn.masked_bias': mask,
    'lm_head.weight': tensors['transformer.wte.weight'],
  });
  expect(importGPT2({ ...files, weights: [weights] }).tensors).toEqual(model.tensors);
});

describe('what is something else is refused', () => {
  it.each<[object, string]>([
    [{ model_type: 'llama' }, 'GPT-2: model_type of config.json must be gpt2; got "llama"'],
    [{ n_embd: -1 }, 'GPT-2: n_embd of config.json must be a whole number from 1 on; got -1'],
    [{ n_layer: '2' }, 'GPT-2: n_layer of config.json must be a whole number from 1 on; got "2"'],
    [{ n_head: 5 }, 'GPT-2: config.json: GPT: heads must divide'],
    [{ activation_function: 'relu' }, 'GPT-2: activation_function must be gelu, gelu_new'],
    [
      { layer_norm_epsilon: 1e-6 },
      'GPT-2: layer_norm_epsilon of config.json must be 0.00001; got 0.000001',
    ],
    [
      { vocab_size: 12 },
      'GPT-2: transformer.wte.weight must have the shape [12, 16], by config.json',
    ],
  ])('%j', (change, message) => {
    const files = filesOf(modelOf(configs['gpt']));
    expect(() => importGPT2({ ...files, config: { ...Object(files.config), ...change } })).toThrow(
      message,
    );
  });
  it.each([null, 3, 'x', [], {}])('a config or tokenizer of %j', (json) => {
    const files = filesOf(modelOf(configs['gpt']));
    expect(() => importGPT2({ ...files, config: json })).toThrow(
      'model_type of config.json must be gpt2',
    );
    expect(() => importGPT2({ ...files, tokenizer: json })).toThrow(/./);
  });
  it.each<[string, (tensors: Tensors) => Tensors, string]>([
    [
      'numbers of another kind',
      (tensors) => ({
        ...tensors,
        [NORM]: { dtype: 'F64', shape: [16], data: new Float64Array(16) },
      }),
      `GPT-2: ${NORM} must be of F32, F16 or BF16; got F64`,
    ],
    [
      'another shape',
      (tensors) => ({
        ...tensors,
        [NORM]: { dtype: 'F32', shape: [4, 4], data: new Float32Array(16) },
      }),
      `GPT-2: ${NORM} must have the shape [16], by config.json; got [4, 4]`,
    ],
    [
      'a shape of nothing, however long',
      (tensors) => ({
        ...tensors,
        'transformer.h.0.attn.c_attn.weight': {
          dtype: 'F32',
          shape: [2 ** 40, 0],
          data: new Float32Array(0),
        },
      }),
      'must have the shape [16, 48], by config.json; got [1099511627776, 0]',
    ],
    [
      'one too few',
      (tensors) => Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== NORM)),
      `GPT-2: ${NORM} must be there; got none`,
    ],
    [
      'one too many',
      (tensors) => ({ ...tensors, 'score.weight': tensors[NORM] }),
      'GPT-2: no tensor of a GPT-2 is called "transformer.score.weight"',
    ],
    [
      'one twice',
      (tensors) => ({ ...tensors, 'ln_f.bias': tensors[NORM] }),
      `GPT-2: ${NORM} must be there once; got two`,
    ],
  ])('weights: %s', (_, change, message) => {
    const files = filesOf(modelOf(configs['gpt']));
    const weights = writeSafetensors(change(readSafetensors(files.weights[0]).tensors));
    expect(() => importGPT2({ ...files, weights: [weights] })).toThrow(message);
  });
  it('a tokenizer of words', () => {
    const files = filesOf(modelOf(configs['gpt']));
    const tokenizer = { ...Object(files.tokenizer), pre_tokenizer: { type: 'Whitespace' } };
    expect(() => importGPT2({ ...files, tokenizer })).toThrow(
      'tokenizer.json: a WordLevel model must have texts cut into characters',
    );
  });
});

it('numbers of half precision become float32', () => {
  const files = filesOf(modelOf(configs['gpt']));
  const { tensors } = readSafetensors(files.weights[0]);
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x8000, 0x03ff, 0x7bff, 0x3555, 0x7c00);
  const half = { dtype: 'F16', shape: [16], data: new Uint16Array(16) } as const;
  half.data.set(bits);
  const brain = { dtype: 'BF16', shape: [16], data: new Uint16Array(16) } as const;
  brain.data.set([0x3f80, 0xc000, 0x3eab]);
  const weights = writeSafetensors({ ...tensors, [NORM]: half, 'transformer.ln_f.weight': brain });
  const read = importGPT2({ ...files, weights: [weights] }).tensors;
  expect(Array.from(read[NORM].data.subarray(0, 8), Number)).toEqual([
    1,
    -2,
    2 ** -24,
    -0,
    1023 * 2 ** -24,
    65504,
    1365 * 2 ** -12,
    Infinity,
  ]);
  expect(Array.from(read['transformer.ln_f.weight'].data.subarray(0, 4), Number)).toEqual([
    1, -2, 0.333984375, 0,
  ]);
});

it('a tokenizer of more tokens than the model is refused', () => {
  const files = filesOf(modelOf(configs['gpt']));
  const { tokenizer } = filesOf(modelOf(configs['gpt'], CharTokenizer.fromAlphabet('abc')));
  expect(() => importGPT2({ ...files, tokenizer })).toThrow(
    'GPT-2: the tokenizer must have as many tokens as the model, 11; got 4',
  );
});

it('a model may be in several files', () => {
  const model = modelOf(configs['gpt']);
  const files = filesOf(model);
  const all = Object.entries(readSafetensors(files.weights[0]).tensors);
  const weights = [all.slice(0, 5), all.slice(5)].map((part) =>
    writeSafetensors(Object.fromEntries(part)),
  );
  expect(importGPT2({ ...files, weights }).tensors).toEqual(model.tensors);
});

it('other characters become one token, as they did', () => {
  const tokenizer = CharTokenizer.fromAlphabet('abc', { unknown: 'token' });
  for (const own of [
    tokenizer,
    CharTokenizer.fromAlphabet('abc', { special: specialTokens, unknown: 'token' }),
  ]) {
    const model = modelOf({ ...configs['gpt'], vocabSize: own.vocabSize }, own);
    const read = importGPT2(filesOf(model)).tokenizer;
    expect(read.toJSON()).toEqual(own.toJSON());
  }
});
