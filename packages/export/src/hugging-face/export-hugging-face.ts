import { writeSafetensors, type TensorData } from '@llm101/safetensors';
import type { TextTokenizer } from '@llm101/data';
import { transposed, type ExportedModel, type FloatTensor } from '../exported-model.js';
import { ExportError } from '../errors.js';
import { biasOf, familyOf, gptTensors, joined } from '../gpt-roles.js';
import type { GPTTensors, Product } from '../gpt-roles.js';
import { tokenizerFile } from './tokenizer.js';

/** The files of a folder by their names. */
export type Folder = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

type Tensors = Record<string, FloatTensor>;

const FORMAT = 'Hugging Face';

/**
 * A GPT as a folder that `transformers` opens: `GPT2LMHeadModel` where positions are learned, `LlamaForCausalLM` where they are rotary, and
 * `Qwen3ForCausalLM` where queries and keys are normalised. Where token 0 begins a text, the tokenizer puts it there.
 *
 * @throws ExportError for another network, for parts that none of these has, or a tokenizer that the format can't express
 */
export function exportHuggingFace(model: ExportedModel): Folder {
  const gpt = gptTensors(FORMAT, model);
  const family = familyOf(FORMAT, gpt);
  const tensors = family === 'gpt2' ? gpt2(gpt) : llama(gpt);
  const ids = idsOf(model.tokenizer);
  const config = { ...(family === 'gpt2' ? gpt2Config(gpt) : llamaConfig(gpt, family)), ...ids };
  return {
    'config.json': json(config),
    'generation_config.json': json({ ...ids, do_sample: true }),
    'model.safetensors': writeSafetensors(asFloat32(tensors), { format: 'pt' }),
    'tokenizer.json': json(tokenizerFile(model.tokenizer, gpt.config.separated)),
    'tokenizer_config.json': json(tokenizerConfig(model.tokenizer, gpt.config.contextSize)),
  };
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const asFloat32 = (tensors: Tensors): Record<string, TensorData> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }]),
  );

/** The token that begins and ends a text, where there is one. */
function idsOf({ paddingIndex }: TextTokenizer) {
  const token = paddingIndex ?? null; // else GPT-2's, which may be no token here
  return { bos_token_id: token, eos_token_id: token, pad_token_id: token };
}

function tokenizerConfig({ padding }: TextTokenizer, contextSize: number): object {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: contextSize,
    clean_up_tokenization_spaces: false,
    ...(padding !== undefined && { bos_token: padding, eos_token: padding, pad_token: padding }),
  };
}

const GPT2_ACTIVATIONS: Readonly<Record<string, string>> = {
  gelu: 'gelu',
  'gelu-tanh': 'gelu_new',
  'squared-relu': 'relu2',
};

function gpt2Config({ config, head }: GPTTensors): object {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    vocab_size: config.vocabSize,
    n_positions: config.contextSize,
    n_embd: config.channels,
    n_layer: config.layers,
    n_head: config.heads,
    n_inner: config.hidden,
    activation_function: GPT2_ACTIVATIONS[config.activation],
    layer_norm_epsilon: 1e-5,
    embd_pdrop: config.dropout.embedding,
    attn_pdrop: config.dropout.attention,
    resid_pdrop: config.dropout.residual,
    tie_word_embeddings: head === undefined,
    torch_dtype: 'float32',
  };
}

function gpt2({ embedding, positions, blocks, norm, head }: GPTTensors): Tensors {
  const tensors: Tensors = { 'transformer.wte.weight': embedding };
  if (positions === undefined) throw new ExportError(`${FORMAT}: the gpt has no positions`);
  tensors['transformer.wpe.weight'] = positions;
  // GPT-2's layers hold their weights as [in, out].
  const product = (name: string, of: Product): void => {
    tensors[`${name}.weight`] = transposed(of.weight);
    tensors[`${name}.bias`] = biasOf(of);
  };
  const layerNorm = (name: string, of: Product): void => {
    tensors[`${name}.weight`] = of.weight;
    tensors[`${name}.bias`] = biasOf(of);
  };
  for (const [i, block] of blocks.entries()) {
    const name = `transformer.h.${i}`;
    layerNorm(`${name}.ln_1`, block.attentionNorm);
    product(`${name}.attn.c_attn`, joined([block.query, block.key, block.value]));
    product(`${name}.attn.c_proj`, block.output);
    layerNorm(`${name}.ln_2`, block.feedForwardNorm);
    product(`${name}.mlp.c_fc`, block.up);
    product(`${name}.mlp.c_proj`, block.down);
  }
  layerNorm('transformer.ln_f', norm);
  if (head !== undefined) tensors['lm_head.weight'] = head.weight;
  return tensors;
}

function llamaConfig({ config, head }: GPTTensors, family: 'llama' | 'qwen3'): object {
  const { bias } = config;
  if (family === 'qwen3' && (bias.attention || bias.feedForward)) {
    throw new ExportError(`${FORMAT}: a gpt with normalised queries and biases can't be expressed`);
  }
  return {
    architectures: [family === 'llama' ? 'LlamaForCausalLM' : 'Qwen3ForCausalLM'],
    model_type: family,
    vocab_size: config.vocabSize,
    max_position_embeddings: config.contextSize,
    hidden_size: config.channels,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.channels / config.heads,
    intermediate_size: config.hidden,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    attention_bias: bias.attention,
    mlp_bias: bias.feedForward,
    tie_word_embeddings: head === undefined,
    torch_dtype: 'float32',
  };
}

function llama({ embedding, blocks, norm, head }: GPTTensors): Tensors {
  const tensors: Tensors = { 'model.embed_tokens.weight': embedding };
  const product = (name: string, of: Product | undefined): void => {
    if (of !== undefined) tensors[`${name}.weight`] = of.weight;
    if (of?.bias !== undefined) tensors[`${name}.bias`] = of.bias;
  };
  for (const [i, block] of blocks.entries()) {
    const name = `model.layers.${i}`;
    const { queryNorm, keyNorm } = block;
    product(`${name}.input_layernorm`, block.attentionNorm);
    product(`${name}.self_attn.q_proj`, block.query);
    product(`${name}.self_attn.k_proj`, block.key);
    product(`${name}.self_attn.v_proj`, block.value);
    product(`${name}.self_attn.o_proj`, block.output);
    if (queryNorm !== undefined) tensors[`${name}.self_attn.q_norm.weight`] = queryNorm;
    if (keyNorm !== undefined) tensors[`${name}.self_attn.k_norm.weight`] = keyNorm;
    product(`${name}.post_attention_layernorm`, block.feedForwardNorm);
    product(`${name}.mlp.gate_proj`, block.gate);
    product(`${name}.mlp.up_proj`, block.up);
    product(`${name}.mlp.down_proj`, block.down);
  }
  product('model.norm', norm);
  if (head !== undefined) tensors['lm_head.weight'] = head.weight;
  return tensors;
}
