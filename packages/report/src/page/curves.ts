import type { Point, Series, ValueScale } from '../charts.js';
import type { MetricsRow, RunData, Statistics } from '../run-data.js';
import { figure, HALF, type Figure } from './figure.js';
import { colour } from '../pictures/picture.js';
import { html, type Html } from './html.js';

/** Values of one kind over the steps at which they were logged. */
function pointsOf(metrics: readonly MetricsRow[], key: keyof MetricsRow): Point[] {
  return metrics.flatMap(({ step, [key]: value }) =>
    value === undefined ? [] : [{ step, value }],
  );
}

/** The losses of one run: of a batch, their running mean, of the validation. */
export function lossesOfRun({ metrics }: RunData): Figure {
  const series: Series[] = [
    {
      name: 'one batch',
      colour: 'var(--c8)',
      points: pointsOf(metrics, 'batchLoss'),
      style: 'faint',
    },
    { name: 'training, mean so far', colour: colour(0), points: pointsOf(metrics, 'trainLoss') },
    {
      name: 'validation',
      colour: colour(1),
      points: pointsOf(metrics, 'valLoss'),
      style: 'dotted',
    },
  ];
  return {
    label: 'Loss',
    note: 'Nats a token, over steps. Lower is better.',
    series: series.filter(({ points }) => points.length > 0),
    scale: 'linear',
  };
}

/** The losses of several runs in one chart: validation if every run has it, otherwise training. */
export function lossesOfRuns(runs: readonly RunData[]): Figure {
  const isValidated = runs.every(({ metrics }) => pointsOf(metrics, 'valLoss').length > 0);
  return {
    label: isValidated ? 'Validation loss' : 'Training loss',
    note: isValidated
      ? 'Nats a token, over steps. Lower is better.'
      : 'Mean of all batches so far, in nats a token, over steps. Lower is better.',
    series: runs.map(({ name, metrics }, i) => ({
      name,
      colour: colour(i),
      points: pointsOf(metrics, isValidated ? 'valLoss' : 'trainLoss'),
    })),
    scale: 'linear',
  };
}

/** Parameters with a line of their own; more can't be distinguished. */
const MOST_PARAMETERS = 7;

/** Small charts besides the losses; charts without values are left out. */
export async function curves(runs: readonly RunData[]): Promise<Html> {
  const figures: Figure[] = [
    {
      label: 'Whole answers right',
      note: 'The share of those held out.',
      series: perRun(runs, ({ metrics }) => pointsOf(metrics, 'valAnswerAccuracy')),
      scale: 'fromZero',
    },
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

/** For several runs, the joint norm of each; for one run, also that of each parameter. */
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
