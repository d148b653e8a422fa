import {
  grassbergerEntropy,
  guessingBounds,
  type EntropyBounds,
  guessRanks,
  matchLengthRate,
  ngramEntropies,
  sequenceCrossEntropy,
  type UnitOptions,
} from '@llm101/info-theory';
import { splitLines } from '@llm101/data';
import type { PreparedData } from '@llm101/runs';
import { ngramsOf, sequencesOf } from '../../priors/priors.js';

/** What n-grams of one order say of the next character's entropy. */
interface OrderEntropies {
  readonly order: number;
  /** By the frequencies in the whole text. */
  readonly counted: number;
  /** The same, corrected for what a sample doesn't show. */
  readonly corrected: number;
  /** What models that learned from the one part need on the other; order 0 is no model. */
  readonly wittenBell?: number;
  readonly kneserNey?: number;
}

/** Entropies of a text, in one unit, a character; the end of a line is one. */
export interface TextEntropies {
  readonly orders: readonly OrderEntropies[];
  /** From how far stretches of the text repeat, in its own order of lines. */
  readonly matchLengthRate: number;
  /** Shannon's bounds, by the guesses of the longest n-grams on what is held out. */
  readonly guessing: EntropyBounds;
}

/** Which n-grams are measured, and in which unit. */
export interface EntropyOptions extends UnitOptions {
  readonly order: number;
  /** Called with how much is done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Counts the whole text, and lets n-gram models learn from the one part of it and predict the other. */
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
