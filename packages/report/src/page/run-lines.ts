import { isBetter } from '../compare/measure.js';
import type { RunTable } from '../compare/run-table.js';
import { colour } from '../pictures/picture.js';
import type { PlotLine } from '../plot/lines.js';

/** How the line of a run looks, in every plot of a page and in its tables. */
export type RunStyle = Pick<PlotLine, 'colour' | 'dash' | 'style'>;

/** The colours of lines that are told apart on both grounds, the best run's apart. */
const COLOURS = [0, 2, 3, 4, 5, 6].map(colour);

/** The colour of the best run, wherever it is marked. */
const BEST = colour(1);

/** Dashes that are told apart where a colour comes again. */
const DASHES = [undefined, '7 3', '2 3', '11 3 2 3', '1 5'] as const;

/** Runs whose lines can be told apart; of more, the best have colours, and the others are grey. */
export const MOST_STYLES = COLOURS.length * DASHES.length;

/** The runs that have colours where the others are grey. */
export const LEADERS = COLOURS.length + 1;

/**
 * The looks of runs. Up to 30 have a colour and a dash each, in their order; of more, the best seven have colours and the others are thin and
 * grey. The best one is thick and orange.
 */
export function stylesOf(table: RunTable): RunStyle[] {
  const { rows, best } = table;
  const strong: RunStyle = { colour: BEST, style: 'strong' };
  if (rows.length <= MOST_STYLES) {
    return rows.map((_, i) => {
      if (i === best) return strong;
      const dash = DASHES[Math.floor(i / COLOURS.length)];
      const look = { colour: COLOURS[i % COLOURS.length], style: 'line' as const };
      return dash === undefined ? look : { ...look, dash };
    });
  }
  const leaders = ranked(table).slice(0, LEADERS);
  return rows.map((_, i) => {
    const rank = leaders.indexOf(i);
    if (rank === 0) return strong;
    if (rank < 0) return { colour: 'var(--muted)', style: 'muted' };
    return { colour: COLOURS[rank - 1], style: 'line' };
  });
}

/** The runs that have a value, the best first. */
export function ranked({ rows, objective: { direction } }: RunTable): number[] {
  const valued = rows.flatMap(({ value }, i) => (value === undefined ? [] : [{ i, value }]));
  return valued
    .sort(
      (a, b) =>
        Number(isBetter(b.value, a.value, direction)) -
        Number(isBetter(a.value, b.value, direction)),
    )
    .map(({ i }) => i);
}
