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
  /** The number of symbols that the tables have, at most 65,536. Default: 65,536. */
  readonly size?: number;
  /** A context of this many symbols begins again, as after a separator: it bounds the memory of long lines. Default: none does. */
  readonly mostContext?: number;
  /** The last symbols of it that a context begins again with, which are fewer. Default: 0, none. */
  readonly kept?: number;
  /**
   * Called once per step, for all unfinished lanes.
   *
   * @param contexts - `[B]` for each lane, the symbols since the last separator, or since the context began; the
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
 * @returns `[length]` the symbols: those that were given, or what was read, one or two bytes for each
 * @throws RangeError when the length, the lanes or what is kept aren't whole numbers in their range, there are fewer symbols than
 *   `length`, or `predict` returns the wrong number of tables
 */
export function codeInLanes(options: LaneOptions, symbols?: ArrayLike<number>): ArrayLike<number> {
  const {
    coder,
    length,
    lanes,
    separator,
    size = 65536,
    mostContext = Infinity,
    kept = 0,
    predict,
  } = options;
  checkSize('codeInLanes', length, 'length', 0);
  checkSize('codeInLanes', lanes, 'lanes');
  checkSize('codeInLanes', kept, 'kept', 0);
  if (kept >= mostContext) {
    throw new RangeError(
      `codeInLanes: kept must be below mostContext, ${mostContext}; got ${kept}`,
    );
  }
  if (symbols !== undefined && symbols.length !== length) {
    throw new RangeError(`codeInLanes: there must be ${length} symbols; got ${symbols.length}`);
  }
  const steps = Math.ceil(length / lanes);
  const contexts: number[][] = Array.from(
    { length: steps === 0 ? 0 : Math.ceil(length / steps) },
    () => [],
  );
  const read = symbols === undefined ? symbolArray(size, length) : undefined;
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
      if (read !== undefined) read[index] = symbol;
      context.push(symbol);
      if (symbol === separator) context.length = 0;
      else if (context.length >= mostContext) context.splice(0, context.length - kept);
    }
  }
  return read ?? symbols ?? [];
}

/** Room for symbols below `size`: `[length]` zeros of one, two or four bytes each. */
export function symbolArray(size: number, length: number): Uint8Array | Uint16Array | Uint32Array {
  if (size <= 2 ** 8) return new Uint8Array(length);
  return size <= 2 ** 16 ? new Uint16Array(length) : new Uint32Array(length);
}
