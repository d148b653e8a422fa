import type { FrequencyTable } from './frequency-table.js';
import type { SymbolCoder } from './symbol-coder.js';
import type { SymbolModel } from './symbol-model.js';

/** The same frequencies for each symbol: a message of independent symbols. */
export class TableModel implements SymbolModel {
  readonly size: number;
  readonly #table: FrequencyTable;

  constructor(table: FrequencyTable) {
    this.size = table.size;
    this.#table = table;
  }

  code(coder: SymbolCoder, symbol: number): number {
    return coder.code(this.#table, symbol);
  }
}
