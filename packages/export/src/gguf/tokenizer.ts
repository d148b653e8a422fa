import { BpeTokenizer, type TextTokenizer } from '@llm101/data';
import { symbolsOfBytes } from '../byte-symbols.js';
import type { GgufValue } from './gguf-file.js';

/** What a token is to llama.cpp: `LLAMA_TOKEN_TYPE_…`. */
const [NORMAL, CONTROL] = [1, 3];

/**
 * A tokenizer as llama.cpp reads it: byte-level BPE. Characters of several bytes come from merges of their bytes.
 */
export function tokenizerMetadata(tokenizer: TextTokenizer): [string, GgufValue][] {
  const { vocabSize, paddingIndex } = tokenizer;
  const special = specialTokens(tokenizer);
  const tokens = Array.from({ length: vocabSize }, (_, token) =>
    special.has(token) ? tokenizer.decode([token]) : symbolsOfBytes(tokenizer.bytesOf(token)),
  );
  const ends: [string, GgufValue][] =
    paddingIndex === undefined
      ? [
          ['tokenizer.ggml.add_bos_token', { bool: false }],
          ['tokenizer.ggml.add_eos_token', { bool: false }],
        ]
      : [
          ['tokenizer.ggml.bos_token_id', { uint32: paddingIndex }],
          ['tokenizer.ggml.eos_token_id', { uint32: paddingIndex }],
          ['tokenizer.ggml.padding_token_id', { uint32: paddingIndex }],
          ['tokenizer.ggml.add_bos_token', { bool: true }],
        ];
  return [
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', 'gpt-2'],
    ['tokenizer.ggml.tokens', tokens],
    [
      'tokenizer.ggml.token_type',
      { int32s: tokens.map((_, token) => (special.has(token) ? CONTROL : NORMAL)) },
    ],
    ['tokenizer.ggml.merges', mergesOf(tokenizer, tokens)],
    ...ends,
  ];
}

/** Tokens that no text has. */
function specialTokens(tokenizer: TextTokenizer): ReadonlySet<number> {
  const all = Array.from({ length: tokenizer.vocabSize }, (_, token) => token);
  const { special }: { readonly special?: unknown } = Object(tokenizer);
  const count = Array.isArray(special) ? special.length : 0;
  return new Set(all.filter((token) => token < count || token === tokenizer.paddingIndex));
}

function mergesOf(tokenizer: TextTokenizer, tokens: readonly string[]): string[] {
  if (tokenizer instanceof BpeTokenizer) {
    return tokenizer.toTokenizerFile().model.merges.map((pair) => pair.join(' '));
  }
  const special = specialTokens(tokenizer);
  const merges = new Set<string>();
  for (const [token, written] of tokens.entries()) {
    if (special.has(token)) continue;
    const bytes = Array.from(written);
    for (let i = 1; i < bytes.length; i++) merges.add(`${bytes.slice(0, i).join('')} ${bytes[i]}`);
  }
  return [...merges];
}
