/** What became of the characters of some names: sent, received with noise, and mended. */
export interface Repairs {
  readonly characters: number;
  /** Wrong as received. */
  readonly wrongBefore: number;
  /** Wrong as received, and right as mended. */
  readonly setRight: number;
  /** Right as received, and wrong as mended. */
  readonly broken: number;
  /** Wrong as mended. */
  readonly wrongAfter: number;
  readonly names: number;
  /** Without a wrong character as received. */
  readonly namesRightBefore: number;
  /** Without one as mended. */
  readonly namesRightAfter: number;
}

type Sequences = readonly (readonly number[])[];

/** Counts over all places; each sequence of `received` and `mended` is as long as its counterpart in `sent`. */
export function countRepairs(sent: Sequences, received: Sequences, mended: Sequences): Repairs {
  const wrong = (others: Sequences): boolean[][] =>
    sent.map((symbols, i) => symbols.map((symbol, j) => others[i][j] !== symbol));
  const [before, after] = [wrong(received), wrong(mended)];
  const [flatBefore, flatAfter] = [before.flat(), after.flat()];
  const count = (holds: (isWrong: boolean, place: number) => boolean): number =>
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
