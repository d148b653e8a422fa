import type { CharTokenizerJson } from './char-tokenizer-json.js';
import { UNKNOWN_SYMBOL } from './unknown-symbol.js';

/** @throws RangeError unless each symbol has one meaning: padding, a character of the alphabet, or unknown */
export function checkAlphabet({
  alphabet,
  padding,
  unknown,
}: Omit<CharTokenizerJson, 'type'>): void {
  if (unknown !== 'error' && unknown !== 'token') {
    throw new RangeError(
      `CharTokenizer: unknown must be 'error' or 'token'; got '${String(unknown)}'`,
    );
  }
  if (Array.from(padding).length !== 1) {
    throw new RangeError(`CharTokenizer: padding must be one character; got '${padding}'`);
  }
  const characters = Array.from(alphabet);
  if (characters.length === 0) {
    throw new RangeError('CharTokenizer: the alphabet must have a character; got none');
  }
  const repeated = characters.find((character, i) => characters.indexOf(character) !== i);
  if (repeated !== undefined) {
    throw new RangeError(
      `CharTokenizer: the alphabet must have each character once; got '${repeated}' twice`,
    );
  }
  if (characters.includes(padding)) {
    throw new RangeError(
      `CharTokenizer: the alphabet must not have the padding character '${padding}'; ` +
        'choose another by the option padding',
    );
  }
  if (unknown === 'token' && [padding, ...characters].includes(UNKNOWN_SYMBOL)) {
    throw new RangeError(
      "CharTokenizer: U+FFFD stands for unknown characters; leave it out or set unknown: 'error'",
    );
  }
}
