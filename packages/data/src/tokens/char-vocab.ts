import { DataError, describeCharacter, excerpt } from '../errors.js';
import { type Normalization, splitCharacters } from './characters.js';
import { type CharTokenizerJson, UNKNOWN_SYMBOL, unknownIn } from './char-tokenizer-json.js';
import type { LineEnds } from './tokenizer.js';

/** Options of `CharTokenizer.fromVocab`. */
export interface CharVocabOptions {
  /** What texts are: with `'separate'` token 0 is the padding where no token is special, as in makemore's. Default: `'characters'`. */
  readonly lineEnds?: LineEnds;
  /** With `'nfc'`, texts are composed before they become tokens. Default: `'none'`. */
  readonly normalize?: Normalization;
}

/** Tokens that a vocabulary may have: more than there are characters in Unicode. */
const MOST_TOKENS = 2 ** 20;

/**
 * A vocabulary as a tokenizer of characters: what is longer than a character and stands before all of them is special. One of the names
 * of unknown characters, such as `<|UNK|>`, or U+FFFD as the last token stands for these.
 *
 * @throws DataError unless it is an object of tokens and their numbers, each of 0 … n - 1 once
 */
export function parseCharVocab(
  vocab: unknown,
  { lineEnds = 'characters', normalize = 'none' }: CharVocabOptions,
): Omit<CharTokenizerJson, 'type' | 'padding' | 'alphabet'> & {
  readonly alphabet: readonly string[];
  readonly padding: string | false;
} {
  const symbols = symbolsOf(vocab);
  const firstCharacter = symbols.findIndex(isCharacter);
  const isSpecial = firstCharacter < 0 ? symbols.length : firstCharacter;
  const special = symbols.slice(0, isSpecial);
  const alphabet = symbols.slice(isSpecial);
  const long = alphabet.findIndex((symbol) => !isCharacter(symbol));
  if (long >= 0) {
    throw wrong(
      `each token must be a character, special ones before all others; token ${isSpecial + long} is ${excerpt(alphabet[long])}; ` +
        'a vocabulary of words or parts of words is read from a tokenizer.json',
    );
  }
  if (special.length === 0 && lineEnds === 'separate') special.push(String(alphabet.shift()));
  const unknown = unknownIn(special);
  const hasLast = unknown === undefined && alphabet.at(-1) === UNKNOWN_SYMBOL;
  if (hasLast) alphabet.pop();
  return {
    alphabet,
    special,
    padding: special.find((symbol) => symbol !== unknown) ?? false,
    unknown: unknown !== undefined || hasLast ? 'token' : 'error',
    characters: alphabet.every((symbol) => Array.from(symbol).length === 1)
      ? 'codePoints'
      : 'graphemes',
    normalize,
  };
}

/** The tokens in the order of their numbers. */
function symbolsOf(vocab: unknown): string[] {
  if (typeof vocab !== 'object' || vocab === null || Array.isArray(vocab)) {
    throw wrong(
      'the vocabulary must be an object of tokens and their numbers, as {"a": 0, "b": 1}',
    );
  }
  const entries = Object.entries<unknown>({ ...vocab });
  const { length } = entries;
  if (length === 0 || length > MOST_TOKENS) {
    throw wrong(`the vocabulary must have from 1 to ${MOST_TOKENS} tokens; got ${length}`);
  }
  const symbols = Array<string | undefined>(length).fill(undefined);
  for (const [symbol, token] of entries) {
    if (typeof token !== 'number' || !Number.isInteger(token) || token < 0 || token >= length) {
      throw wrong(
        `tokens must be numbered from 0 to ${length - 1}; got ${JSON.stringify(token)} for ${nameOf(symbol)}`,
      );
    }
    const other = symbols[token];
    if (other !== undefined) {
      throw wrong(
        `each number must be one token's; ${token} is ${nameOf(other)} and ${nameOf(symbol)}`,
      );
    }
    symbols[token] = symbol;
  }
  return symbols.map(String); // each number is there: as many as tokens, none twice
}

const nameOf = (symbol: string): string =>
  symbol !== '' && isCharacter(symbol) ? describeCharacter(symbol) : excerpt(symbol);

function isCharacter(symbol: string): boolean {
  if (symbol.length <= 1) return symbol.length === 1;
  const rules = { characters: 'graphemes', normalize: 'none' } as const;
  return symbol.length <= 64 && Array.from(splitCharacters(symbol, rules)).length === 1;
}

const wrong = (message: string): DataError => new DataError(`CharTokenizer.fromVocab: ${message}`);
