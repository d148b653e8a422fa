import { ExportError } from '../errors.js';
import type { ExportedModel, FloatTensor } from '../exported-model.js';
import { biasOf, familyOf, gptTensors, joined } from '../gpt-roles.js';
import type { GPTTensors, Product } from '../gpt-roles.js';
import { encodeGguf, type GgufValue } from './gguf-file.js';
import { tokenizerMetadata } from './tokenizer.js';

const FORMAT = 'GGUF';

/**
 * A GPT as a GGUF file of float32, which llama.cpp reads: its architecture `gpt2` where positions are learned and GELU is that by tanh, `llama`
 * where positions are rotary, `qwen3` where queries and keys are normalised too. The tokenizer is within it.
 *
 * @param name - of the model, for people
 * @throws ExportError for another network, for parts that none of these architectures has, or a tokenizer that llama.cpp has not
 */
export function exportGguf(model: ExportedModel, name = 'llm101'): Uint8Array<ArrayBuffer> {
  const gpt = gptTensors(FORMAT, model);
  const family = familyOf(FORMAT, gpt);
  const { config } = gpt;
  if (family === 'gpt2' && config.activation !== 'gelu-tanh') {
    throw new ExportError(
      `${FORMAT}: a gpt with learned positions must have the activation gelu-tanh, the only one that llama.cpp computes there; got ${config.activation}; ONNX and hf take it`,
    );
  }
  if (family !== 'gpt2' && (config.bias.attention || config.bias.feedForward)) {
    throw new ExportError(
      `${FORMAT}: a gpt with rotary positions must have no biases; ONNX takes it`,
    );
  }
  const sizes: [string, GgufValue][] = [
    ['context_length', { uint32: config.contextSize }],
    ['embedding_length', { uint32: config.channels }],
    ['block_count', { uint32: config.layers }],
    ['feed_forward_length', { uint32: config.hidden }],
    ['attention.head_count', { uint32: config.heads }],
    ...(family === 'gpt2' ? gpt2Sizes() : llamaSizes(gpt)),
  ];
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', family],
    ['general.name', name],
    ['general.file_type', { uint32: 0 }], // all float32
    ...sizes.map(([key, value]): [string, GgufValue] => [`${family}.${key}`, value]),
    ...tokenizerMetadata(model.tokenizer, config.separated),
  ]);
  return encodeGguf(metadata, family === 'gpt2' ? gpt2(gpt) : llama(gpt, family));
}

const gpt2Sizes = (): [string, GgufValue][] => [
  ['attention.layer_norm_epsilon', { float32: 1e-5 }],
];

const llamaSizes = ({ config }: GPTTensors): [string, GgufValue][] => [
  ['vocab_size', { uint32: config.vocabSize }],
  ['attention.head_count_kv', { uint32: config.kvHeads }],
  ['attention.key_length', { uint32: config.channels / config.heads }],
  ['attention.value_length', { uint32: config.channels / config.heads }],
  ['attention.layer_norm_rms_epsilon', { float32: 1e-5 }],
  ['rope.dimension_count', { uint32: config.channels / config.heads }],
  ['rope.freq_base', { float32: 10_000 }],
];

function gpt2({ embedding, positions, blocks, norm, head }: GPTTensors): Map<string, FloatTensor> {
  const tensors = new Map([['token_embd.weight', embedding]]);
  const add = (name: string, product: Product): void => {
    tensors.set(`${name}.weight`, product.weight);
    tensors.set(`${name}.bias`, biasOf(product));
  };
  if (positions !== undefined) tensors.set('position_embd.weight', positions);
  for (const [i, block] of blocks.entries()) {
    const name = `blk.${i}`;
    add(`${name}.attn_norm`, block.attentionNorm);
    add(`${name}.attn_qkv`, joined([block.query, block.key, block.value]));
    add(`${name}.attn_output`, block.output);
    add(`${name}.ffn_norm`, block.feedForwardNorm);
    add(`${name}.ffn_up`, block.up);
    add(`${name}.ffn_down`, block.down);
  }
  add('output_norm', norm);
  tensors.set('output.weight', head?.weight ?? embedding);
  return tensors;
}

function llama(gpt: GPTTensors, family: 'llama' | 'qwen3'): Map<string, FloatTensor> {
  const { config, embedding, blocks, norm, head } = gpt;
  const tensors = new Map([['token_embd.weight', embedding]]);
  // llama.cpp turns neighbours in a llama, halves in a qwen3
  const turned = ({ weight }: Product, heads: number): FloatTensor =>
    family === 'llama' ? interleaved(weight, heads) : weight;
  for (const [i, block] of blocks.entries()) {
    const own: Readonly<Record<string, FloatTensor | undefined>> = {
      attn_norm: block.attentionNorm.weight,
      attn_q: turned(block.query, config.heads),
      attn_k: turned(block.key, config.kvHeads),
      attn_v: block.value.weight,
      attn_output: block.output.weight,
      attn_q_norm: block.queryNorm,
      attn_k_norm: block.keyNorm,
      ffn_norm: block.feedForwardNorm.weight,
      ffn_gate: block.gate?.weight,
      ffn_up: block.up.weight,
      ffn_down: block.down.weight,
    };
    for (const [name, tensor] of Object.entries(own)) {
      if (tensor !== undefined) tensors.set(`blk.${i}.${name}.weight`, tensor);
    }
  }
  tensors.set('output_norm.weight', norm.weight);
  if (head !== undefined) tensors.set('output.weight', head.weight);
  return tensors;
}

/** Rows of each head, i and i + d/2 side by side. */
function interleaved({ shape, data }: FloatTensor, heads: number): FloatTensor {
  const [rows, columns] = shape;
  const d = rows / heads;
  const sorted = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const [head, i] = [Math.floor(row / d), row % d];
    const from = head * d + Math.floor(i / 2) + (i % 2) * (d / 2);
    sorted.set(data.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return { shape, data: sorted };
}
