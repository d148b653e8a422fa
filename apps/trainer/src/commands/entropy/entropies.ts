import { tokenLinesOf } from '@llm101/data';
import { nameOfOrder, ngramsOf, sequencesOf } from '@llm101/inference';
import {
  grassbergerEntropy,
  guessingBounds,
  guessRanks,
  matchLengthRate,
  ngramEntropies,
  sequenceCrossEntropy,
} from '@llm101/info-theory';
import type { EntropyBounds, UnitOptions } from '@llm101/info-theory';
import type { PreparedData } from '@llm101/runs';
import { plot } from 'simple-ascii-chart';
import { formatTable } from '../../terminal/output.js';
import { plotColumns } from '../../terminal/streams.js';

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
  data: PreparedData,
  { order, onProgress = () => {}, ...unit }: EntropyOptions,
): TextEntropies {
  const size = data.tokenizer.vocabSize;
  const [learned, held] = [data.train, data.val].map(sequencesOf);
  const text = linesInOrder(data) ?? [[...learned, ...held].flat()];
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

/** The lines of a text in their order; nothing of one that is a stream. */
function linesInOrder(data: PreparedData): number[][] | undefined {
  if (data.examples === 'blocks') return undefined;
  return sequencesOf({ tokens: tokenLinesOf(data.tokens, data.tokenizer) });
}

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
    'counted and corrected (Grassberger): the whole text; Witten–Bell and Kneser–Ney: on what is held out',
    '',
    ...formatTable([
      ...(network === undefined
        ? []
        : [[`${network[0]}, on what is held out`, figure(network[1])]]),
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
      width: plotColumns(),
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
