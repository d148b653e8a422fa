import { BpeTokenizer, BytesTokenizer, CharTokenizer, symbolsOfBytes } from '@llm101/data';
import type { TextTokenizer } from '@llm101/data';
import { ExportError } from '../errors.js';
import type { GgufValue } from './gguf-file.js';

/** What a token is to llama.cpp: `LLAMA_TOKEN_TYPE_…`. */
const [NORMAL, CONTROL] = [1, 3];

/**
 * A tokenizer as llama.cpp reads it: byte-level BPE. Characters of several bytes come from merges of their bytes.
 *
 * @param isBegun - whether the padding begins each text
 * @throws ExportError for a tokenizer that is none then
 */
export function tokenizerMetadata(
  tokenizer: TextTokenizer,
  isBegun: boolean,
): [string, GgufValue][] {
  check(tokenizer);
  const { paddingIndex } = tokenizer;
  const all = Array.from({ length: tokenizer.vocabSize }, (_, token) => ({
    token,
    isSpecial: isSpecial(tokenizer, token),
  }));
  const written = all.map(({ token, isSpecial }) =>
    isSpecial ? tokenizer.decode([token]) : symbolsOfBytes(tokenizer.bytesOf(token)),
  );
  const merges =
    tokenizer instanceof BpeTokenizer
      ? tokenizer.toTokenizerFile().model.merges.map((pair) => pair.join(' '))
      : mergesInto(written.filter((_, token) => !all[token].isSpecial));
  const types = all.map(({ isSpecial }) => (isSpecial ? CONTROL : NORMAL));
  const padding = ['bos', 'eos', 'padding'].flatMap((name): [string, GgufValue][] =>
    paddingIndex === undefined
      ? []
      : [[`tokenizer.ggml.${name}_token_id`, { uint32: paddingIndex }]],
  );
  return [
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', 'gpt-2'],
    ['tokenizer.ggml.tokens', written],
    ['tokenizer.ggml.token_type', { int32s: types }],
    ['tokenizer.ggml.merges', merges],
    ...padding,
    ['tokenizer.ggml.add_bos_token', { bool: isBegun && paddingIndex !== undefined }],
    ['tokenizer.ggml.add_eos_token', { bool: false }],
  ];
}

/** @throws ExportError for what llama.cpp's byte-level BPE doesn't do */
function check(tokenizer: TextTokenizer): void {
  const isBytes = tokenizer instanceof BpeTokenizer || tokenizer instanceof BytesTokenizer;
  if (!isBytes && !(tokenizer instanceof CharTokenizer)) {
    refuse('that is none of characters, bytes or BPE');
  }
  if (tokenizer.normalize === 'nfc') refuse('that composes texts (NFC)');
  if (isBytes) return;
  if (tokenizer.unknown === 'token') refuse('with a token for unknown characters');
  if (tokenizer.characters === 'graphemes') refuse('of graphemes');
}

function refuse(what: string): never {
  throw new ExportError(`GGUF: a tokenizer ${what} can't be expressed; hf takes it`);
}

/** Whether no text has a token. */
function isSpecial(tokenizer: TextTokenizer, token: number): boolean {
  if (tokenizer instanceof BpeTokenizer) return tokenizer.isSpecial(token);
  if (tokenizer instanceof CharTokenizer) return token < tokenizer.special.length;
  return token === tokenizer.paddingIndex;
}

/** What makes characters of their bytes, from the first on. */
function mergesInto(characters: readonly string[]): string[] {
  const merges = new Set<string>();
  for (const bytes of characters) {
    for (let i = 1; i < bytes.length; i++) merges.add(`${bytes.slice(0, i)} ${bytes[i]}`);
  }
  return [...merges];
}
