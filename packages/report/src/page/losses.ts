import type { Point, Series } from '../charts/line-chart.js';
import type { MetricsRow, RunData } from '../run-data.js';
import { colour } from './colours.js';
import type { Figure } from './figure.js';

/** Values of one kind over the steps at which they were logged. */
export function pointsOf(metrics: readonly MetricsRow[], key: keyof MetricsRow): Point[] {
  return metrics.flatMap(({ step, [key]: value }) =>
    value === undefined ? [] : [{ step, value }],
  );
}

/** The losses of one run: a batch's, their running mean, the validation's. */
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
    note: 'Nats a character, over steps. Lower is better.',
    series: series.filter(({ points }) => points.length > 0),
    scale: 'linear',
  };
}

/** The losses of several runs in one chart: of the validation where there was one, else of the training. */
export function lossesOfRuns(runs: readonly RunData[]): Figure {
  const isValidated = runs.every(({ metrics }) => pointsOf(metrics, 'valLoss').length > 0);
  return {
    label: isValidated ? 'Validation loss' : 'Training loss',
    note: isValidated
      ? 'Nats a character, over steps. Lower is better.'
      : 'Mean of all batches so far, in nats a character, over steps. Lower is better.',
    series: runs.map(({ name, metrics }, i) => ({
      name,
      colour: colour(i),
      points: pointsOf(metrics, isValidated ? 'valLoss' : 'trainLoss'),
    })),
    scale: 'linear',
  };
}
