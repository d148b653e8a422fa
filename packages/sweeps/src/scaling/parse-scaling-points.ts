import type { ScalingPoint } from './scaling-law.js';
import { parseTable, type Table, TableError } from './table.js';

/** A run of a table. */
export interface CostedPoint extends ScalingPoint {
  /** C: what its training took. */
  readonly flop: number;
}

/** Which columns of a table mean what; one that isn't named is found by its usual names. */
export interface ScalingColumns {
  readonly parameters?: string | undefined;
  readonly tokens?: string | undefined;
  readonly flop?: string | undefined;
  readonly loss?: string | undefined;
}

/** What {@link parseScalingPoints} finds. */
export interface ScalingTable {
  /** In the order of the table. */
  readonly points: readonly CostedPoint[];
  /** The columns that were read; one of tokens and flop may be missing, and follows from `C = 6 N D`. */
  readonly columns: ScalingColumns;
}

/** How columns are usually called, small letters and digits alone. */
const NAMES = {
  parameters: ['n', 'parameters', 'params', 'modelsize', 'nparams', 'numparams', 'numparameters'],
  tokens: ['d', 'tokens', 'trainingtokens', 'traintokens', 'ntokens', 'numtokens', 'datasetsize'],
  flop: ['c', 'flop', 'flops', 'compute', 'trainingflop', 'trainingflops'],
  loss: ['l', 'loss', 'valloss', 'validationloss', 'testloss', 'evalloss', 'finalloss'],
} as const;

type Quantity = keyof typeof NAMES;

/** Numbers of runs; their products and quotients are doubles too. */
const [LEAST, MOST] = [1e-30, 1e30];

/**
 * Reads runs from a table of comma-separated values: their parameters, loss, and tokens or FLOP.
 *
 * @throws TableError naming the line or the column
 */
export function parseScalingPoints(text: string, given: ScalingColumns = {}): ScalingTable {
  const table = parseTable(text);
  const found = new Map<Quantity, number>();
  for (const quantity of ['parameters', 'tokens', 'flop', 'loss'] as const) {
    const at = columnOf(table, quantity, given[quantity]);
    if (at !== undefined) found.set(quantity, at);
  }
  for (const quantity of ['parameters', 'loss'] as const)
    if (!found.has(quantity)) throw missing(table, `a column of ${quantity}`, quantity);
  if (!found.has('tokens') && !found.has('flop'))
    throw missing(table, 'a column of tokens or of FLOP', 'tokens');
  const numberOf = (row: Table['rows'][number], quantity: Quantity): number | undefined => {
    const at = found.get(quantity);
    return at === undefined ? undefined : positive(row, table.columns[at], row.cells[at]);
  };
  const points = table.rows.map((row) => {
    const parameters = numberOf(row, 'parameters') ?? NaN;
    const [tokens, flop] = [numberOf(row, 'tokens'), numberOf(row, 'flop')];
    return {
      parameters,
      tokens: tokens ?? (flop ?? NaN) / (6 * parameters),
      flop: flop ?? 6 * parameters * (tokens ?? NaN),
      loss: numberOf(row, 'loss') ?? NaN,
    };
  });
  const columns = Object.fromEntries(
    [...found].map(([quantity, at]) => [quantity, table.columns[at]]),
  );
  return { points, columns };
}

function columnOf({ columns }: Table, quantity: Quantity, given?: string): number | undefined {
  if (given !== undefined) {
    const at = columns.indexOf(given);
    if (at !== -1 && columns.includes(given, at + 1)) throw twice(given);
    if (at !== -1) return at;
    throw new TableError(`there must be a column ${given}; the columns are ${listed(columns)}`);
  }
  const names = columns.map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  for (const usual of NAMES[quantity]) {
    const at = names.indexOf(usual);
    if (at !== -1 && names.includes(usual, at + 1)) throw twice(columns[at]);
    if (at !== -1) return at;
  }
  return undefined;
}

const twice = (column: string): TableError =>
  new TableError(
    `there must be one column ${column.slice(0, 40)}; there are two; rename one of them`,
  );

const missing = ({ columns }: Table, what: string, quantity: Quantity): TableError =>
  new TableError(
    `there must be ${what}; the columns are ${listed(columns)}; name one of them as that of ${quantity}`,
  );

/** Some names, and how many there are besides. */
function listed(names: readonly string[]): string {
  const some = names.slice(0, 12).map((name) => name.slice(0, 40));
  return `${some.join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`;
}

function positive({ line }: Table['rows'][number], name: string, cell: string): number {
  const written = cell.trim();
  const value = written === '' ? NaN : Number(written);
  if (value >= LEAST && value <= MOST) return value;
  throw new TableError(
    `line ${line}: ${name.slice(0, 40)} must be a number above 0, from ${LEAST} to ${MOST}; got ${written === '' ? 'nothing' : written.slice(0, 40)}`,
  );
}
