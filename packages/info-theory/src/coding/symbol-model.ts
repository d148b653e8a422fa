import type { SymbolCoder } from './symbol-coder.js';

/**
 * Says with which frequencies each symbol is coded, and learns from it if it likes. The one step is run by sender and
 * receiver alike, so whatever it decides, it decides on both sides.
 */
export interface SymbolModel {
  /** How many symbols there are: 0 … size - 1. */
  readonly size: number;
  /**
   * Predicts the next symbol, hands it through the coder and learns it.
   *
   * @param symbol - what to write; a decoder ignores it
   * @returns the symbol: the one given, or the one read
   */
  code(coder: SymbolCoder, symbol: number): number;
}
