import { type CharTokenizer, describeCharacter } from '@llm101/data';
import { UserError } from '@llm101/runs';
import type { ChannelKind } from './settings.js';

/** How a lost character is written. */
const LOST = '?';

/** What a noisy word can hold. */
export interface NoisyText {
  readonly tokenizer: CharTokenizer;
  readonly channel: ChannelKind;
}

/**
 * A word as it was received: tokens, and for a lost character what an erasure channel gives for it.
 *
 * @throws UserError when the word has a character that the text hasn't
 */
export function encodeNoisy(word: string, { tokenizer, channel }: NoisyText): number[] {
  const { alphabet, vocabSize } = tokenizer;
  const canBeLost = channel === 'erasure' && !alphabet.includes(LOST);
  return Array.from(word, (character) => {
    if (canBeLost && character === LOST) return vocabSize;
    if (tokenizer.firstUnknown(character) !== undefined) {
      const lost = canBeLost ? `, or ${LOST} for one that is lost` : '';
      const remedy =
        character === LOST ? '; --channel erasure fills in what is lost' : '; take it out';
      throw new UserError(
        `words must be made of characters of the text, ${alphabet}${lost}; got ${describeCharacter(character)} in '${word}'${remedy}`,
      );
    }
    return tokenizer.encode(character)[0];
  });
}

/** What was received or corrected, as text. */
export function decodeNoisy(symbols: readonly number[], tokenizer: CharTokenizer): string {
  return symbols
    .map((symbol) => (symbol < tokenizer.vocabSize ? tokenizer.decode([symbol]) : LOST))
    .join('');
}
