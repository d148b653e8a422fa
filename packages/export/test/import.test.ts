// Folders of GPT-2 that are read: what was written comes back, and what is something else is refused.
import { BpeTokenizer, BytesTokenizer } from '@llm101/data';
import { readSafetensors, writeSafetensors } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportHuggingFace, importGPT2, type ExportedModel, type GPT2Files } from '../src/index.js';
import { configs, modelOf, tokenizers } from './models.js';

beforeAll(() => startBackend());

function filesOf(model: ExportedModel): GPT2Files {
  const folder = exportHuggingFace(model);
  return {
    config: JSON.parse(String(folder['config.json'])) as unknown,
    tokenizer: JSON.parse(String(folder['tokenizer.json'])) as unknown,
    weights: folder['model.safetensors'] as Uint8Array<ArrayBuffer>,
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
  const { tensors } = readSafetensors(files.weights);
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
  expect(importGPT2({ ...files, weights }).tensors).toEqual(model.tensors);
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
    [{ vocab_size: 12 }, 'GPT-2: the tokenizer must have as many tokens as the model, 12; got 11'],
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
  it('numbers of another kind', () => {
    const files = filesOf(modelOf(configs['gpt']));
    const { tensors } = readSafetensors(files.weights);
    const half = { dtype: 'BF16', shape: [1], data: new Uint16Array(1) } as const;
    const weights = writeSafetensors({ ...tensors, 'transformer.x': half });
    expect(() => importGPT2({ ...files, weights })).toThrow(
      'GPT-2: transformer.x must be float32; got BF16',
    );
  });
});
