import type { MetricsRow } from '../run-data.js';

/** What runs are compared by. */
export interface Objective {
  /** A figure of metrics.jsonl: `valLoss`. */
  readonly metric: string;
  readonly direction: 'minimize' | 'maximize';
}

/** The validation loss, the lower the better. */
export const VALIDATION_LOSS: Objective = { metric: 'valLoss', direction: 'minimize' };

/** The same of the training, where no run has a validation. */
export const TRAINING_LOSS: Objective = { metric: 'trainLoss', direction: 'minimize' };

/** The best value of a run, and after how many steps. */
export interface Reached {
  readonly value: number;
  readonly step: number;
}

/** The best finite value that was logged, the earliest of equal ones; nothing where there is none. */
export function bestOf(
  metrics: readonly MetricsRow[],
  { metric, direction }: Objective,
): Reached | undefined {
  let best: Reached | undefined;
  for (const row of metrics) {
    const value = valueOf(row, metric);
    if (value === undefined) continue;
    if (best === undefined || isBetter(value, best.value, direction))
      best = { value, step: row.step };
  }
  return best;
}

/** Whether one value is better than another. */
export function isBetter(a: number, b: number, direction: Objective['direction']): boolean {
  return direction === 'minimize' ? a < b : a > b;
}

/** A figure of a row by its name, where it is finite. */
export function valueOf(row: MetricsRow, metric: string): number | undefined {
  const value: unknown = Object.hasOwn(row, metric) ? row[metric as keyof MetricsRow] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Steps whose mini-batches make a recent mean. */
const RECENT_STEPS = 100;

/**
 * The mean loss of the mini-batches of the last steps before each row: of 100 steps, or of those since the row before, if these are more.
 * It comes of `trainLoss`, the mean since step 1, by differences: `(step · mean - step' · mean') / (step - step')`.
 *
 * @returns a point for each row from which it can be told
 */
export function recentMeans(metrics: readonly MetricsRow[]): { step: number; value: number }[] {
  const rows = metrics.filter(({ trainLoss }) => Number.isFinite(trainLoss));
  const points: { step: number; value: number }[] = [];
  let first = -1; // the row at which the window begins; before the first row it is step 0
  for (const [i, { step, trainLoss }] of rows.entries()) {
    while (first + 1 < i && step - rows[first + 1].step >= RECENT_STEPS) first++;
    const from = first < 0 ? { step: 0, trainLoss: 0 } : rows[first];
    const steps = step - from.step;
    const value = (step * trainLoss - from.step * from.trainLoss) / steps;
    if (steps > 0 && Number.isFinite(value)) points.push({ step, value });
  }
  return points;
}
