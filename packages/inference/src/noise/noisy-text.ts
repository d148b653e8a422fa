import { describeAlphabet, describeCharacter, type TextTokenizer } from '@llm101/data';
import { Channel, erasureChannel, substitutionChannel } from '@llm101/info-theory';
import { UserError } from '@llm101/runs';
import type { ChannelKind } from './channel-kinds.js';

/** What {@link makeChannel} makes a channel of. */
export interface ChannelSettings {
  /** What happens to a letter: it is replaced by another one, or lost, or each bit of its number is flipped. */
  readonly channel: ChannelKind;
  /** V, with the end of a name, 0, which always arrives. */
  readonly size: number;
  /** How likely that is. */
  readonly rate: number;
}

/** A channel of so many symbols takes half a gigabyte. */
const MOST_SYMBOLS = 8192;

/**
 * A channel for the tokens of lines: with probability `rate` a letter is replaced by another one, or lost, or each bit of
 * its number is flipped. A line keeps its length.
 *
 * @throws UserError when there are too many characters
 */
export function makeChannel({ channel, size, rate }: ChannelSettings): Channel {
  if (size > MOST_SYMBOLS) {
    throw new UserError(
      `denoise: a text must have fewer than ${MOST_SYMBOLS} different characters, since a channel has a probability for each pair ` +
        `of them; this one has ${size - 1}; take a part of it that has fewer`,
    );
  }
  switch (channel) {
    case 'substitution':
      return substitutionChannel({ size, rate: size > 2 ? rate : 0, spared: [0] });
    case 'erasure':
      return erasureChannel(size, rate, { spared: [0] });
    case 'binary':
      return binaryChannel(size, rate);
    default:
      return channel satisfies never;
  }
}

/**
 * Each token as a number of `bits` bits, sent through a binary symmetric channel. Any of the `2^bits` numbers can arrive
 * for a letter; the end, which is never sent, is one more.
 */
function binaryChannel(size: number, flip: number): Channel {
  const bits = Math.max(1, Math.ceil(Math.log2(size)));
  const numbers = 2 ** bits;
  const byFlips = Array.from(
    { length: bits + 1 },
    (_, flipped) => flip ** flipped * (1 - flip) ** (bits - flipped),
  );
  return new Channel(
    Array.from({ length: size }, (_, sent) => {
      const row = new Float64Array(numbers + 1);
      if (sent === 0) row[numbers] = 1;
      else for (let y = 0; y < numbers; y++) row[y] = byFlips[onesOf(sent ^ y)];
      return row;
    }),
  );
}

function onesOf(n: number): number {
  return n === 0 ? 0 : (n & 1) + onesOf(n >>> 1);
}

/** How a lost character is written. */
const LOST = '?';

/** How a noisy word is read. */
export interface NoisyText {
  readonly tokenizer: TextTokenizer;
  readonly channel: ChannelKind;
}

/**
 * A word as it was received: tokens, and the erasure channel's symbol for a lost character, `?`.
 *
 * @throws UserError when the word has a character that isn't in the text
 */
export function encodeNoisy(word: string, { tokenizer, channel }: NoisyText): number[] {
  const { alphabet, vocabSize } = tokenizer;
  if (alphabet === '') return Array.from(tokenizer.encode(word)); // any text is known
  const canBeLost = channel === 'erasure' && tokenizer.firstUnknown(LOST) !== undefined;
  return tokenizer.split(word).map((character) => {
    if (canBeLost && character === LOST) return vocabSize;
    if (tokenizer.firstUnknown(character) !== undefined) {
      const lost = canBeLost ? `, or ${LOST} for one that is lost` : '';
      const remedy =
        character === LOST ? '; --channel erasure fills in what is lost' : '; take it out';
      throw new UserError(
        `words must be made of characters of the text, ${describeAlphabet(alphabet)}${lost}; got ${describeCharacter(character)} in '${word}'${remedy}`,
      );
    }
    return tokenizer.encode(character)[0];
  });
}

/** Received or corrected symbols as text; one that is lost, or no token, is `?`. */
export function decodeNoisy(symbols: readonly number[], tokenizer: TextTokenizer): string {
  const decoder = tokenizer.decoder();
  const parts = symbols.map((symbol) =>
    symbol < tokenizer.vocabSize ? decoder.push([symbol]) : decoder.end() + LOST,
  );
  return parts.join('') + decoder.end();
}
