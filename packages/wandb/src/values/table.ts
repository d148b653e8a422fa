import { createHash } from 'node:crypto';
import { toJson } from '../json.js';

/** What a table's cell may hold. */
export type TableCell = string | number | boolean | null;

/** Names of columns, and rows of as many cells. */
export interface Table {
  readonly columns: readonly string[];
  readonly data: readonly (readonly TableCell[])[];
}

/** A table that is logged: it becomes a file of the run, and the row says which. */
export class WandbTable implements Table {
  readonly columns: readonly string[];
  readonly data: readonly (readonly TableCell[])[];

  /** @throws RangeError when there is no column, or a row has another number of cells */
  constructor({ columns, data }: Table) {
    if (columns.length === 0) throw new RangeError('table: there must be a column; got none');
    const odd = data.findIndex((row) => row.length !== columns.length);
    if (odd !== -1) {
      throw new RangeError(
        `table: row ${odd} must have ${columns.length} cells, as there are columns; got ${data[odd].length}`,
      );
    }
    this.columns = columns;
    this.data = data;
  }
}

/** `wandb.Table(columns=…, data=…)`. @throws RangeError when there is no column, or a row has another number of cells */
export const table = (content: Table): WandbTable => new WandbTable(content);

/** What a row of the history has of a table. */
export interface TableFile {
  readonly _type: 'table-file';
  /** Below the run's files. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly ncols: number;
  readonly nrows: number;
}

/** Where a table goes, and what is in that file. */
export interface WrittenTable {
  readonly file: TableFile;
  readonly content: string;
}

/** A table as W&B has it: `media/table/KEY_STEP_HASH.table.json`. */
export function writeTable(name: string, step: number, { columns, data }: Table): WrittenTable {
  const content = toJson({ columns, data });
  const sha256 = createHash('sha256').update(content).digest('hex');
  const safe = name.replaceAll(/[^\w.-]+/g, '_').slice(0, 100);
  const file: TableFile = {
    _type: 'table-file',
    path: `media/table/${safe}_${step}_${sha256.slice(0, 20)}.table.json`,
    sha256,
    size: Buffer.byteLength(content),
    ncols: columns.length,
    nrows: data.length,
  };
  return { file, content };
}
