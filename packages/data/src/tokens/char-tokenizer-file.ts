import { DataError, excerpt } from '../errors.js';
import { fileOf, type TokenizerFile, type WordLevelModel } from './bpe/tokenizer-json.js';
import { CharTokenizer } from './char-tokenizer.js';
import { splitCharacters } from './characters.js';

/** What cuts a text into characters. */
const PATTERNS = { codePoints: '[\\s\\S]', graphemes: '\\X' };

/** A tokenizer of characters as a `tokenizer.json` of Hugging Face: words of a character each. */
export function writeCharacterFile(tokenizer: CharTokenizer): TokenizerFile<WordLevelModel> {
  const { special, characters, normalize, vocabSize, unknown } = tokenizer;
  const symbols = Array.from({ length: vocabSize }, (_, token) => tokenizer.decode([token]));
  const pattern = { Regex: PATTERNS[characters] };
  return fileOf({
    special: special.map((name, token) => [name, token]),
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

type Fields = Partial<Record<string, unknown>>;

/**
 * The tokenizer of such a file.
 *
 * @param json - parsed JSON from any source
 * @throws DataError when it is another, saying what isn't supported
 */
export function readCharacterFile(json: unknown): CharTokenizer {
  const {
    model,
    added_tokens: added,
    normalizer,
    pre_tokenizer: cut,
  }: Fields = { ...Object(json) };
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
  const rules = { characters, normalize: 'none' } as const;
  const long = alphabet.find((word) => Array.from(splitCharacters(word, rules)).length !== 1);
  if (long !== undefined) {
    throw wrong(
      `each word must be a character, special tokens before all others; got ${excerpt(long)}`,
    );
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

/** @throws DataError unless texts are cut into characters */
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

const wrong = (message: string): DataError => new DataError(`tokenizer.json: ${message}`);
