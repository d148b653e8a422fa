import type { RunData } from '../run-data.js';
import { bestOf, isBetter, recentMeans, TRAINING_LOSS, VALIDATION_LOSS } from './measure.js';
import type { Objective } from './measure.js';
import { differing, flatten } from './settings.js';

/** Runs beside each other. */
export interface RunTable {
  readonly objective: Objective;
  /** The names of the settings in which they differ. */
  readonly settings: readonly string[];
  /** In the order in which the runs were given. */
  readonly rows: readonly RunRow[];
  /** Which row is the best; undefined where none has a value. */
  readonly best: number | undefined;
}

/** What of a run stands in a table. */
export interface RunRow {
  readonly name: string;
  /** The settings in which the runs differ, those that it has. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it came to, else the best value of the objective that was logged; undefined where there is none. */
  readonly value: number | undefined;
  /** Steps done when it was reached. */
  readonly bestStep: number | undefined;
  /** Mean loss of the last mini-batches, in nats. */
  readonly trainLoss: number | undefined;
  /** Steps done. */
  readonly steps: number;
  /** Median of the rates that were logged. */
  readonly stepsPerSecond: number | undefined;
  readonly parameters: number | undefined;
  /** When it was started, ISO 8601. */
  readonly startedAt: string | undefined;
  /** All its sessions together, in milliseconds. */
  readonly durationMs: number | undefined;
  /** How it ended: `finished`, `no better`, `stopped`, `failed`. */
  readonly ended: string | undefined;
}

/** What {@link tableOfRuns} compares by. */
export interface RunTableOptions {
  /** Default, and where no run has logged it: the validation loss; the training's, where no run has one. */
  readonly objective?: Objective | undefined;
}

/** What a table needs of a run. */
export type ComparedRun = Pick<RunData, 'name' | 'config' | 'metrics' | 'origin' | 'result'> & {
  readonly model?: Pick<NonNullable<RunData['model']>, 'parameterCount'> | undefined;
};

/** Puts runs beside each other: what they reached, and the settings in which they differ. */
export function tableOfRuns(
  runs: readonly ComparedRun[],
  { objective: given }: RunTableOptions = {},
): RunTable {
  const isLogged = given && runs.some(({ metrics }) => bestOf(metrics, given) !== undefined);
  const objective = isLogged ? given : objectiveOf(runs);
  const all = runs.map(({ config }) => flatten(config));
  const settings = differing(all);
  const rows = runs.map((run, i): RunRow => {
    const own = settings.filter((name) => all[i].has(name));
    const { result } = run;
    const best = result?.metric === objective.metric ? result : bestOf(run.metrics, objective);
    const { sessions = [] } = run.origin ?? {};
    const durations = sessions.flatMap(({ durationMs }) => durationMs ?? []);
    return {
      name: run.name,
      settings: Object.fromEntries(own.map((name) => [name, all[i].get(name)])),
      value: best?.value,
      bestStep: best?.step,
      trainLoss: recentMeans(run.metrics).at(-1)?.value,
      steps: run.metrics.at(-1)?.step ?? 0,
      stepsPerSecond: medianRate(run.metrics),
      parameters: run.model?.parameterCount,
      startedAt: sessions.at(0)?.startedAt,
      durationMs: durations.length > 0 ? durations.reduce((sum, ms) => sum + ms, 0) : undefined,
      ended: sessions.at(-1)?.reason,
    };
  });
  return { objective, settings, rows, best: bestRow(rows, objective) };
}

function objectiveOf(runs: readonly ComparedRun[]): Objective {
  const isValidated = runs.some(({ metrics }) => bestOf(metrics, VALIDATION_LOSS) !== undefined);
  return isValidated ? VALIDATION_LOSS : TRAINING_LOSS;
}

function bestRow(rows: readonly RunRow[], { direction }: Objective): number | undefined {
  let best: number | undefined;
  for (const [i, { value }] of rows.entries()) {
    if (value === undefined) continue;
    const leader = best === undefined ? undefined : rows[best].value;
    if (leader === undefined || isBetter(value, leader, direction)) best = i;
  }
  return best;
}

/** The median of the rates that were logged. */
export function medianRate(metrics: RunData['metrics']): number | undefined {
  const rates = metrics.flatMap(({ stepsPerSecond }) => stepsPerSecond ?? []).sort((a, b) => a - b);
  return rates.at(Math.floor(rates.length / 2));
}
