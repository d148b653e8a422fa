import type { Generator } from '@llm101/random';
import { loadText, type LoadTextOptions } from '../text/load-text.js';
import { splitLines, trainTestSplit } from '../text/split.js';
import { CharTokenizer } from '../tokens/char-tokenizer.js';
import type { Tokenizer } from '../tokens/tokenizer.js';
import { NextTokenDataset } from './next-token-dataset.js';

/** Settings of {@link splitWindows}. */
export interface SplitWindowsOptions {
  /** T: tokens of a window. */
  readonly contextSize: number;
  /** Draws which lines are held out. */
  readonly generator: Generator;
  /** The fraction of the lines held out, strictly between 0 and 1; 0.1 unless given. */
  readonly testSize?: number;
  /** Unless given, one whose alphabet is that of the text. */
  readonly tokenizer?: Tokenizer;
}

/** A text, ready to train on. */
export interface SplitWindows {
  /** What numbered the characters. */
  readonly tokenizer: Tokenizer;
  /** Windows over the lines to train on. */
  readonly train: NextTokenDataset;
  /** Windows over the lines held out. */
  readonly test: NextTokenDataset;
}

/**
 * From a text to windows in one call: `splitLines`, `trainTestSplit`, `CharTokenizer.fromText`, `NextTokenDataset`.
 *
 * @param text - a line an example
 * @throws DataError when the text has no characters, or one that the tokenizer doesn't know
 * @throws RangeError when a setting is out of its range, or a side of the split would be empty
 */
export function splitWindows(text: string, options: SplitWindowsOptions): SplitWindows {
  const { contextSize, generator, testSize = 0.1 } = options;
  const { tokenizer = CharTokenizer.fromText(text) } = options;
  const { train, test } = trainTestSplit(splitLines(text), { testSize, generator });
  return {
    tokenizer,
    train: new NextTokenDataset(train, tokenizer, contextSize),
    test: new NextTokenDataset(test, tokenizer, contextSize),
  };
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
): Promise<SplitWindows> {
  const { text } = await loadText(source, options);
  return splitWindows(text, options);
}
