// Folders of Hugging Face and GGUF files: what is in them. What other programs make of them is asked by tools/reference/export.py.
import { CharTokenizer } from '@llm101/data';
import { readSafetensors } from '@llm101/safetensors';
import { startBackend } from '@llm101/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  exportGguf,
  exportHuggingFace,
  exportSafetensors,
  type NetworkConfig,
} from '../src/index.js';
import { configs, modelOf, tokenizers } from './models.js';

beforeAll(() => startBackend());

const parse = (file: string | Uint8Array): Record<string, unknown> =>
  JSON.parse(String(file)) as Record<string, unknown>;

describe('a folder of Hugging Face', () => {
  it('is GPT-2’s, with its layout of products and zeros where there are no biases', () => {
    const model = modelOf(configs['gpt, nanoGPT']);
    const folder = exportHuggingFace(model);
    const { tensors } = readSafetensors(folder['model.safetensors'] as Uint8Array<ArrayBuffer>);
    expect(Object.keys(tensors).length).toBe(2 + 2 * 12 + 2);
    const joint = tensors['transformer.h.0.attn.c_attn.weight'];
    const ours = model.tensors['transformer.h.0.attn.c_attn.weight'];
    expect([joint.shape, ours.shape]).toEqual([
      [16, 48],
      [48, 16],
    ]);
    expect(joint.data[5 * 48 + 7]).toBe(ours.data[7 * 16 + 5]);
    expect(tensors['transformer.h.1.mlp.c_fc.bias']).toMatchObject({ data: new Float32Array(64) });
    expect(parse(folder['config.json'])).toMatchObject({
      architectures: ['GPT2LMHeadModel'],
      activation_function: 'gelu',
      n_positions: 8,
      tie_word_embeddings: true,
      bos_token_id: 0,
    });
  });
  it.each([
    ['gpt, Llama', 'LlamaForCausalLM', 2],
    ['gpt, Llama, joint', 'LlamaForCausalLM', 4],
    ['gpt, Qwen3', 'Qwen3ForCausalLM', 1],
  ])('of %s is %s’s', (name, architecture, heads) => {
    const folder = exportHuggingFace(modelOf(configs[name]));
    const { tensors } = readSafetensors(folder['model.safetensors'] as Uint8Array<ArrayBuffer>);
    expect(parse(folder['config.json'])).toMatchObject({
      architectures: [architecture],
      num_key_value_heads: heads,
    });
    expect(tensors['model.layers.1.self_attn.k_proj.weight'].shape).toEqual([4 * heads, 16]);
  });
  it.each(Object.entries(tokenizers))('has a tokenizer: %s', (_, tokenizer) => {
    const vocabSize = tokenizer.vocabSize;
    const model = modelOf({ ...configs['gpt'], vocabSize }, tokenizer);
    const { added_tokens: added, model: own } = parse(exportHuggingFace(model)['tokenizer.json']);
    const { vocab } = own as { readonly vocab: Readonly<Record<string, number>> };
    expect(Object.values(vocab).sort((a, b) => a - b)).toEqual(
      Array.from({ length: vocabSize }, (_, i) => i),
    );
    const first = tokenizer.padding === undefined ? [] : [{ id: 0, content: tokenizer.padding }];
    expect(added).toMatchObject(first);
  });
});

it.each([
  ['gpt, Llama, joint', 'TemplateProcessing', 1],
  ['gpt, Llama', undefined, 0],
])('a text of %s begins with the padding where texts are separated', (name, type, isBegun) => {
  const model = modelOf(configs[name]);
  const { post_processor: around } = parse(exportHuggingFace(model)['tokenizer.json']);
  const { type: found, special_tokens: added }: Record<string, unknown> = { ...Object(around) };
  expect(found).toBe(type);
  expect(added).toEqual(type && { '.': { id: '.', ids: [0], tokens: ['.'] } });
  const file = new TextDecoder('latin1').decode(exportGguf(model));
  const key = 'tokenizer.ggml.add_bos_token';
  expect(file.charCodeAt(file.indexOf(key) + key.length + 4)).toBe(isBegun); // after its type
});

describe('a GGUF file', () => {
  it.each([
    ['gpt, GPT-2', 'gpt2', 'blk.1.attn_qkv.bias'],
    ['gpt, Llama', 'llama', 'blk.1.attn_k.weight'],
    ['gpt, Qwen3', 'qwen3', 'blk.1.attn_k_norm.weight'],
  ])('of %s has the architecture %s', (name, architecture, tensor) => {
    const file = exportGguf(modelOf(configs[name]), 'a name');
    const text = new TextDecoder('latin1').decode(file);
    expect(text.slice(0, 4)).toBe('GGUF');
    expect(new DataView(file.buffer).getUint32(4, true)).toBe(3);
    for (const part of [architecture, `${architecture}.context_length`, 'a name', tensor]) {
      expect(text).toContain(part);
    }
    expect(file.length % 32).toBe(0);
  });
  it('ends with its tensors, each at a multiple of 32 bytes', () => {
    const model = modelOf(configs['gpt, GPT-2']);
    const file = exportGguf(model);
    const last = model.tensors['transformer.wte.weight'].data as Float32Array; // the head, tied
    const size = Math.ceil((4 * last.length) / 32) * 32;
    const written = new Float32Array(file.slice(file.length - size).buffer).subarray(
      0,
      last.length,
    );
    expect(written).toEqual(last);
  });
});

describe('what can’t be expressed is an error', () => {
  it.each([
    [
      'mlp',
      'must be a gpt, as the programs that read this format know no mlp; ONNX or safetensors may take it',
    ],
    [
      'wavenet',
      'must be a gpt, as the programs that read this format know no wavenet; ONNX or safetensors may take it',
    ],
  ])('%s', (name, message) => {
    const model = modelOf(configs[name]);
    expect(() => exportHuggingFace(model)).toThrow(`Hugging Face: the model ${message}`);
    expect(() => exportGguf(model)).toThrow(`GGUF: the model ${message}`);
  });
  it.each([
    [{ norm: 'rms' }, 'a gpt with learned positions and RMS norms can’t be expressed'],
    [{ activation: 'swiglu' }, 'a gpt with learned positions and SwiGLU can’t be expressed'],
    [{ kvHeads: 2 }, 'a gpt with learned positions and shared keys can’t be expressed'],
    [{ positions: 'rotary' }, 'a gpt with rotary positions and layer norms can’t be expressed'],
    [
      { positions: 'rotary', norm: 'rms' },
      'a gpt with rotary positions and gelu can’t be expressed',
    ],
    [{ tiedHead: false, bias: { head: true } }, 'a gpt whose head has a bias can’t be expressed'],
  ] as const)('%j', (parts, message) => {
    const model = modelOf({ ...configs['gpt'], ...parts } as (typeof configs)['gpt']);
    expect(() => exportHuggingFace(model)).toThrow(message.replace('’', "'"));
  });
  it('GELU that isn’t by tanh, in llama.cpp', () => {
    expect(() => exportGguf(modelOf(configs['gpt']))).toThrow(
      'GGUF: a gpt with learned positions must have the activation gelu-tanh, the only one that llama.cpp computes there; got gelu; ONNX and hf take it',
    );
  });
});

it.each([
  [{ unknown: 'token' }, 'with a token for unknown characters'],
  [{ characters: 'graphemes' }, 'of graphemes'],
  [{ normalize: 'nfc' }, 'that composes texts (NFC)'],
] as const)('a tokenizer of %j is none of llama.cpp’s', (options, what) => {
  const tokenizer = CharTokenizer.fromAlphabet('abcdefghi', options);
  const config = { ...configs['gpt, GPT-2'], vocabSize: tokenizer.vocabSize } as NetworkConfig;
  const model = modelOf(config, tokenizer);
  expect(() => exportGguf(model)).toThrow(
    `GGUF: a tokenizer ${what} can't be expressed; hf takes it`,
  );
  expect(exportHuggingFace(model)).toHaveProperty('tokenizer.json');
});

it('a state for PyTorch has all tensors, and no tokenizer', () => {
  const model = modelOf(configs['mlp, deep']);
  const { tensors, metadata } = readSafetensors(exportSafetensors(model));
  expect(tensors).toEqual(model.tensors);
  expect(Object.keys(metadata).sort()).toEqual(['format', 'model']);
});
