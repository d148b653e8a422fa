/** What counts as a character: a code point, or what a reader takes for one, such as a letter with its accents. */
export type CharacterUnit = 'codePoints' | 'graphemes';

/** Whether a text is composed first: `nfc`, so that a letter and its accent are one code point where there is one. */
export type Normalization = 'none' | 'nfc';

/** How a text becomes characters. */
export interface CharacterRules {
  readonly characters: CharacterUnit;
  readonly normalize: Normalization;
}

/** The text as its characters are taken from. */
export function normalized(text: string, normalize: Normalization): string {
  return normalize === 'nfc' ? text.normalize('NFC') : text;
}

/**
 * The characters of a text, in their order.
 *
 * Graphemes are extended grapheme clusters, by the Unicode version of the engine.
 *
 * Source: Unicode Standard Annex #29, https://www.unicode.org/reports/tr29/
 *
 * @throws RangeError where the engine has no `Intl.Segmenter`
 */
export function splitCharacters(
  text: string,
  { characters, normalize }: CharacterRules,
): Iterable<string> {
  const composed = normalized(text, normalize);
  // Printable ASCII never combines.
  if (characters === 'codePoints' || /^[ -~]*$/.test(composed)) return composed;
  return Array.from(segmenter().segment(composed), ({ segment }) => segment);
}

let shared: Intl.Segmenter | undefined;

function segmenter(): Intl.Segmenter {
  if (!('Segmenter' in Intl)) {
    throw new RangeError(
      "CharTokenizer: graphemes need Intl.Segmenter, which this engine lacks; update it, or set characters: 'codePoints'",
    );
  }
  shared ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return shared;
}

/** Symbols for the end of a line; the first that isn't a character of the text is taken. */
const END_SYMBOLS = ['.', '_', '·', '¶', '␃'];

/** How the end is written where each of these is a character: longer than any character, so that no text has it. */
const END_NAME = '<end>';

/** A symbol for the end of a line that is none of some characters. */
export function endSymbolFor(characters: { has(character: string): boolean }): string {
  return END_SYMBOLS.find((symbol) => !characters.has(symbol)) ?? END_NAME;
}
