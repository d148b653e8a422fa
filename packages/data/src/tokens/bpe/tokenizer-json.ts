import { DataError, excerpt } from '../../errors.js';
import type { Normalization } from '../characters.js';
import { bytesOfSymbols, symbolsOfBytes } from './byte-symbols.js';
import type { Merges } from './train.js';

/** What a byte-level BPE tokenizer is made of. */
export interface BpeParts {
  /** `[V]` the bytes of each token, of a special one those of its name. */
  readonly tokens: readonly Uint8Array[];
  /** In their order: two tokens, and the token that they become. */
  readonly merges: Merges;
  /** The tokens that no text has, by their names; the padding first, where there is one. */
  readonly special: ReadonlyMap<string, number>;
  readonly normalize: Normalization;
}

/** What a byte-level BPE is in a `tokenizer.json`. */
export interface BpeModel {
  readonly type: 'BPE';
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
}

/** What a vocabulary of words is in a `tokenizer.json`. */
export interface WordLevelModel {
  readonly type: 'WordLevel';
  readonly vocab: Readonly<Record<string, number>>;
  /** The word for all others; `''`: there is none. */
  readonly unk_token: string;
}

/** A `tokenizer.json`, as Hugging Face's library `tokenizers` writes it. */
export interface TokenizerFile<Model = BpeModel | WordLevelModel> {
  readonly version: '1.0';
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly object[];
  readonly normalizer: object | null;
  readonly pre_tokenizer: object;
  readonly post_processor: null;
  readonly decoder: object;
  readonly model: Model;
}

/** What differs between one `tokenizer.json` and another. */
export interface TokenizerFileParts<Model> extends Pick<
  TokenizerFile<Model>,
  'pre_tokenizer' | 'decoder' | 'model'
> {
  /** The tokens that no text has, by their names. */
  readonly special: Iterable<readonly [name: string, token: number]>;
  readonly normalize: Normalization;
}

/** A `tokenizer.json` of these parts. */
export function fileOf<Model>({
  special,
  normalize,
  ...parts
}: TokenizerFileParts<Model>): TokenizerFile<Model> {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...special]
      .sort(([, a], [, b]) => a - b)
      .map(([content, id]) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
    normalizer: normalize === 'nfc' ? { type: 'NFC' } : null,
    post_processor: null,
    ...parts,
  };
}

/** A byte-level BPE as a `tokenizer.json`. */
export function writeTokenizerFile({
  tokens,
  merges,
  special,
  normalize,
}: BpeParts): TokenizerFile<BpeModel> {
  const names = new Map([...special].map(([name, token]) => [token, name]));
  const symbols = tokens.map((bytes, token) => names.get(token) ?? symbolsOfBytes(bytes));
  const byteLevel = { type: 'ByteLevel', trim_offsets: true, use_regex: true };
  return fileOf({
    special,
    normalize,
    pre_tokenizer: { ...byteLevel, add_prefix_space: false },
    decoder: { ...byteLevel, add_prefix_space: true },
    model: {
      type: 'BPE',
      ...BPE_SETTINGS,
      vocab: Object.fromEntries(symbols.map((symbol, token) => [symbol, token])),
      merges: merges.map(([left, right]) => [symbols[left], symbols[right]]),
    },
  });
}

/** The settings of a model of byte-level BPE; a file with others means another tokenizer. */
const BPE_SETTINGS = {
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
};

type Fields = Partial<Record<string, unknown>>;

/** Tokens of a vocabulary at most, and bytes of each. */
const [MOST_TOKENS, LONGEST] = [2 ** 20, 2 ** 14];

/** Names of the token that begins and ends a text, where a file has several special tokens. */
const END_NAMES = ['<|endoftext|>', '<|end_of_text|>', '</s>', '<eos>', '<end>'];

/**
 * The parts of a `tokenizer.json`.
 *
 * @param json - parsed JSON from any source
 * @throws DataError when it isn't a byte-level BPE with GPT-2's splitting rule, saying what it has instead
 */
export function parseTokenizerFile(json: unknown): BpeParts {
  const file = fieldsOf(json, 'the file');
  const model = fieldsOf(file['model'], 'model');
  if (model['type'] !== 'BPE' && model['type'] !== undefined) {
    throw unsupported('model.type', "'BPE'", model['type']);
  }
  for (const [key, off] of Object.entries(BPE_SETTINGS)) {
    const value = model[key] ?? off;
    const isOff = value === off || value === '' || value === 0; // an empty prefix is none
    if (!isOff) throw unsupported(`model.${key}`, JSON.stringify(off), value);
  }
  checkPipeline(file);
  const special = parseSpecial(file['added_tokens'] ?? []);
  const symbols = parseVocab(model['vocab'], special);
  const names = new Set(special.values());
  const tokens = symbols.map((symbol, token) =>
    names.has(token) ? new TextEncoder().encode(symbol) : bytesOf(symbol),
  );
  const numbers = new Map(symbols.map((symbol, token) => [symbol, token]));
  const merges = parseMerges(model['merges'], numbers).map((merge) => {
    if (merge.some((token) => names.has(token))) {
      throw wrong(`no merge must have a special token; got ${symbols[merge[2]]}`);
    }
    return merge;
  });
  const normalize =
    file['normalizer'] === null || file['normalizer'] === undefined ? 'none' : 'nfc';
  return { tokens, merges, special, normalize };
}

/** @throws DataError unless texts are cut as GPT-2 cuts them; what is put around them isn't a tokenizer's here */
function checkPipeline(file: Fields): void {
  const normalizer = file['normalizer'] ?? null;
  if (normalizer !== null && fieldsOf(normalizer, 'normalizer')['type'] !== 'NFC') {
    throw unsupported('normalizer', 'null or NFC', fieldsOf(normalizer, 'normalizer')['type']);
  }
  const cut = fieldsOf(file['pre_tokenizer'], 'pre_tokenizer');
  if (cut['type'] !== 'ByteLevel') throw unsupported('pre_tokenizer', 'ByteLevel', cut['type']);
  if (cut['add_prefix_space'] === true) {
    throw unsupported('pre_tokenizer.add_prefix_space', 'false', true);
  }
  if (cut['use_regex'] === false) throw unsupported('pre_tokenizer.use_regex', 'true', false);
  const around = file['post_processor'] ?? null;
  const type = around === null ? 'ByteLevel' : fieldsOf(around, 'post_processor')['type'];
  if (type !== 'ByteLevel' && type !== 'TemplateProcessing') {
    throw unsupported('post_processor', 'null, ByteLevel or TemplateProcessing', type);
  }
}

function parseSpecial(added: unknown): Map<string, number> {
  if (!Array.isArray(added)) throw wrong('added_tokens must be a list');
  const special = new Map<string, number>();
  for (const one of added) {
    const { content, id, special: isSpecial } = fieldsOf(one, 'added_tokens');
    if (typeof content !== 'string' || content === '' || content.length > LONGEST) {
      throw wrong('each of added_tokens must have its content, a text');
    }
    if (typeof id !== 'number') throw wrong(`added_tokens: ${excerpt(content)} must have its id`);
    if (isSpecial !== true) {
      throw unsupported(`added_tokens: ${excerpt(content)}`, 'special', 'a part of texts');
    }
    special.set(content, id);
  }
  const padding = END_NAMES.find((name) => special.has(name));
  const token = padding === undefined ? undefined : special.get(padding);
  return padding === undefined || token === undefined
    ? special
    : new Map([[padding, token], ...special]);
}

/** The tokens as they are written, in the order of their numbers. */
function parseVocab(vocab: unknown, special: ReadonlyMap<string, number>): string[] {
  const all = new Map<string, unknown>(Object.entries(fieldsOf(vocab, 'model.vocab')));
  for (const [name, token] of special) {
    if ((all.get(name) ?? token) !== token) {
      throw wrong(
        `${excerpt(name)} must have one number; got ${token} and ${JSON.stringify(all.get(name))}`,
      );
    }
    all.set(name, token);
  }
  if (all.size > MOST_TOKENS) throw wrong(`at most ${MOST_TOKENS} tokens; got ${all.size}`);
  const symbols: string[] = [];
  const isTaken = new Uint8Array(all.size);
  for (const [symbol, token] of all) {
    if (typeof token !== 'number' || !(token in isTaken) || isTaken[token] === 1) {
      throw wrong(
        `tokens must be numbered from 0 to ${all.size - 1}, each once; got ${JSON.stringify(token)} for ${excerpt(symbol)}`,
      );
    }
    if (symbol.length > LONGEST) throw wrong(`a token must have at most ${LONGEST} bytes`);
    isTaken[token] = 1;
    symbols[token] = symbol;
  }
  return symbols;
}

function bytesOf(symbol: string): Uint8Array {
  const bytes = bytesOfSymbols(symbol);
  if (bytes === undefined) {
    throw wrong(`tokens must be written in GPT-2's symbols of bytes; got ${excerpt(symbol)}`);
  }
  return bytes;
}

function parseMerges(
  merges: unknown,
  numbers: ReadonlyMap<string, number>,
): [number, number, number][] {
  if (!Array.isArray(merges) || merges.length > MOST_TOKENS) {
    throw wrong(`model.merges must be a list of at most ${MOST_TOKENS}`);
  }
  return merges.map((merge: unknown, i) => {
    const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
    if (Array.isArray(pair) && pair.length === 2) {
      const [left, right]: unknown[] = pair;
      const both = typeof left === 'string' && typeof right === 'string' ? [left, right] : [];
      const [a, b, merged] = [...both, both.join('')].map((symbol) => numbers.get(symbol));
      if (a !== undefined && b !== undefined && merged !== undefined) return [a, b, merged];
    }
    throw wrong(`merge ${i + 1} must be two tokens that make a third; got ${shown(merge)}`);
  });
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(`${where} must be an object`);
  }
  return { ...value };
}

const shown = (got: unknown): string =>
  excerpt(typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing'));

const unsupported = (where: string, expected: string, got: unknown): DataError =>
  wrong(`${where} must be ${expected}, as for GPT-2; got ${shown(got)}, which is not supported`);

const wrong = (message: string): DataError => new DataError(`tokenizer.json: ${message}`);
