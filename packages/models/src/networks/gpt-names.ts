import { Module } from '../module.js';
import type { ResolvedGPTConfig } from './gpt-config.js';

/** What the parts of a GPT are called in files. */
export interface GPTNames {
  /** What holds all but the head, where something does. */
  readonly body: string | undefined;
  readonly embedding: string;
  readonly positions: string;
  readonly dropout: string;
  readonly blocks: string;
  readonly norm: string;
  readonly head: string;
  readonly block: {
    readonly attentionNorm: string;
    readonly attention: string;
    readonly feedForwardNorm: string;
    readonly feedForward: string;
  };
  readonly attention: {
    readonly joint: string;
    readonly query: string;
    readonly key: string;
    readonly value: string;
    readonly output: string;
    readonly queryNorm: string;
    readonly keyNorm: string;
    readonly dropout: string;
    readonly residualDropout: string;
  };
  readonly feedForward: {
    readonly gate: string;
    readonly up: string;
    readonly down: string;
    readonly dropout: string;
  };
}

const gpt2: GPTNames = {
  body: 'transformer',
  embedding: 'wte',
  positions: 'wpe',
  dropout: 'drop',
  blocks: 'h',
  norm: 'ln_f',
  head: 'lm_head',
  block: {
    attentionNorm: 'ln_1',
    attention: 'attn',
    feedForwardNorm: 'ln_2',
    feedForward: 'mlp',
  },
  attention: {
    joint: 'c_attn',
    query: 'q_attn',
    key: 'k_attn',
    value: 'v_attn',
    output: 'c_proj',
    queryNorm: 'q_norm',
    keyNorm: 'k_norm',
    dropout: 'attn_dropout',
    residualDropout: 'resid_dropout',
  },
  feedForward: { gate: 'c_gate', up: 'c_fc', down: 'c_proj', dropout: 'dropout' },
};

const llama: GPTNames = {
  body: 'model',
  embedding: 'embed_tokens',
  positions: 'embed_positions',
  dropout: 'dropout',
  blocks: 'layers',
  norm: 'norm',
  head: 'lm_head',
  block: {
    attentionNorm: 'input_layernorm',
    attention: 'self_attn',
    feedForwardNorm: 'post_attention_layernorm',
    feedForward: 'mlp',
  },
  attention: {
    joint: 'qkv_proj',
    query: 'q_proj',
    key: 'k_proj',
    value: 'v_proj',
    output: 'o_proj',
    queryNorm: 'q_norm',
    keyNorm: 'k_norm',
    dropout: 'attention_dropout',
    residualDropout: 'residual_dropout',
  },
  feedForward: { gate: 'gate_proj', up: 'up_proj', down: 'down_proj', dropout: 'dropout' },
};

const course: GPTNames = {
  body: undefined,
  embedding: 'token_embedding',
  positions: 'positional_embedding',
  dropout: 'dropout',
  blocks: 'layers',
  norm: 'layer_norm',
  head: 'linear',
  block: {
    attentionNorm: 'layer_norm1',
    attention: 'self_attention',
    feedForwardNorm: 'layer_norm2',
    feedForward: 'feed_forward',
  },
  attention: {
    joint: 'query_key_value',
    query: 'query',
    key: 'key',
    value: 'value',
    output: 'out',
    queryNorm: 'query_norm',
    keyNorm: 'key_norm',
    dropout: 'attention_dropout',
    residualDropout: 'residual_dropout',
  },
  feedForward: { gate: 'gate', up: 'fc1', down: 'fc2', dropout: 'dropout' },
};

/** The names of the parts of a GPT: Llama's with rotary positions; else GPT-2's with joint projections, the course's with separate ones. */
export function gptNames({ positions, projections }: ResolvedGPTConfig): GPTNames {
  if (positions === 'rotary') return llama;
  return projections === 'joint' ? gpt2 : course;
}

/** Parts by name, as fields of a module: those that are there. */
export function present(parts: Readonly<Record<string, unknown>>): [name: string, part: unknown][] {
  return Object.entries(parts).filter(([, part]) => part !== undefined);
}

/** Modules by name: `nn.ModuleDict`. */
export class ModuleDict extends Module {
  readonly #modules: readonly [name: string, module: unknown][];

  constructor(modules: readonly [name: string, module: unknown][]) {
    super();
    this.#modules = modules;
  }

  protected override fields(): [string, unknown][] {
    return [...this.#modules];
  }
}
