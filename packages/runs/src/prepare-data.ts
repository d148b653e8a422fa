import {
  DataError,
  describeAlphabet,
  describeCharacter,
  encodeLines,
  splitLines,
  trainTestSplit,
} from '@llm101/data';
import type { TextTokenizer, LoadedText, TokenLines } from '@llm101/data';
import { Generator } from '@llm101/random';
import { fitTokenizer, type TokenizerSettings } from './tokenizers.js';

/** Some lines of a text, as they are and as tokens. */
export interface LineSet {
  readonly lines: readonly string[];
  readonly tokens: TokenLines;
}

/** A text that is split and tokenized; each kind of model makes its examples from it. */
export interface PreparedData {
  readonly loaded: LoadedText;
  readonly tokenizer: TextTokenizer;
  readonly train: LineSet;
  readonly val: LineSet;
  /** What would make more of the text, a line each; for people. */
  readonly hints: readonly string[];
}

/** What {@link prepareData} reads of the settings. */
export interface DataSettings extends TokenizerSettings {
  readonly valSize: number;
  readonly distinct: boolean;
  readonly seed: number;
}

/**
 * Text → lines → tokenizer → split → tokens. The split has a generator of its own. Lines are composed first where the
 * settings say so, and are the same where they are the same then.
 *
 * @throws DataError when the text has less than two lines, too few for the split, or a character that the alphabet lacks
 */
export function prepareData(settings: DataSettings, loaded: LoadedText): PreparedData {
  const { valSize: testSize, distinct, seed, normalize } = settings;
  const text = normalize === 'nfc' ? loaded.text.normalize('NFC') : loaded.text;
  const lines = splitLines(text);
  checkLineEnds(loaded, lines);
  const fit = fitTokenizer(settings);
  fit.push(text);
  const tokenizer = fit.end();
  checkLines(loaded, { lines, tokenizer, remedy: 'take it out, or pass --alphabet auto' });
  checkSplit(loaded, lines, settings);
  const generator = Generator.seeded(seed);
  const { train, test } = trainTestSplit(lines, { testSize, generator, distinct });
  const [trainSet, valSet] = [train, test].map((part): LineSet => ({
    lines: part,
    tokens: encodeLines(part, tokenizer),
  }));
  return { loaded, tokenizer, train: trainSet, val: valSet, hints: hintsOn(text, settings) };
}

/** @throws DataError unless both sides of the split get a line */
function checkSplit(
  { name }: LoadedText,
  lines: readonly string[],
  { valSize, distinct }: DataSettings,
): void {
  const n = distinct ? new Set(lines).size : lines.length;
  const held = Math.ceil(valSize * n); // as trainTestSplit computes it
  if (held > 0 && held < n) return;
  const what = distinct ? 'different lines' : 'lines that are not empty';
  throw new DataError(
    n < 2
      ? `${name} must have at least 2 ${what}, some to learn from and some held out; got one; give it more, an example a line`
      : `${name}: --val-size must leave lines to learn from; ${valSize} of ${n} leaves none; choose a smaller one`,
  );
}

/** A mark that belongs to the character before it, or a sign that joins two: what makes a character of several code points. */
const COMBINING = /[\p{M}\u200d\u1160-\u11ff\p{Emoji_Modifier}]|\p{Regional_Indicator}{2}/u;

/** What a text loses where each code point is a token. */
function hintsOn(text: string, { tokenizer, normalize }: DataSettings): string[] {
  const hints: string[] = [];
  const composed = normalize === 'nfc' ? text : text.normalize('NFC');
  if (composed !== text) {
    hints.push(
      'some letters are written as several code points, such as a letter and its accent; --normalize nfc composes them',
    );
  }
  if (tokenizer === 'graphemes') return hints;
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

/** What {@link checkLines} checks. */
export interface LinesToCheck {
  readonly lines: readonly string[];
  readonly tokenizer: TextTokenizer;
  /** What to do about a character that isn't in the alphabet. */
  readonly remedy: string;
}

/** @throws DataError when there is no line, or one holds a character that the tokenizer doesn't know, naming it */
export function checkLines(loaded: LoadedText, { lines, tokenizer, remedy }: LinesToCheck): void {
  checkLineEnds(loaded, lines);
  for (const [i, line] of lines.entries()) {
    const unknown = tokenizer.firstUnknown(line);
    if (unknown === undefined) continue;
    throw new DataError(
      `${loaded.name}, line ${numberOf(i, loaded.text)}: every character must be in the alphabet ` +
        `${describeAlphabet(tokenizer.alphabet)}; got ${describeCharacter(unknown.character)}; ${remedy}`,
    );
  }
}

/** The number in the text of a line that isn't empty, by how many such lines are before it. */
function numberOf(index: number, text: string): number {
  let found = -1;
  return text.split(/\r?\n/).findIndex((line) => line !== '' && ++found === index) + 1;
}

/** @throws DataError when there is no line, or lines end as on old Macs */
function checkLineEnds({ name, text }: LoadedText, lines: readonly string[]): void {
  if (lines.length === 0) {
    throw new DataError(`${name} must have at least one line that isn't empty; got none`);
  }
  if (text.includes('\r') && !text.includes('\n')) {
    throw new DataError(
      `${name}: lines must end in a line feed; they end in a carriage return alone; save it with the line endings of Unix`,
    );
  }
}
