import type { Figures, ScalingReport } from '@llm101/report';
import { exponentOfN, type Interval, type ScalingLawFit, type ScalingLawKey } from '@llm101/sweeps';
import { formatTable } from '../../terminal/output.js';
import type { Laws, LossLine } from './fit-laws.js';
import type { RunPoint } from './run-point.js';

/** What the command answers. */
export interface Answer {
  readonly points: readonly RunPoint[];
  readonly source: string;
  readonly isCounted: boolean;
  /** Runs of the highest losses that were left out. */
  readonly leftOut: number;
  readonly laws: Laws;
}

/** The numbers of a law, and what they are called. */
const NUMBERS: readonly (readonly [ScalingLawKey, string])[] = [
  ['E', 'E'],
  ['A', 'A'],
  ['alpha', 'α'],
  ['B', 'B'],
  ['beta', 'β'],
  ['exponentOfN', 'N* ~ C^a: a = β / (α + β)'],
];

const LETTERS = { parameters: 'N', tokens: 'D', flop: 'C' } as const;
const SIZES = { parameters: 'parameters N', tokens: 'tokens D', flop: 'FLOP C' } as const;

/** The answer in the terminal. */
export function linesOf(answer: Answer): string[] {
  const { fit, best, doubts } = answer.laws;
  const law =
    fit === undefined
      ? []
      : [
          '',
          'L = E + A / N^α + B / D^β',
          ...rows(numbersOf(fit)),
          `  sum of Huber losses ${fit.sum.toPrecision(6)}`,
        ];
  const lines =
    answer.laws.lines.length === 0
      ? []
      : ['', 'power laws of loss', ...rows(slopesOf(answer.laws))];
  const sizes =
    best.length === 0
      ? []
      : [
          '',
          'the best sizes for a budget',
          ...formatTable([
            ['  FLOP', 'parameters', 'tokens', 'tokens a parameter', 'loss'],
            ...best.map(({ flop, parameters, tokens, loss }) => [
              `  ${short(flop)}`,
              short(parameters),
              short(tokens),
              short(tokens / parameters),
              loss.toFixed(4),
            ]),
          ]),
        ];
  const open = doubts.length === 0 ? [] : ['', ...doubts.map((doubt) => `note: ${doubt}`)];
  return [titleOf(answer), ...law, ...lines, ...sizes, ...open];
}

const rows = (figures: readonly Figures[]): string[] =>
  formatTable(
    figures.map(({ name, value, interval = '', fit = '' }) => [`  ${name}`, value, interval, fit]),
    'left',
  );

function titleOf({ points, source, leftOut }: Answer): string {
  const out = leftOut === 0 ? '' : ` without the ${leftOut} of the highest losses`;
  return `${points.length} ${points.length === 1 ? 'run' : 'runs'} of ${source}${out}`;
}

/** The answer as a page. */
export function reportOf(answer: Answer): ScalingReport {
  const { points, source, laws } = answer;
  const { fit, lines, best, flopPerToken } = laws;
  return {
    title: `Scaling laws: ${source}`,
    notes: [
      `${titleOf(answer)}. Intervals are of 95 %${fit?.intervals === undefined ? '' : `, of the law by ${fit.resamples.length.toLocaleString('en-US')} resamples`}.`,
      costNote(answer),
      ...laws.doubts.map((doubt) => `Note: ${doubt}.`),
    ],
    runs: points,
    law: fit?.law,
    numbers: fit === undefined ? [] : numbersOf(fit),
    lines: lines.map(({ x, fit: { law } }) => ({ x, a: law.a, b: law.b })),
    slopes: slopesOf(laws),
    best,
    frontier: laws.frontier,
    flopPerToken,
  };
}

function costNote({ isCounted, laws: { flopPerToken } }: Answer): string {
  if (!isCounted) return 'FLOP are 6 N D.';
  const { a, b } = flopPerToken;
  return `FLOP were counted; a token of training costs about ${short(a)} N^${b.toFixed(3)}.`;
}

/** The answer as a document. */
export function documentOf(answer: Answer): object {
  const { points, source, leftOut, isCounted, laws } = answer;
  const { fit, doubts, lines, flopPerToken, best } = laws;
  return {
    source,
    runs: points.length,
    leftOut,
    ...(fit && {
      law: fit.law,
      sum: fit.sum,
      exponentOfN: exponentOfN(fit.law),
      ...(fit.intervals && { intervals: fit.intervals, resamples: fit.resamples.length }),
    }),
    powerLaws: lines.map(({ x, fit: own }) => ({
      x,
      a: own.law.a,
      b: own.law.b,
      r2: own.r2,
      intervals: own.intervals,
    })),
    isFlopCounted: isCounted,
    flopPerToken,
    best: best.map(({ flop, parameters, tokens, loss }) => ({ flop, parameters, tokens, loss })),
    doubts,
    points: points.map(pointDocument),
  };
}

function pointDocument({ name, parameters, tokens, flop, loss }: RunPoint): object {
  const point = { parameters, tokens, flop, loss };
  return name === undefined ? point : { name, ...point };
}

function numbersOf({ law, intervals }: ScalingLawFit): Figures[] {
  const all = { ...law, exponentOfN: exponentOfN(law) };
  return NUMBERS.map(([key, name]) => ({
    name,
    value: five(all[key]),
    interval: intervals && spanOf(intervals[key]),
  }));
}

const slopesOf = ({ lines }: Laws): Figures[] =>
  lines.map(({ x, fit: { law, intervals, r2 } }: LossLine) => ({
    name: SIZES[x],
    value: `${short(law.a)} ${LETTERS[x]}^${law.b.toFixed(4)}`,
    interval: `${intervals.b.low.toFixed(4)} … ${intervals.b.high.toFixed(4)}`,
    fit: Number.isFinite(r2) ? `R² ${r2.toFixed(3)}` : 'all losses are equal',
  }));

const spanOf = ({ low, high }: Interval): string => `${four(low)} … ${four(high)}`;

const four = (value: number): string => plain(value, 4);
const five = (value: number): string => plain(value, 5);
const short = (value: number): string => plain(value, 3);

/** A number in so many digits, without needless zeros or signs. */
function plain(value: number, digits: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4))
    return value.toExponential(digits - 1).replace('e+', 'e');
  return String(Number(value.toPrecision(digits)));
}
