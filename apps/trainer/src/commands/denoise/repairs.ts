import { count as countOf, formatTable } from '../../terminal/output.js';
import type { ChannelKind } from './settings.js';

/** What became of the characters of some names: sent, received with noise, and corrected. */
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

type Sequences = readonly (readonly number[])[];

/** Counts over all positions; each sequence of `received` and `corrected` is as long as its counterpart in `sent`. */
export function countRepairs(sent: Sequences, received: Sequences, corrected: Sequences): Repairs {
  const wrong = (others: Sequences): boolean[][] =>
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

/** What became of the names by one prior. */
export interface PriorRepairs extends Repairs {
  readonly prior: string;
}

/** The channel that the names were sent through. */
export interface Noise {
  readonly kind: ChannelKind;
  readonly rate: number;
}

const NOISES: Readonly<Record<ChannelKind, string>> = {
  substitution: 'characters replaced by another one',
  erasure: 'characters lost',
  binary: 'bits of each character flipped',
};

/** A table with a row for each prior, and what its columns mean. */
export function describeRepairs(rows: readonly PriorRepairs[], { kind, rate }: Noise): string[] {
  const [{ names, characters, wrongBefore }] = rows;
  const [n, all, wrong] = [names, characters, wrongBefore].map(countOf);
  return [
    `${n} held-out lines, ${percent(rate, 1)} of the ${NOISES[kind]}: ${wrong} of ${all} characters wrong`,
    '',
    ...formatTable([
      ['prior', 'wrong', 'set right', 'broken', 'net', 'lines right'],
      ...rows.map((row) => [
        row.prior,
        percent(row.wrongAfter, row.characters),
        ...[row.setRight, row.broken, row.wrongBefore - row.wrongAfter].map((x) =>
          percent(x, row.wrongBefore),
        ),
        percent(row.namesRightAfter, row.names),
      ]),
    ]),
    '',
    'wrong: of all characters, after correction; set right, broken and net, set right less broken: of those wrong before',
  ];
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
