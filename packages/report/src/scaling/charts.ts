import type { LogLogChart, LogLogSeries } from '../pictures/log-log-chart.js';
import { groupBySize, short } from './groups.js';
import type { LawNumbers, LineNumbers, ScalingReport, ScalingRun } from './scaling-report.js';

/** A chart with a sentence below its heading. */
export interface NotedChart extends LogLogChart {
  readonly note: string;
}

/** Points of a curve, and budgets of which each has one. */
const [POINTS, BUDGETS] = [80, 6];

const LOSS = 'loss, nats a token';

/** Loss against compute, parameters and tokens, and what a law says of them. */
export function scalingCharts(report: ScalingReport): NotedChart[] {
  const { law } = report;
  const charts = [ofCompute(report), ofSizes(report, 'parameters'), ofSizes(report, 'tokens')];
  return law === undefined || report.frontier.length === 0
    ? charts
    : [...charts, ofBudgets(report, law), ofBest(report)];
}

function ofCompute({ runs, lines, frontier, law }: ScalingReport): NotedChart {
  const dots = groupBySize(runs, 'parameters').map(({ size, runs: group }, i): LogLogSeries => ({
    name: `${short(size)} parameters`,
    points: group.map(({ flop, loss }) => ({ x: flop, y: loss })),
    colour: i,
  }));
  const best = within(
    frontier.map(({ flop, loss }) => ({ x: flop, y: loss })),
    spanOf(runs, 'flop'),
  );
  return {
    label: 'Loss and compute',
    note:
      law === undefined
        ? 'Each dot is a run; the line is a power law.'
        : 'Each dot is a run; the line is what the law gives the best size for each budget.',
    series: [
      ...dots,
      law === undefined ? lineOf(lines, 'flop', runs) : { points: best, style: 'line', colour: 7 },
    ],
    titles: { x: 'training FLOP', y: LOSS },
  };
}

/** Loss against one size, each colour another size of the other kind. */
function ofSizes({ runs, law, lines }: ScalingReport, key: 'parameters' | 'tokens'): NotedChart {
  const other = key === 'parameters' ? 'tokens' : 'parameters';
  const span = spanOf(runs, key);
  const groups = groupBySize(runs, other);
  const dots = groups.map(({ size, runs: group }, i): LogLogSeries => ({
    name: `${short(size)} ${other}`,
    points: group.map((run) => ({ x: run[key], y: run.loss })),
    colour: i,
  }));
  const curves =
    law === undefined
      ? [lineOf(lines, key, runs)]
      : groups.map(({ size }, i): LogLogSeries => ({
          points: steps(span, POINTS).map((x) => ({
            x,
            y: key === 'parameters' ? lossOf(law, x, size) : lossOf(law, size, x),
          })),
          style: 'line',
          colour: i,
        }));
  return {
    label: `Loss and ${key}`,
    note: law === undefined ? 'The line is a power law.' : 'The lines are the fitted law.',
    series: [...dots, ...curves],
    titles: { x: key === 'parameters' ? 'parameters N' : 'training tokens D', y: LOSS },
  };
}

/** What the law says of models of different sizes that cost the same. */
function ofBudgets({ runs, best, flopPerToken }: ScalingReport, law: LawNumbers): NotedChart {
  const budgets = best.slice(0, BUDGETS);
  const all = budgets.map(({ parameters }) => parameters);
  const [low, high] = [Math.min(...all), Math.max(...all)]; // bounded: 6 budgets
  const [least, most] = spanOf(runs, 'parameters');
  const sizes = steps([Math.min(least, low / 5), Math.max(most, high * 5)], POINTS);
  const curves = budgets.map(({ flop, loss }, i): LogLogSeries => {
    const points = sizes.map((n) => ({
      x: n,
      y: lossOf(law, n, flop / (flopPerToken.a * n ** flopPerToken.b)),
    }));
    return {
      name: `${flop.toExponential(0).replace('e+', 'e')} FLOP`,
      points: points.filter(({ y }) => y < loss * 1.25),
      style: 'line',
      colour: i,
    };
  });
  const minima = { points: budgets.map(({ parameters, loss }) => ({ x: parameters, y: loss })) };
  return {
    label: 'Loss at the same compute',
    note: 'By the law: a small model gains no more from its tokens, a large one sees too few. The dots are the best.',
    series: [...curves, { ...minima, colour: 7 }],
    titles: { x: 'parameters N', y: LOSS },
  };
}

function ofBest({ frontier }: ScalingReport): NotedChart {
  const against = (key: 'parameters' | 'tokens', colour: number): LogLogSeries => ({
    name: `best ${key}`,
    points: frontier.map((one) => ({ x: one.flop, y: one[key] })),
    style: 'line',
    colour,
  });
  return {
    label: 'The best sizes',
    note: 'By the law: how parameters and tokens should rise with compute.',
    series: [against('parameters', 0), against('tokens', 1)],
    titles: { x: 'training FLOP', y: 'count' },
  };
}

/** A power law over the runs. */
function lineOf(
  lines: readonly LineNumbers[],
  x: LineNumbers['x'],
  runs: readonly ScalingRun[],
): LogLogSeries {
  const line = lines.find((one) => one.x === x);
  const points =
    line === undefined ? [] : spanOf(runs, x).map((at) => ({ x: at, y: line.a * at ** line.b }));
  return { points, style: 'dashed', colour: 7 };
}

const lossOf = ({ E, A, B, alpha, beta }: LawNumbers, n: number, d: number): number =>
  E + A / n ** alpha + B / d ** beta;

type Span = readonly [number, number];

function spanOf(runs: readonly ScalingRun[], key: 'parameters' | 'tokens' | 'flop'): Span {
  let [low, high] = [Infinity, 0];
  for (const run of runs) [low, high] = [Math.min(low, run[key]), Math.max(high, run[key])];
  return [low, high];
}

const within = (points: LogLogSeries['points'], [low, high]: Span): LogLogSeries['points'] =>
  points.filter(({ x }) => x >= low * 0.999 && x <= high * 1.001);

/** Numbers that are spread evenly in their logarithm. */
const steps = ([low, high]: Span, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));
