import { UsageError, UserError } from '@llm101/runs';
import { formatDuration } from '@llm101/training/node';
import { type ComparedRun, naturalOrder, type RunRow } from '@llm101/report';
import { type RunTable, tableOfRuns } from '@llm101/report';
import { readObjective } from '@llm101/report/node';
import { documentOfTable } from '../../run-folder/compared.js';
import { readShownRuns, runsIn } from '../../run-folder/read-runs.js';
import { count, formatTable, type Output } from '../../terminal/output.js';
import { type Condition, holds, keyOf } from './conditions.js';

/** What {@link runsCommand} lists. */
export interface RunsCommandOptions {
  readonly folders: readonly string[];
  /** A column. Default: the figure that runs are compared by, the best first. */
  readonly sort?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly filter?: readonly Condition[] | undefined;
  readonly csv?: boolean | undefined;
  readonly output: Output;
}

/** `llm101 runs`: runs beside each other. */
export function runsCommand({ folders, filter = [], csv = false, ...options }: RunsCommandOptions) {
  const { output } = options;
  const found = runsIn(folders);
  const objective = readObjective(found);
  const all = readShownRuns(found, { isBrief: true, output });
  const values = all.map((run) => valuesOf(tableOfRuns([run], { objective }), run));
  for (const { key } of filter) checkKey('--filter', key, values);
  const kept = [...all.keys()].filter((i) =>
    filter.every((condition) => holds(condition, values[i].get(condition.key))),
  );
  if (kept.length === 0) {
    throw new UserError(`none of the ${count(all.length)} runs is as --filter says`);
  }
  const runs = kept.map((i) => all[i]);
  const table = tableOfRuns(runs, { objective });
  const order = sorted(table, runs, options);
  const ordered: RunTable = {
    ...table,
    rows: order.map((i) => table.rows[i]),
    best: table.best === undefined ? undefined : order.indexOf(table.best),
  };
  const columns = columnsOf(ordered);
  if (csv) {
    output.answer(csvLines(ordered, columns), {});
    return;
  }
  output.answer(
    tableLines(ordered, columns),
    documentOfTable(
      ordered,
      order.map((i) => found[kept[i]]),
    ),
  );
}

/** Figures of a run by the names that flags have for them, and its settings. */
function valuesOf(
  { rows: [row], objective }: RunTable,
  { config }: ComparedRun,
): Map<string, unknown> {
  return new Map([...Object.entries(config), ...figuresOf(row, objective.metric)]);
}

function figuresOf(row: RunRow, metric: string): [string, unknown][] {
  const { settings: _, value, ...figures } = row;
  return [...Object.entries(figures), [metric, value]];
}

/** @throws UsageError naming what there is, where no run has a key */
function checkKey(flag: string, key: string, runs: readonly ReadonlyMap<string, unknown>[]): void {
  if (runs.some((values) => values.has(key))) return;
  const known = [...new Set(runs.flatMap((values) => [...values.keys()]))];
  throw new UsageError(`${flag}: no run has ${key}; there are ${known.join(', ')}`);
}

/** The numbers of the rows in the order in which they are shown. */
function sorted(
  table: RunTable,
  runs: readonly ComparedRun[],
  { sort, descending }: Pick<RunsCommandOptions, 'sort' | 'descending'>,
): number[] {
  const { metric, direction } = table.objective;
  const key = keyOf(sort ?? metric);
  const isDescending = descending ?? (sort === undefined && direction === 'maximize');
  const all = table.rows.map(
    (row, i) => new Map([...Object.entries(runs[i].config), ...figuresOf(row, metric)]),
  );
  checkKey('--sort', key, all);
  return [...all.keys()].sort((a, b) => {
    const [x, y] = [all[a].get(key), all[b].get(key)];
    const order = compare(x, y, isDescending);
    return order !== 0 ? order : naturalOrder(runs[a].name, runs[b].name);
  });
}

/** Numbers come before texts, and what is missing last. */
function compare(a: unknown, b: unknown, isDescending: boolean): number {
  if (rank(a) !== rank(b) || a === undefined) return rank(a) - rank(b);
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : naturalOrder(shown(a), shown(b));
  return isDescending ? -order : order;
}

function rank(value: unknown): number {
  if (value === undefined) return 2;
  return typeof value === 'number' ? 0 : 1;
}

interface Column {
  readonly name: string;
  readonly of: (row: RunRow) => unknown;
  /** How it is shown in the terminal. */
  readonly show?: (value: number) => string;
}

/** Figures that some run has, and the settings in which they differ. */
function columnsOf({ rows, settings, objective: { metric } }: RunTable): Column[] {
  const figures: Column[] = [
    { name: metric, of: ({ value }) => value, show: loss },
    { name: 'bestStep', of: ({ bestStep }) => bestStep },
    { name: 'trainLoss', of: ({ trainLoss }) => trainLoss, show: loss },
    { name: 'steps', of: ({ steps }) => steps },
    { name: 'parameters', of: ({ parameters }) => parameters },
    { name: 'durationMs', of: ({ durationMs }) => durationMs, show: formatDuration },
    { name: 'ended', of: ({ ended }) => ended },
  ];
  const isUsed = ({ name, of }: Column, i: number): boolean =>
    figures.findIndex((one) => one.name === name) === i &&
    rows.some((row) => of(row) !== undefined);
  return [
    ...figures.filter(isUsed),
    ...settings.map((name) => ({ name, of: (row: RunRow) => row.settings[name] })),
  ];
}

/** Characters of a cell in the terminal. */
const MOST_CHARACTERS = 40;

function tableLines({ rows, best }: RunTable, columns: readonly Column[]): string[] {
  const head = ['  name', ...columns.map(({ name }) => (name === 'durationMs' ? 'time' : name))];
  const body = rows.map((row, i) => [
    `${i === best ? '*' : ' '} ${row.name}`,
    ...columns.map(({ of, show }) => {
      const value = of(row);
      const text = show && typeof value === 'number' ? show(value) : shown(value);
      return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
    }),
  ]);
  return formatTable([head, ...body]);
}

/** Four decimals, as in the progress bar; a loss that ran away has but its size. */
const loss = (value: number): string =>
  Math.abs(value) < 1e4 ? value.toFixed(4) : value.toPrecision(3);

function shown(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function csvLines({ rows, best }: RunTable, columns: readonly Column[]): string[] {
  const head = ['name', 'best', ...columns.map(({ name }) => name)];
  const body = rows.map((row, i) => [row.name, i === best, ...columns.map(({ of }) => of(row))]);
  return [head, ...body].map((cells) => cells.map(csvCell).join(','));
}

/** A spreadsheet would take a text that begins so for a formula. */
const FORMULA = /^[=+@\t\r-]/;

function csvCell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
