import { checkSize } from '../checks.js';
import type { FrequencyTable } from './frequency-table.js';
import type { SymbolCoder } from './symbol-coder.js';

/** Settings of {@link codeInLanes}. */
export interface LaneOptions {
  /** Turns frequencies and symbols into bits, and back. */
  readonly coder: SymbolCoder;
  /** The number of symbols. */
  readonly length: number;
  /** The number of parts that are coded side by side, from 1 on. */
  readonly lanes: number;
  /** The symbol that ends a line: what follows is predicted without what precedes it. */
  readonly separator?: number;
  /**
   * Called once per step, for all unfinished lanes.
   *
   * @param contexts - `[B]` for each lane, the symbols since the last separator, or since the lane's start; the
   *   arrays change later
   * @returns `[B]` a table for each
   */
  readonly predict: (contexts: readonly (readonly number[])[]) => readonly FrequencyTable[];
}

/**
 * Codes a message with a model that is fast in batches only. A receiver has to read each symbol before it can predict
 * the next one, so a single text would make batches of one. Cut into lanes that advance together, it makes batches of
 * one row per lane, the same ones on both sides, so that even a kernel whose sums depend on the batch gives the same
 * bits. The cost: the first symbols of each lane are predicted without those before them.
 *
 * @param symbols - `[length]` what to write; omitted for a decoder
 * @returns `[length]` the symbols
 * @throws RangeError when the length or the lanes aren't whole numbers in their range, there are fewer symbols than
 *   `length`, or `predict` returns the wrong number of tables
 */
export function codeInLanes(options: LaneOptions, symbols?: ArrayLike<number>): number[] {
  const { coder, length, lanes, separator, predict } = options;
  checkSize('codeInLanes', length, 'length', 0);
  checkSize('codeInLanes', lanes, 'lanes');
  if (symbols !== undefined && symbols.length !== length) {
    throw new RangeError(`codeInLanes: there must be ${length} symbols; got ${symbols.length}`);
  }
  const steps = Math.ceil(length / lanes);
  const contexts: number[][] = Array.from(
    { length: steps === 0 ? 0 : Math.ceil(length / steps) },
    () => [],
  );
  const coded = Array.from({ length }, () => 0);
  for (let step = 0; step < steps; step++) {
    // The last lane can be shorter than the others.
    if ((contexts.length - 1) * steps + step >= length) contexts.pop();
    const tables = predict(contexts);
    if (tables.length !== contexts.length) {
      throw new RangeError(
        `codeInLanes: predict must return ${contexts.length} tables; got ${tables.length}`,
      );
    }
    for (const [lane, context] of contexts.entries()) {
      const index = lane * steps + step;
      const symbol = coder.code(tables[lane], symbols === undefined ? 0 : symbols[index]);
      coded[index] = symbol;
      if (symbol === separator) context.length = 0;
      else context.push(symbol);
    }
  }
  return coded;
}
