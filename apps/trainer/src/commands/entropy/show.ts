import { plot } from 'simple-ascii-chart';
import { formatTable } from '../../terminal/output.js';
import { nameOfOrder } from '../../priors/priors.js';
import type { TextEntropies } from './measure.js';

/** How {@link describeEntropies} and {@link drawEntropies} label what they show. */
export interface ShowEntropiesOptions {
  readonly unit: string;
  /** A model's name and its cross-entropy. */
  readonly network?: readonly [name: string, crossEntropy: number];
}

/** The figures as a table, and below it those that belong to no order. */
export function describeEntropies(
  { orders, matchLengthRate, guessing }: TextEntropies,
  { unit, network }: ShowEntropiesOptions,
): string[] {
  const longest = nameOfOrder(orders.length - 1);
  return [
    ...formatTable([
      [`${unit} a character`, 'counted', 'corrected', 'Witten–Bell', 'Kneser–Ney'],
      ...orders.map(({ order, counted, corrected, wittenBell, kneserNey }) => [
        order === 0 ? 'all alike' : nameOfOrder(order),
        ...[counted, corrected, wittenBell, kneserNey].map(figure),
      ]),
    ]),
    'counted and corrected (Grassberger): the whole text; Witten–Bell and Kneser–Ney: on the lines held out',
    '',
    ...formatTable([
      ...(network === undefined
        ? []
        : [[`${network[0]}, on the lines held out`, figure(network[1])]]),
      [`by the guesses of ${longest}`, `${figure(guessing.lower)} to ${figure(guessing.upper)}`],
      ['by how far the text repeats itself', figure(matchLengthRate)],
    ]),
  ];
}

function figure(value: number | undefined): string {
  return value?.toFixed(3) ?? '';
}

/** A curve's name and points; without a point for each order it is a level, drawn across. */
interface Curve {
  readonly name: string;
  readonly points: readonly [order: number, value: number][];
}

const COLUMNS = 60;
const ROWS = 15;

/**
 * Entropies over the order of n-grams as lines of text. A legend lists the curves by where they end, so that no colours
 * are needed.
 */
export function drawEntropies(
  { orders }: TextEntropies,
  { unit, network }: ShowEntropiesOptions,
): string[] {
  const last = orders.length - 1;
  const curve = (name: string, key: 'counted' | 'corrected' | 'kneserNey'): Curve => ({
    name,
    points: orders.flatMap(({ order, [key]: value }) =>
      value === undefined || order === 0
        ? []
        : [[order, value] as const satisfies [number, number]],
    ),
  });
  const level = (name: string, value: number): Curve => ({
    name,
    points: [
      [1, value],
      [last, value],
    ],
  });
  const curves = [
    curve('counted', 'counted'),
    curve('corrected', 'corrected'),
    curve('Kneser–Ney, held out', 'kneserNey'),
    ...(network === undefined ? [] : [level(`${network[0]}, held out`, network[1])]),
  ];
  const ends = curves
    .map(({ name, points }) => ({ name, end: points[points.length - 1][1] }))
    .sort((a, b) => b.end - a.end);
  const drawn = plot(
    curves.map(({ points }) => points.map(([x, y]): [number, number] => [x, y])),
    {
      width: COLUMNS,
      height: ROWS,
      customXAxisTicks: orders.slice(1).map(({ order }) => order),
      formatter: (value, { axis }) => (axis === 'x' ? value : value.toFixed(2)),
    },
  );
  return [
    `  ${unit} a character over the characters of an n-gram; at the right, from above:`,
    `  ${ends.map(({ name, end }) => `${name} ${end.toFixed(2)}`).join(', ')}`,
    ...drawn.split('\n').filter((line) => line.trim() !== ''),
  ];
}
