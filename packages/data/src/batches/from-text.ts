import type { Generator } from '@llm101/random';
import { loadText, type LoadTextOptions } from '../text/load-text.js';
import { splitLines, trainTestSplit } from '../text/split.js';
import { answersAfter } from '../tokens/answers.js';
import { CharTokenizer } from '../tokens/char-tokenizer.js';
import { splitText } from '../tokens/split-text.js';
import { encodeLines, type TokenLines } from '../tokens/token-lines.js';
import { memorySink, type TokenSource } from '../tokens/token-source.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { BlockDataset } from './block-dataset.js';
import { NextTokenDataset } from './next-token-dataset.js';
import { SequenceDataset } from './sequence-loader.js';

/** Settings of {@link splitSequences}. */
export interface SplitLinesOptions {
  /** Draws which lines are held out. */
  readonly generator: Generator;
  /** The fraction of the lines held out, strictly between 0 and 1. Default: 0.1. */
  readonly testSize?: number;
  /** The share of the other lines that is trained on: of their order the first. Above 0, at most 1. Default: 1. */
  readonly trainShare?: number;
  /** Default: a `CharTokenizer` whose alphabet is that of the text. */
  readonly tokenizer?: Tokenizer;
  /** What the answer of each line stands after: only answers are examples, by `answersAfter`. Default: whole lines are. */
  readonly answerAfter?: string;
}

/** Settings of {@link splitWindows}. */
export interface SplitWindowsOptions extends SplitLinesOptions {
  /** T: tokens of a window. */
  readonly contextSize: number;
}

/** A text as two data sets, ready to train on. */
export interface SplitData<D> {
  /** What numbered the characters. */
  readonly tokenizer: Tokenizer;
  /** What to train on. */
  readonly train: D;
  /** What is held out. */
  readonly test: D;
}

/**
 * From a text to windows in one call: `splitLines`, `trainTestSplit`, `CharTokenizer.fromText`, `NextTokenDataset`.
 *
 * @param text - a line an example
 * @throws DataError when the text has no characters, or one that the tokenizer doesn't know
 * @throws RangeError when a setting is out of its range, or a side of the split would be empty
 */
export function splitWindows(
  text: string,
  options: SplitWindowsOptions,
): SplitData<NextTokenDataset> {
  return linesAsExamples(
    text,
    options,
    (lines, tokenizer) => new NextTokenDataset(lines, tokenizer, options.contextSize),
  );
}

/**
 * From a text to whole lines in one call, as {@link splitWindows} makes windows.
 *
 * @throws DataError, RangeError as `splitWindows`
 */
export function splitSequences(
  text: string,
  options: SplitLinesOptions,
): SplitData<SequenceDataset> {
  return linesAsExamples(
    text,
    options,
    (lines, tokenizer) => new SequenceDataset(lines, tokenizer),
  );
}

/**
 * Loads a text, as {@link loadText} does, and cuts it into windows, as {@link splitWindows} does.
 *
 * @param source - a name of `dataSets` or a URL
 * @throws DataError, RangeError, TypeError as these two
 */
export async function loadWindows(
  source: string,
  options: SplitWindowsOptions & LoadTextOptions,
): Promise<SplitData<NextTokenDataset>> {
  const { text } = await loadText(source, options);
  return splitWindows(text, options);
}

/** Settings of {@link splitBlocks}. */
export interface SplitBlocksOptions {
  /** T: tokens of a block. */
  readonly contextSize: number;
  /** Whether each position of a block has a target, or the last one alone. Default: `'each'`. */
  readonly targets?: 'each' | 'last';
  /** The fraction that is held out, of the tokens or of the lines, strictly between 0 and 1. Default: 0.1. */
  readonly testSize?: number;
  /** Draws which lines are held out; for a text of lines that don't belong together. Default: the end of the text is. */
  readonly generator?: Generator;
  /** Default: a `CharTokenizer` of the text's characters, line ends among them, from token 0 on. */
  readonly tokenizer?: Tokenizer;
}

/**
 * From a text to blocks in one call: `CharTokenizer.fromText`, `splitText`, `BlockDataset`. Blocks to train on begin at each position;
 * those held out don't overlap. With a generator the sides are lines as of `trainTestSplit`, one after the other.
 *
 * @param text - prose, code, or whatever is one text
 * @throws DataError when the text has no characters or one that the tokenizer doesn't know, or a side of the split has less than a block
 * @throws RangeError when a setting is out of its range
 */
export function splitBlocks(text: string, options: SplitBlocksOptions): SplitData<BlockDataset> {
  const { contextSize, targets = 'each', testSize = 0.1, generator } = options;
  const { tokenizer = CharTokenizer.fromText(text, { lineEnds: 'characters' }) } = options;
  const sides =
    generator === undefined
      ? splitText(tokensOf(text, tokenizer), { testSize })
      : trainTestSplit(splitLines(text), { testSize, generator });
  const [train, test] = [sides.train, sides.test].map((side) =>
    Array.isArray(side) ? tokensOf(side.map((line) => `${line}\n`).join(''), tokenizer) : side,
  );
  return {
    tokenizer,
    train: new BlockDataset(train, { contextSize, targets }),
    test: new BlockDataset(test, { contextSize, targets, stride: contextSize }),
  };
}

function tokensOf(text: string, tokenizer: Tokenizer): TokenSource {
  const sink = memorySink(tokenizer.vocabSize);
  sink.push(tokenizer.encode(text));
  return sink.end();
}

/**
 * Loads a text, as {@link loadText} does, and cuts it into blocks, as {@link splitBlocks} does.
 *
 * @param source - a name of `dataSets` or a URL
 * @throws DataError, RangeError, TypeError as these two
 */
export async function loadBlocks(
  source: string,
  options: SplitBlocksOptions & LoadTextOptions,
): Promise<SplitData<BlockDataset>> {
  const { text } = await loadText(source, options);
  return splitBlocks(text, options);
}

function linesAsExamples<D>(
  text: string,
  options: SplitLinesOptions,
  datasetOf: (lines: TokenLines, tokenizer: Tokenizer) => D,
): SplitData<D> {
  const { generator, testSize = 0.1, tokenizer = CharTokenizer.fromText(text) } = options;
  const { answerAfter, trainShare = 1 } = options;
  const { train, test } = trainTestSplit(splitLines(text), { testSize, generator });
  const count = Math.floor(train.length * trainShare);
  if (!(trainShare > 0 && trainShare <= 1 && count > 0)) {
    throw new RangeError(
      `splitWindows, splitSequences: trainShare must be above 0, at most 1, and leave a line of ${train.length}; got ${trainShare}`,
    );
  }
  const [learned, held] = [train.slice(0, count), test].map((side) => {
    const lines = encodeLines(side, tokenizer);
    return answerAfter === undefined ? lines : answersAfter(lines, tokenizer, answerAfter);
  });
  return { tokenizer, train: datasetOf(learned, tokenizer), test: datasetOf(held, tokenizer) };
}
