import { bestOf, recentMeans, VALIDATION_LOSS, valueOf } from '../compare/measure.js';
import type { RunTable } from '../compare/run-table.js';
import { colour } from '../pictures/picture.js';
import type { PlotLine } from '../plot/lines.js';
import type { RunData, Statistics } from '../run-data.js';
import { type Figure, figure } from './figure.js';
import { html, loss, whole, type Html } from './html.js';
import { nameOfObjective } from './runs-table.js';
import { LEADERS, MOST_STYLES, ranked, type RunStyle } from './run-lines.js';

/** Values over steps. */
type Points = Pick<PlotLine, 'xs' | 'ys'>;

/** Values of one kind over the steps at which they were logged. */
function pointsOf({ metrics }: Pick<RunData, 'metrics'>, key: string): Points {
  const rows = metrics.flatMap((row) => {
    const value = valueOf(row, key);
    return value === undefined ? [] : [{ step: row.step, value }];
  });
  return { xs: rows.map(({ step }) => step), ys: rows.map(({ value }) => value) };
}

/** The losses of one run: of a batch, their recent mean and that since step 1, of the validation. */
export function lossesOfRun(run: RunData): Figure {
  const recent = recentMeans(run.metrics);
  const best = bestOf(run.metrics, VALIDATION_LOSS);
  const lines: PlotLine[] = [
    { name: 'one batch', colour: 'var(--c8)', style: 'faint', ...pointsOf(run, 'batchLoss') },
    {
      name: 'training, mean of the last 100 steps',
      colour: colour(0),
      xs: recent.map(({ step }) => step),
      ys: recent.map(({ value }) => value),
    },
    { name: 'validation', colour: colour(1), ...pointsOf(run, 'valLoss') },
    {
      name: 'training, mean since step 1',
      colour: colour(2),
      dash: '2 3',
      isOff: true,
      ...pointsOf(run, 'trainLoss'),
    },
  ];
  return {
    label: 'Loss',
    note: 'Nats a token, over steps. Lower is better.',
    lines: lines.filter(({ ys }) => ys.length > 0),
    scale: 'linear',
    ...(best && { mark: { x: best.step, y: best.value, text: `best ${loss(best.value)}` } }),
  };
}

/** What several runs are compared by, in one plot. */
export function lossesOfRuns(
  runs: readonly RunData[],
  table: RunTable,
  styles: readonly RunStyle[],
): Figure {
  const { metric } = table.objective;
  const isLoss = metric === 'valLoss' || metric === 'trainLoss';
  const best = table.best === undefined ? undefined : table.rows[table.best];
  const names = ranked(table);
  const isMany = runs.length > MOST_STYLES;
  const text = best && `${best.name}: ${loss(best.value)}`;
  return {
    label: nameOfObjective(table.objective),
    note: isLoss
      ? `${metric === 'valLoss' ? 'Nats a token' : 'Mean of all batches so far, in nats a token'}, over steps. Lower is better.`
      : 'Over steps.',
    lines: runs.map((run, i) => ({
      ...styles[i],
      name: i === table.best ? `★ ${run.name}` : run.name,
      ...pointsOf(run, metric),
    })),
    scale: 'linear',
    isOfRuns: true,
    ...(isMany && {
      named: names.slice(0, LEADERS),
      rest: `the best seven; ${whole(runs.length - LEADERS)} others in grey`,
    }),
    ...(best?.value !== undefined &&
      best.bestStep !== undefined &&
      text !== undefined && { mark: { x: best.bestStep, y: best.value, text } }),
  };
}

/** Parameters with a line of their own; more can't be distinguished. */
const MOST_PARAMETERS = 7;

/** Runs whose names stand above each small plot; those of more stand above the first plot alone. */
const MOST_NAMED = 6;

/** Small plots besides the losses; those without values are left out. */
export function curves(runs: readonly RunData[], styles: readonly RunStyle[]): Html {
  const perRun = (points: (run: RunData) => Points): PlotLine[] =>
    runs.map((run, i) => ({ ...styles[i], name: run.name, ...points(run) }));
  const figures: Figure[] = [
    {
      label: 'Training loss',
      note: 'Mean of the last 100 steps, in nats a token.',
      lines: runs.length < 2 ? [] : perRun(recentPoints),
      scale: 'linear',
    },
    {
      label: 'Whole answers right',
      note: 'The share of those held out.',
      lines: perRun((run) => pointsOf(run, 'valAnswerAccuracy')),
      scale: 'fromZero',
    },
    {
      label: 'Learning rate',
      lines: perRun((run) => pointsOf(run, 'learningRate')),
      scale: 'fromZero',
    },
    {
      label: 'Steps a second',
      lines: perRun((run) => pointsOf(run, 'stepsPerSecond')),
      scale: 'fromZero',
    },
    norms(runs, perRun, 'gradient'),
    norms(runs, perRun, 'values'),
  ];
  const drawn = figures.filter(({ lines }) => lines.some(({ ys }) => ys.length > 0));
  const isOfRuns = runs.length > 1;
  return html`<div class="charts">
    ${drawn.map((one) =>
      figure({ ...one, isOfRuns, ...(runs.length > MOST_NAMED && { named: [] }) }, 'half'),
    )}
  </div>`;
}

function recentPoints({ metrics }: RunData): Points {
  const points = recentMeans(metrics);
  return { xs: points.map(({ step }) => step), ys: points.map(({ value }) => value) };
}

/** For several runs, the joint norm of each; for one run, also that of each parameter. */
function norms(
  runs: readonly RunData[],
  perRun: (points: (run: RunData) => Points) => PlotLine[],
  kind: 'gradient' | 'values',
): Figure {
  const isGradient = kind === 'gradient';
  const joint = (one: Statistics): number => (isGradient ? one.gradientNorm : one.parameterNorm);
  const lines = perRun(({ statistics }) => over(statistics, joint));
  const [{ statistics }] = runs;
  const names = Object.keys(statistics.at(0)?.parameters ?? {});
  const isSplit = runs.length === 1 && names.length <= MOST_PARAMETERS && names.length > 1;
  const each = names.map((name, i) =>
    Object.assign(
      over(statistics, ({ parameters }) => parameters[name]?.[kind] ?? NaN),
      {
        name,
        colour: colour(i),
      },
    ),
  );
  return {
    label: isGradient ? 'Norm of the gradient' : 'Norm of the parameters',
    ...(isGradient && { note: 'Before the step, of one batch; a logarithmic scale.' }),
    lines: isSplit ? [{ ...lines[0], name: 'all', colour: 'var(--ink)' }, ...each] : lines,
    scale: isGradient ? 'log' : 'fromZero',
  };
}

const over = (statistics: readonly Statistics[], value: (one: Statistics) => number): Points => ({
  xs: statistics.map(({ step }) => step),
  ys: statistics.map(value),
});
