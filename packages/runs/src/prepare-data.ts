import {
  DataError,
  describeCharacter,
  encodeLines,
  splitLines,
  trainTestSplit,
} from '@llm101/data';
import type { TextTokenizer, LoadedText, TokenLines } from '@llm101/data';
import { Generator } from '@llm101/random';
import { makeTokenizer, type TokenizerSettings } from './tokenizers.js';

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
}

/** What {@link prepareData} reads of the settings. */
export interface DataSettings extends TokenizerSettings {
  readonly valSize: number;
  readonly distinct: boolean;
  readonly seed: number;
}

/**
 * Text → lines → tokenizer → split → tokens. The split has a generator of its own.
 *
 * @throws DataError when the text has no line, or a character that the alphabet lacks
 * @throws RangeError when a side of the split would be empty
 */
export function prepareData(settings: DataSettings, loaded: LoadedText): PreparedData {
  const { valSize: testSize, distinct, seed } = settings;
  const lines = splitLines(loaded.text);
  const tokenizer = makeTokenizer(settings, lines);
  checkLines(loaded, { lines, tokenizer, remedy: 'take it out, or pass --alphabet auto' });
  const generator = Generator.seeded(seed);
  const { train, test } = trainTestSplit(lines, { testSize, generator, distinct });
  const [trainSet, valSet] = [train, test].map((part): LineSet => ({
    lines: part,
    tokens: encodeLines(part, tokenizer),
  }));
  return { loaded, tokenizer, train: trainSet, val: valSet };
}

/** What {@link checkLines} checks. */
export interface LinesToCheck {
  readonly lines: readonly string[];
  readonly tokenizer: TextTokenizer;
  /** What to do about a character that isn't in the alphabet. */
  readonly remedy: string;
}

/** @throws DataError when there is no line, or one holds a character that the tokenizer doesn't know, naming it */
export function checkLines(
  { name, text }: LoadedText,
  { lines, tokenizer, remedy }: LinesToCheck,
): void {
  if (lines.length === 0) {
    throw new DataError(`${name} must have at least one line that isn't empty; got none`);
  }
  if (text.includes('\r') && !text.includes('\n')) {
    throw new DataError(
      `${name}: lines must end in a line feed; they end in a carriage return alone; save it with the line endings of Unix`,
    );
  }
  for (const line of lines) {
    const unknown = tokenizer.firstUnknown(line);
    if (unknown === undefined) continue;
    const number = text.split(/\r?\n/).indexOf(line) + 1;
    throw new DataError(
      `${name}, line ${number}: every character must be in the alphabet ${tokenizer.alphabet}; ` +
        `got ${describeCharacter(unknown.character)}; ${remedy}`,
    );
  }
}
