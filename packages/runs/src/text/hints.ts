import type { TokenizerSettings } from './tokenizers.js';

/** A mark that belongs to the character before it, or a sign that joins two: what makes a character of several code points. */
const COMBINING = /[\p{M}\u200d\u1160-\u11ff\p{Emoji_Modifier}]|\p{Regional_Indicator}{2}/u;

/** What {@link hintsOn} reads of the settings. */
export interface HintSettings extends Pick<
  TokenizerSettings,
  'examples' | 'tokenizer' | 'normalize'
> {
  /** Whether the tokenizer is one that was given, so that it can't be another. */
  readonly isGiven?: boolean;
}

/** What a text loses, by its beginning, where each line is an example, or each code point a token. */
export function hintsOn(text: string, settings: HintSettings): string[] {
  const isProse = settings.examples === 'lines' && looksLikeProse(text);
  return [
    ...(isProse ? [PROSE] : []),
    ...(settings.isGiven === true ? [] : hintsOnCharacters(text, settings)),
  ];
}

/** What it loses where letters aren't composed, or each code point is a token. */
function hintsOnCharacters(
  text: string,
  { tokenizer = 'characters', normalize }: HintSettings,
): string[] {
  const hints: string[] = [];
  const composed = normalize === 'nfc' ? text : text.normalize('NFC');
  if (composed !== text) {
    hints.push(
      'some letters are written as several code points, such as a letter and its accent; --normalize nfc composes them',
    );
  }
  if (tokenizer !== 'characters') return hints;
  const joined = COMBINING.exec(composed);
  if (joined !== null) {
    hints.push(
      `some characters are several code points, of which each becomes a token (${codePoint(joined[0])} is one); --tokenizer graphemes keeps them whole`,
    );
  }
  return hints;
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const PROSE =
  'it looks like prose or code, whose lines belong together; --examples blocks learns it as one text, line ends included';

/** Characters of a line that is hardly a word or a name. */
const LONG = 20;

/** Characters of a line that is a paragraph. */
const PARAGRAPH = 150;

/**
 * Whether the lines of a text aren't examples of their own: they are paragraphs, are parted by empty lines or indented, or
 * sentences run over their ends.
 */
function looksLikeProse(text: string): boolean {
  const all = text.trim().split(/\r?\n/);
  const lines = all.filter((line) => line.trim() !== '');
  const length = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
  const share = (is: (line: string, i: number) => boolean): number =>
    lines.filter(is).length / lines.length;
  if (share((line) => /^[ \t]+\S/.test(line)) > 0.15) return true;
  if (length < LONG) return false;
  const runsOver = (line: string, i: number): boolean =>
    /[^.!?:;"'”’)]\s*$/.test(line) && /^\p{Ll}/u.test(lines[i + 1] ?? '');
  const hasSentences = share((line) => /[.!?]["'”’)]?\s+\S/.test(line)) > 0.05;
  return (
    length > PARAGRAPH ||
    all.length - lines.length > 0.05 * all.length ||
    (hasSentences && share(runsOver) > 0.2)
  );
}
