import { BpeTokenizer, BytesTokenizer, CharTokenizer, symbolsOfBytes } from '@llm101/data';
import type { TextTokenizer } from '@llm101/data';
import { ExportError } from '../errors.js';

/** A token that no text has. */
interface AddedToken {
  readonly id: number;
  readonly content: string;
}

/**
 * A tokenizer as `tokenizer.json` of Hugging Face's library: characters as words of a character, bytes as byte-level BPE without
 * merges, BPE as it is.
 *
 * @param isBegun - whether the padding begins each text
 * @throws ExportError for a tokenizer of another class
 */
export function tokenizerFile(tokenizer: TextTokenizer, isBegun: boolean): object {
  const { padding, paddingIndex } = tokenizer;
  const isAdded = isBegun && padding !== undefined;
  return {
    ...modelFile(tokenizer),
    ...(isAdded && { post_processor: beginning(padding, paddingIndex) }),
  };
}

function modelFile(tokenizer: TextTokenizer): object {
  if (tokenizer instanceof BpeTokenizer) return tokenizer.toTokenizerFile();
  if (tokenizer instanceof BytesTokenizer) return bytesFile(tokenizer);
  if (tokenizer instanceof CharTokenizer) return charactersFile(tokenizer);
  throw new ExportError(
    'Hugging Face: the tokenizer must be one of characters, bytes or BPE; got another',
  );
}

/** Puts a token before each text. */
function beginning(id: string, token: number | undefined): object {
  const special = { SpecialToken: { id, type_id: 0 } };
  const [first, second] = ['A', 'B'].map((text, type) => ({
    Sequence: { id: text, type_id: type },
  }));
  return {
    type: 'TemplateProcessing',
    single: [special, first],
    pair: [special, first, second],
    special_tokens: { [id]: { id, ids: [token], tokens: [id] } },
  };
}

/** What cuts a text into characters. */
const PATTERNS = { codePoints: '[\\s\\S]', graphemes: '\\X' };

function charactersFile(tokenizer: CharTokenizer): object {
  const { special, characters, normalize, vocabSize, unknown } = tokenizer;
  const symbols = Array.from({ length: vocabSize }, (_, token) => tokenizer.decode([token]));
  const pattern = { Regex: PATTERNS[characters] };
  return fileOf({
    added: special.map((content, id) => ({ id, content })),
    normalize,
    pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false },
    decoder: { type: 'Fuse' },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(symbols.map((symbol, token) => [symbol, token])),
      unk_token: unknown === 'token' ? tokenizer.decode(tokenizer.encode('\u{10FFFF}')) : '',
    },
  });
}

function bytesFile(tokenizer: BytesTokenizer): object {
  const { padding, normalize } = tokenizer;
  const first = padding === undefined ? 0 : 1;
  const byteLevel = { type: 'ByteLevel', trim_offsets: true, use_regex: true };
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => [symbolsOfBytes([byte]), byte + first] as const,
  );
  return fileOf({
    added: padding === undefined ? [] : [{ id: 0, content: padding }],
    normalize,
    pre_tokenizer: { ...byteLevel, add_prefix_space: false },
    decoder: { ...byteLevel, add_prefix_space: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries([...(padding === undefined ? [] : [[padding, 0]]), ...bytes]),
      merges: [],
    },
  });
}

interface FileParts {
  readonly added: readonly AddedToken[];
  readonly normalize: 'none' | 'nfc';
  readonly pre_tokenizer: object;
  readonly decoder: object;
  readonly model: object;
}

function fileOf({ added, normalize, ...parts }: FileParts): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added.map((token) => ({ ...token, ...flags, special: true })),
    normalizer: normalize === 'nfc' ? { type: 'NFC' } : null,
    post_processor: null,
    ...parts,
  };
}

type Fields = Partial<Record<string, unknown>>;

/**
 * The tokenizer of a `tokenizer.json`: byte-level BPE, or characters as {@link tokenizerFile} writes them.
 *
 * @param json - parsed JSON from any source
 * @throws ExportError, DataError when it is another, saying what isn't supported
 */
export function readTokenizerFile(json: unknown): TextTokenizer {
  const { model }: Fields = { ...Object(json) };
  const { type }: Fields = { ...Object(model) };
  return type === 'WordLevel'
    ? readCharacters({ ...Object(json) })
    : BpeTokenizer.fromTokenizerFile(json);
}

function readCharacters({
  model,
  added_tokens: added,
  normalizer,
  pre_tokenizer: cut,
}: Fields): CharTokenizer {
  const { vocab, unk_token: unknown }: Fields = { ...Object(model) };
  const words = Object.entries<unknown>({ ...Object(vocab) })
    .map(([word, token]) => [word, typeof token === 'number' ? token : -1] as const)
    .sort(([, a], [, b]) => a - b);
  const tokens: Fields[] = Array.isArray(added) ? added.map(Object) : [];
  const special = tokens.map(({ content }) => content);
  if (
    words.some(([, token], i) => token !== i) ||
    special.some((name, i) => words[i]?.[0] !== name)
  ) {
    throw wrong('the words must have the numbers from 0 on, special tokens first');
  }
  const names = words.slice(0, special.length).map(([word]) => word);
  const alphabet = words.slice(special.length).map(([word]) => word);
  const characters = unitOf(cut);
  const hasUnknown = unknown !== '' && unknown !== undefined && unknown !== null;
  if (hasUnknown && !names.some((name) => name === unknown) && alphabet.pop() !== unknown) {
    throw wrong('unk_token must be a special token, or the last one');
  }
  return CharTokenizer.fromJSON({
    type: 'CharTokenizer',
    alphabet: characters === 'codePoints' ? alphabet.join('') : alphabet,
    padding: names.find((name) => name !== unknown),
    special: names,
    unknown: hasUnknown ? 'token' : 'error',
    characters,
    normalize: normalizationOf(normalizer),
  });
}

/** @throws ExportError unless texts are cut into characters */
function unitOf(cut: unknown): CharTokenizer['characters'] {
  const { type, pattern, behavior, invert = false }: Fields = { ...Object(cut) };
  const { Regex: regex }: Fields = { ...Object(pattern) };
  if (type === 'Split' && behavior === 'Isolated' && invert === false) {
    if (regex === PATTERNS.codePoints) return 'codePoints';
    if (regex === PATTERNS.graphemes) return 'graphemes';
  }
  throw wrong(
    'a WordLevel model must have texts cut into characters, by a Split of [\\s\\S] or \\X',
  );
}

function normalizationOf(normalizer: unknown): CharTokenizer['normalize'] {
  const { type }: Fields = { ...Object(normalizer) };
  if (normalizer === null || normalizer === undefined) return 'none';
  if (type === 'NFC') return 'nfc';
  throw wrong(`normalizer must be null or NFC; got ${JSON.stringify(type) ?? 'nothing'}`);
}

const wrong = (message: string): ExportError => new ExportError(`tokenizer.json: ${message}`);
