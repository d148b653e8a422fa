import {
  answersAfter,
  DataError,
  firstLines,
  splitText,
  splitTextByLine,
  splitTokenLines,
  textPieces,
} from '@llm101/data';
import type {
  LoadedText,
  TextTokenizer,
  TokenizerFit,
  TokenLines,
  TokenSource,
} from '@llm101/data';
import { Generator } from '@llm101/random';
import { TextError } from '../errors.js';
import type { BlockSet, LineSet } from './text-part.js';
import { type TextInfo, type TokenizedText, tokenizeText } from './tokenize-text.js';
import { tokenizerFor, type TokenizerSettings } from './tokenizers.js';

/** A text whose lines are examples. */
export interface LineData {
  readonly examples: 'lines';
  readonly loaded: TextInfo;
  readonly tokenizer: TextTokenizer;
  /** All lines in the order of the text, each after a padding token, and one more at the end. */
  readonly tokens: TokenSource;
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
  /** The whole text. */
  readonly tokens: TokenSource;
  readonly train: BlockSet;
  readonly val: BlockSet;
  readonly hints: readonly string[];
}

/** A text that is split and tokenized; each kind of model makes its examples from it. */
export type PreparedData = LineData | BlockData;

/** What {@link prepareData} reads of the settings. */
export interface DataSettings extends TokenizerSettings {
  readonly split: 'position' | 'lines';
  readonly valSize: number;
  readonly distinct: boolean;
  readonly seed: number;
  /** How much of what isn't held out is learned from, above 0, at most 1. Default: 1. */
  readonly trainShare?: number | undefined;
  /** What the answer of a line stands after; `none`: whole lines are learned. Default: `none`. */
  readonly answerAfter?: string | undefined;
}

/**
 * Text → tokenizer → tokens → split.
 *
 * @param given - the tokenizer of `tokenizerFile`, where that is set, or what a model of `initFrom` makes one of, by `fitInitial`
 * @throws DataError when the text has less than two lines, too few for the split, or a character that the alphabet lacks
 */
export async function prepareData(
  settings: DataSettings,
  text: LoadedText,
  given?: TextTokenizer | TokenizerFit,
): Promise<PreparedData> {
  const tokenizer = tokenizerFor(settings, given);
  const options = { ...settings, isGiven: given !== undefined };
  return splitData(settings, await tokenizeText(textPieces(text), tokenizer, options));
}

/** What {@link splitData} reads of the settings. */
type SplitBy = Pick<
  DataSettings,
  'examples' | 'split' | 'valSize' | 'trainShare' | 'distinct' | 'seed' | 'answerAfter'
>;

/**
 * A text that is tokens already, split. Lines are drawn by a generator of their own; a stream is split by position, or by line where the
 * settings say so.
 *
 * @throws DataError when a part would be empty
 */
export function splitData(settings: SplitBy, text: TokenizedText): PreparedData {
  const { examples, split, valSize: testSize, distinct, seed } = settings;
  const { tokens, tokenizer } = text;
  const generator = Generator.seeded(seed);
  if (examples === 'lines') {
    const { train, test } = splitTokenLines(tokens, tokenizer, {
      testSize,
      generator,
      distinct,
      onCounted: (n) => checkSplit(text.loaded, n, settings),
    });
    const answers = (lines: TokenLines): LineSet => ({
      tokens: withAnswers(lines, text, settings),
    });
    const count = learnedCount(text.loaded.name, train.length, settings);
    const learned = count === train.length ? train : firstLines(train, count);
    return { examples, ...text, train: answers(learned), val: answers(test) };
  }
  if (split === 'position') {
    const n = tokens.length;
    const held = n - Math.floor(n * (1 - testSize)); // as splitText computes it
    const more = 'give a longer text';
    checkParts(text.loaded.name, { n, held, valSize: testSize, what: 'tokens', more });
  }
  const { train, test } =
    split === 'lines'
      ? splitTextByLine(tokens, tokenizer, {
          testSize,
          generator,
          onCounted: (n) => checkLines(text.loaded.name, n, testSize),
        })
      : splitText(tokens, { testSize });
  const learned = train.slice(0, learnedCount(text.loaded.name, train.length, settings));
  return { examples, ...text, train: { tokens: learned }, val: { tokens: test } };
}

/**
 * Lines of which only the answers count, where the settings say what these stand after.
 *
 * @throws DataError when a line lacks that
 */
export function withAnswers(
  lines: TokenLines,
  { loaded, tokenizer }: Pick<TokenizedText, 'loaded' | 'tokenizer'>,
  { answerAfter = 'none' }: Pick<DataSettings, 'answerAfter'>,
): TokenLines {
  if (answerAfter === 'none') return lines;
  try {
    return answersAfter(lines, tokenizer, answerAfter);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    const message = `${loaded.name}: ${cause.message} by --answer-after none`;
    throw new TextError(message, { keys: ['data', 'answerAfter'], cause });
  }
}

/**
 * How many of `n` lines or tokens are learned from.
 *
 * @throws DataError when none is
 */
function learnedCount(
  name: string,
  n: number,
  { trainShare = 1, examples }: Pick<DataSettings, 'trainShare' | 'examples'>,
): number {
  const count = Math.floor(n * trainShare);
  if (count > 0) return count;
  const what = examples === 'lines' ? 'lines' : 'tokens';
  throw new TextError(
    `${name}: --train-share must leave some ${what} to learn from; ${trainShare} of ${n} leaves none; choose a larger one`,
    { keys: ['trainShare', 'data'] },
  );
}

/** @throws DataError unless some lines of a stream are held out, and not all */
function checkLines(name: string, n: number, valSize: number): void {
  const held = Math.ceil(valSize * n); // as trainTestSplit computes it
  checkParts(name, { n, held, valSize, what: 'lines', more: 'leave out --split lines' });
}

/** @throws DataError unless both sides of the split get a line */
function checkSplit(
  { name }: TextInfo,
  n: number,
  { valSize, distinct }: Pick<DataSettings, 'valSize' | 'distinct'>,
): void {
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
  throw new TextError(
    n < 2
      ? `${name} must have at least 2 ${what}, some to learn from and some held out; got ${n === 1 ? 'one' : 'none'}; ${more}`
      : `${name}: --val-size must leave some to learn from; ${valSize} of ${n} ${what} leaves none; choose a smaller one`,
    { keys: n < 2 ? ['data', 'examples'] : ['valSize', 'data'] },
  );
}
