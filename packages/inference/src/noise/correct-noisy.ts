import { beamDecode, likeliestSymbols } from '@llm101/info-theory';
import type { Channel, LanguagePrior } from '@llm101/info-theory';

/** Names that are decoded together at most, in large batches of the network. */
const CHUNK = 200;

/** Predictions that are held at once, of so many characters after so many candidates; few, so that progress is shown soon. */
const MOST_PREDICTIONS = 2 ** 22;

/** Symbols of some lines. */
export type SymbolLines = readonly (readonly number[])[];

/** How {@link correctNoisy} searches. */
export interface CorrectOptions {
  /** What the sequences went through. */
  readonly channel: Channel;
  /** What sequences look like. */
  readonly prior: LanguagePrior;
  /** Candidates that are kept for each sequence. */
  readonly beam: number;
  /** The likeliest symbol at each position, or the likeliest sequence. */
  readonly decode: 'letters' | 'names';
  /** Called with how many more sequences are done. */
  readonly onProgress?: (more: number) => void;
}

/**
 * Estimates what was sent: the likeliest symbol at each position, or the likeliest sequence. Where the prior rules out
 * everything that could have been sent, what was received stays.
 */
export function correctNoisy(
  received: SymbolLines,
  { channel, prior, beam: beamWidth, decode: aim, onProgress = () => {} }: CorrectOptions,
): number[][] {
  const corrected: number[][] = [];
  const together = Math.floor(MOST_PREDICTIONS / (prior.size * beamWidth));
  const length = Math.min(CHUNK, Math.max(1, together));
  for (let first = 0; first < received.length; first += length) {
    const chunk = received.slice(first, first + length);
    const found = beamDecode(chunk, { channel, prior, beamWidth, end: 0 });
    for (const [i, hypotheses] of found.entries()) {
      const best = aim === 'letters' ? likeliestSymbols(hypotheses) : hypotheses.at(0)?.symbols;
      corrected.push([...(hypotheses.length > 0 && best ? best : chunk[i])]);
    }
    onProgress(chunk.length);
  }
  return corrected;
}

/** What became of the characters of some lines: sent, received with noise, and corrected. */
export interface Repairs {
  readonly characters: number;
  /** Wrong as received. */
  readonly wrongBefore: number;
  /** Wrong as received, and right as corrected. */
  readonly setRight: number;
  /** Right as received, and wrong as corrected. */
  readonly broken: number;
  /** Wrong as corrected. */
  readonly wrongAfter: number;
  readonly names: number;
  /** Without a wrong character as received. */
  readonly namesRightBefore: number;
  /** Without one as corrected. */
  readonly namesRightAfter: number;
}

/** Counts over all positions; each sequence of `received` and `corrected` is as long as its counterpart in `sent`. */
export function countRepairs(
  sent: SymbolLines,
  received: SymbolLines,
  corrected: SymbolLines,
): Repairs {
  const wrong = (others: SymbolLines): boolean[][] =>
    sent.map((symbols, i) => symbols.map((symbol, j) => others[i][j] !== symbol));
  const [before, after] = [wrong(received), wrong(corrected)];
  const [flatBefore, flatAfter] = [before.flat(), after.flat()];
  const count = (holds: (isWrong: boolean, position: number) => boolean): number =>
    flatBefore.filter(holds).length;
  return {
    characters: flatBefore.length,
    wrongBefore: count((isWrong) => isWrong),
    setRight: count((isWrong, i) => isWrong && !flatAfter[i]),
    broken: count((isWrong, i) => !isWrong && flatAfter[i]),
    wrongAfter: count((_, i) => flatAfter[i]),
    names: sent.length,
    namesRightBefore: wholeNames(before),
    namesRightAfter: wholeNames(after),
  };
}

function wholeNames(names: readonly boolean[][]): number {
  return names.filter((isWrong) => !isWrong.includes(true)).length;
}
