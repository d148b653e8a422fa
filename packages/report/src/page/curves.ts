import type { Series, ValueScale } from '../charts/line-chart.js';
import type { RunData, Statistics } from '../run-data.js';
import { colour } from './colours.js';
import { figure, HALF, type Figure } from './figure.js';
import { html, type Html } from './html.js';
import { pointsOf } from './losses.js';

/** Parameters that get a line of their own; more can't be told apart. */
const MOST_PARAMETERS = 7;

/** Small charts beside the losses; those without values are left out. */
export async function curves(runs: readonly RunData[]): Promise<Html> {
  const figures: Figure[] = [
    {
      label: 'Learning rate',
      series: perRun(runs, ({ metrics }) => pointsOf(metrics, 'learningRate')),
      scale: 'fromZero',
    },
    {
      label: 'Steps a second',
      series: perRun(runs, ({ metrics }) => pointsOf(metrics, 'stepsPerSecond')),
      scale: 'fromZero',
      format: '~s',
    },
    norms(runs, 'Norm of the gradient', 'log'),
    norms(runs, 'Norm of the parameters', 'fromZero'),
  ];
  const drawn = figures.filter(({ series }) => series.some(({ points }) => points.length > 0));
  return html`<div class="charts">
    ${await Promise.all(drawn.map((one) => figure(one, HALF)))}
  </div>`;
}

/** Of several runs each one's joint norm, of one run also that of each parameter. */
function norms(runs: readonly RunData[], label: string, scale: ValueScale): Figure {
  const isGradient = scale === 'log';
  const joint = (statistics: readonly Statistics[]): Series['points'] =>
    statistics.map(({ step, parameterNorm, gradientNorm }) => ({
      step,
      value: isGradient ? gradientNorm : parameterNorm,
    }));
  const series = perRun(runs, ({ statistics }) => joint(statistics));
  const note = isGradient ? 'Before the step, of one batch; a logarithmic scale.' : undefined;
  const [{ statistics }] = runs;
  const names = Object.keys(statistics.at(0)?.parameters ?? {});
  if (runs.length > 1 || names.length > MOST_PARAMETERS || names.length < 2) {
    return { label, series, scale, ...(note !== undefined && { note }) };
  }
  const each = names.map((name, i) => ({
    name,
    colour: colour(i),
    points: statistics.flatMap(({ step, parameters }) => {
      const value = parameters[name]?.[isGradient ? 'gradient' : 'values'];
      return value === undefined ? [] : [{ step, value }];
    }),
  }));
  const all: Series = { name: 'all', colour: 'var(--ink)', points: series[0].points };
  return { label, series: [all, ...each], scale, ...(note !== undefined && { note }) };
}

function perRun(runs: readonly RunData[], points: (run: RunData) => Series['points']): Series[] {
  return runs.map((run, i) => ({ name: run.name, colour: colour(i), points: points(run) }));
}
