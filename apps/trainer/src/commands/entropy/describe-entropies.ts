import { formatTable } from '../../terminal/format-table.js';
import type { TextEntropies } from './measure-entropies.js';
import { nameOfOrder } from '../../run/ngrams-of.js';

/** How {@link describeEntropies} puts it. */
export interface DescribeEntropiesOptions {
  readonly unit: string;
  /** A model's name and its cross-entropy. */
  readonly network?: readonly [name: string, crossEntropy: number];
}

/** The figures as a table, and those that belong to no order below it. */
export function describeEntropies(
  { orders, matchLengthRate, guessing }: TextEntropies,
  { unit, network }: DescribeEntropiesOptions,
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
