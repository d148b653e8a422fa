import {
  grassbergerEntropy,
  guessingBounds,
  guessRanks,
  matchLengthRate,
  ngramEntropies,
  sequenceCrossEntropy,
} from '@llm101/info-theory';
import type { EntropyBounds, UnitOptions } from '@llm101/info-theory';
import { splitLines } from '@llm101/data';
import type { PreparedData } from '@llm101/runs';
import { ngramsOf, sequencesOf } from '../../priors/priors.js';

/** The next character's entropy by n-grams of one order. */
interface OrderEntropies {
  readonly order: number;
  /** By the frequencies in the whole text. */
  readonly counted: number;
  /** The same, by Grassberger's estimator, corrected for the size of the sample. */
  readonly corrected: number;
  /** Cross-entropies on the held-out lines of models that learned from the others; none of order 0. */
  readonly wittenBell?: number;
  readonly kneserNey?: number;
}

/** Entropies of a text in one unit per character; the end of a line counts as one. */
export interface TextEntropies {
  readonly orders: readonly OrderEntropies[];
  /** By the lengths of repetitions in the text, with its lines in order. */
  readonly matchLengthRate: number;
  /** Shannon's bounds, by the guesses of the longest n-grams on the held-out lines. */
  readonly guessing: EntropyBounds;
}

/** Which n-grams are measured, and in which unit. */
export interface EntropyOptions extends UnitOptions {
  readonly order: number;
  /** Called with how much is done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Counts the whole text, and lets n-gram models learn from one part of it and predict the other. */
export function measureEntropies(
  { loaded, tokenizer, train, val }: PreparedData,
  { order, onProgress = () => {}, ...unit }: EntropyOptions,
): TextEntropies {
  const size = tokenizer.vocabSize;
  const text = sequencesOf(splitLines(loaded.text), tokenizer);
  const [learned, held] = [train, val].map(({ lines }) => sequencesOf(lines, tokenizer));
  const counted = ngramEntropies(text, { size, order, ...unit });
  const estimator = grassbergerEntropy;
  const corrected = ngramEntropies(text, { size, order, estimator, ...unit });
  const heldOut = (n: number) => {
    onProgress(n, order + 1);
    const [wittenBell, kneserNey] = (['witten-bell', 'kneser-ney'] as const).map((smoothing) =>
      sequenceCrossEntropy(ngramsOf(learned, { size, order: n, smoothing }), held, unit),
    );
    return { wittenBell, kneserNey };
  };
  return {
    orders: Array.from(counted, (value, n) => ({
      order: n,
      counted: value,
      corrected: corrected[n],
      ...(n > 0 && heldOut(n)),
    })),
    matchLengthRate: matchLengthRate(text.flat(), { size, ...unit }),
    guessing: guessingBounds(guessRanks(ngramsOf(learned, { size, order }), held), unit),
  };
}
