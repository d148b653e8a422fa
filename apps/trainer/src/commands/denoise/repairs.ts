import type { ChannelKind, Repairs } from '@llm101/inference';
import { count as countOf, formatTable } from '../../terminal/output.js';

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
