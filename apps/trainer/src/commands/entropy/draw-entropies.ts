import { plot } from 'simple-ascii-chart';
import type { TextEntropies } from './measure-entropies.js';

/** A curve's name and points; without a point for each order it is a level, drawn across. */
interface Curve {
  readonly name: string;
  readonly points: readonly [order: number, value: number][];
}

const COLUMNS = 60;
const ROWS = 15;

/**
 * Entropies over the order of n-grams as lines of text. Curves that run side by side are told apart by where they end, so
 * that no colours are needed.
 *
 * @param network - a model's cross-entropy and name, drawn as a level
 */
export function drawEntropies(
  { orders }: TextEntropies,
  { unit, network }: { readonly unit: string; readonly network?: readonly [string, number] },
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
