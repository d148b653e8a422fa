import {
  DataError,
  encodeLines,
  splitLines,
  splitText,
  tokensInMemory,
  trainTestSplit,
} from '@llm101/data';
import type { TextTokenizer, LoadedText, TokenLines, TokenSource } from '@llm101/data';
import { Generator } from '@llm101/random';
import type { ExamplesName } from './examples-name.js';
import { checkLineEnds, checkLines, checkStream } from './text-checks.js';
import { hintsOnCharacters, hintsOnLines } from './text-hints.js';
import { fitTokenizer, type TokenizerSettings } from './tokenizers.js';

/** What to do about a character that isn't in the alphabet that was set. */
export const REMEDY = 'take it out, or pass --alphabet auto';

/** Some lines of a text, as they are and as tokens. */
export interface LineSet {
  readonly lines: readonly string[];
  readonly tokens: TokenLines;
}

/** A stretch of a text, line ends included. */
export interface BlockSet {
  readonly tokens: TokenSource;
}

/** A part of a text, to train on or held out. */
export type TextPart = LineSet | BlockSet;

/** What is known of a text. */
export type TextInfo = Pick<LoadedText, 'name' | 'characters' | 'sha256'>;

/** A text whose lines are examples. */
export interface LineData {
  readonly examples: 'lines';
  readonly loaded: LoadedText;
  readonly tokenizer: TextTokenizer;
  readonly train: LineSet;
  readonly val: LineSet;
  /** What would make more of the text, a line each; for people. */
  readonly hints: readonly string[];
}

/** A text that is one stream, of which blocks are examples. */
export interface BlockData {
  readonly examples: 'blocks';
  readonly loaded: TextInfo;
  readonly tokenizer: TextTokenizer;
  readonly train: BlockSet;
  readonly val: BlockSet;
  readonly hints: readonly string[];
}

/** A text that is split and tokenized; each kind of model makes its examples from it. */
export type PreparedData = LineData | BlockData;

/** What {@link prepareData} reads of the settings. */
export interface DataSettings extends TokenizerSettings {
  readonly examples: ExamplesName;
  readonly valSize: number;
  readonly distinct: boolean;
  readonly seed: number;
}

/**
 * Text → lines → tokenizer → split → tokens, or under blocks text → tokenizer → tokens → split by position. The split of lines has
 * a generator of its own. Lines are composed first where the settings say so, and are the same where they are the same then.
 *
 * @param given - the tokenizer of `tokenizerFile`, where that is set
 * @throws DataError when the text has less than two lines, too few for the split, or a character that the alphabet lacks
 */
export function prepareData(
  settings: DataSettings,
  loaded: LoadedText,
  given?: TextTokenizer,
): PreparedData {
  return settings.examples === 'lines'
    ? prepareLines(settings, loaded, given)
    : prepareBlocks(settings, loaded, given);
}

/** Text → tokenizer → tokens → split by position. */
function prepareBlocks(
  settings: DataSettings,
  loaded: LoadedText,
  given: TextTokenizer | undefined,
): BlockData {
  const { text, name, characters, sha256 } = loaded;
  const fit = fitTokenizer(settings, 'characters', given);
  fit.push(text);
  const tokenizer = fit.end();
  checkStream(loaded, { tokenizer, remedy: REMEDY });
  const tokens = tokensInMemory(tokenizer.encode(text));
  const hints = hintsOnCharacters(text, settings);
  return splitBlocks(settings, { loaded: { name, characters, sha256 }, tokenizer, tokens, hints });
}

/** A text as tokens, in memory or in a file. */
export interface TokenizedText {
  readonly loaded: TextInfo;
  readonly tokenizer: TextTokenizer;
  readonly tokens: TokenSource;
  readonly hints: readonly string[];
}

/**
 * A text that is tokens already, split by position.
 *
 * @throws DataError when a part would be empty
 */
export function splitBlocks(
  { valSize: testSize }: Pick<DataSettings, 'valSize'>,
  { tokens, ...text }: TokenizedText,
): BlockData {
  const n = tokens.length;
  const held = n - Math.floor(n * (1 - testSize)); // as splitText computes it
  const more = 'give a longer text';
  checkParts(text.loaded.name, { n, held, valSize: testSize, what: 'tokens', more });
  const { train, test } = splitText(tokens, { testSize });
  return {
    examples: 'blocks',
    ...text,
    train: { tokens: train },
    val: { tokens: test },
  };
}

function prepareLines(
  settings: DataSettings,
  loaded: LoadedText,
  given: TextTokenizer | undefined,
): LineData {
  const { valSize: testSize, distinct, seed, normalize } = settings;
  const text = normalize === 'nfc' ? loaded.text.normalize('NFC') : loaded.text;
  const lines = splitLines(text);
  checkLineEnds(loaded, lines);
  const fit = fitTokenizer(settings, 'separate', given);
  fit.push(text);
  const tokenizer = fit.end();
  checkLines(loaded, { lines, tokenizer, remedy: REMEDY });
  checkSplit(loaded, lines, settings);
  const generator = Generator.seeded(seed);
  const { train, test } = trainTestSplit(lines, { testSize, generator, distinct });
  const [trainSet, valSet] = [train, test].map((part): LineSet => ({
    lines: part,
    tokens: encodeLines(part, tokenizer),
  }));
  return {
    examples: 'lines',
    loaded,
    tokenizer,
    train: trainSet,
    val: valSet,
    hints: hintsOnLines(text, settings),
  };
}

/** @throws DataError unless both sides of the split get a line */
function checkSplit(
  { name }: LoadedText,
  lines: readonly string[],
  { valSize, distinct }: DataSettings,
): void {
  const n = distinct ? new Set(lines).size : lines.length;
  const held = Math.ceil(valSize * n); // as trainTestSplit computes it
  const what = distinct ? 'different lines' : 'lines that are not empty';
  const more = 'give it more, an example a line, or learn it as one stream by --examples blocks';
  checkParts(name, { n, held, valSize, what, more });
}

/** @throws DataError unless some of `n` are held out, and not all */
function checkParts(
  name: string,
  {
    n,
    held,
    valSize,
    what,
    more,
  }: Record<'n' | 'held' | 'valSize', number> & Record<'what' | 'more', string>,
): void {
  if (held > 0 && held < n) return;
  throw new DataError(
    n < 2
      ? `${name} must have at least 2 ${what}, some to learn from and some held out; got ${n === 1 ? 'one' : 'none'}; ${more}`
      : `${name}: --val-size must leave some to learn from; ${valSize} of ${n} ${what} leaves none; choose a smaller one`,
  );
}
