import { checkSize } from '../checks.js';
import type { FrequencyTable } from './frequency-table.js';
import type { SymbolCoder } from './symbol-coder.js';

/** Settings of {@link codeInLanes}. */
export interface LaneOptions {
  /** What turns frequencies and symbols into bits, and back. */
  readonly coder: SymbolCoder;
  /** Symbols in all. */
  readonly length: number;
  /** Into how many stretches they are cut, which go forward together; from 1 on. */
  readonly lanes: number;
  /** The symbol that ends a line: what comes after it is predicted without what came before. */
  readonly separator?: number;
  /**
   * Asked once a place, for all lanes that go on.
   *
   * @param contexts - `[B]` of each lane the symbols since the last separator, or since the lane's start; don't keep
   *   them, they grow
   * @returns `[B]` a table for each
   */
  readonly predict: (contexts: readonly (readonly number[])[]) => readonly FrequencyTable[];
}

/**
 * Codes a message by a model that is fast in batches only. A receiver learns each symbol before it can ask for the next
 * one, so a single text would make batches of one. Cut into lanes that go forward together, it makes batches of as many
 * rows as there are lanes, on both sides the same ones: so that even a kernel whose sums depend on the batch gives both
 * the same bits. It costs what the first symbols of each lane would have gained by those before.
 *
 * @param symbols - `[length]` what to write; a decoder is given none
 * @returns `[length]` the symbols
 * @throws RangeError when the length or the lanes aren't whole numbers in their range, there are fewer symbols than
 *   `length`, or `predict` returns another number of tables than it was asked for
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
      const place = lane * steps + step;
      const symbol = coder.code(tables[lane], symbols === undefined ? 0 : symbols[place]);
      coded[place] = symbol;
      if (symbol === separator) context.length = 0;
      else context.push(symbol);
    }
  }
  return coded;
}
