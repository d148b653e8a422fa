import type { TokenLines } from '../tokens/token-lines.js';

/** What a batch of `SequenceLoader` is. */
export type SequenceLayout =
  /** `batchSize` lines, a row each, as wide as the longest of them; the rest of a row is padding. */
  | { readonly batchSize: number }
  /**
   * `rows` rows (default: 1) of `packedSize` positions, filled with as many lines, one after the other, as they can hold.
   * Hardly any position is padding, and all batches have one shape, but they are for models that start again at the
   * padding token, as `WaveNet` of `@llm101/models`. The cost of attention grows with the square of a row: there many short
   * rows are better than a long one.
   *
   * `lookBack` cuts a line that is longer than a row into pieces. Each but the first begins with so many positions of the piece
   * before it, which are read and don't count: a model whose score of a position is decided by it and `lookBack` positions
   * before it scores all others as in the whole line. Default: such a line is an error.
   */
  | { readonly packedSize: number; readonly rows?: number; readonly lookBack?: number };

/** Lines, and pieces of those that are longer than a row: `[N]` each. */
export interface Pieces {
  /** Where each begins in the tokens. */
  readonly firsts: Int32Array;
  /** Where it ends. */
  readonly ends: Int32Array;
  /** Positions at its beginning that don't count. */
  readonly skipped: Int32Array;
  /** The line that it is of, where lines have answers. */
  readonly lines: ArrayLike<number> | undefined;
  /** Positions of the longest. */
  readonly longest: number;
}

/** Cuts lines that are longer than a row of the layout. Pieces of which no position counts are left out. */
export function cutLines(
  { starts, longest, length, answers }: TokenLines,
  layout: SequenceLayout,
): Pieces {
  const most = 'packedSize' in layout ? layout.packedSize : longest;
  if (longest <= most) {
    const [firsts, ends] = [starts.subarray(0, length), starts.subarray(1)];
    const skipped = answers?.map((at, line) => at - starts[line]) ?? new Int32Array(length);
    const lines = answers?.map((_, line) => line);
    return { firsts, ends, skipped, lines, longest };
  }
  const { lookBack = 0 } = 'lookBack' in layout ? layout : {};
  const [firsts, ends, skipped, lines]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let line = 0; line < length; line++) {
    const counted = answers?.[line] ?? starts[line];
    let next = starts[line]; // the first position that isn't in a piece yet
    while (next < starts[line + 1]) {
      const first = next === starts[line] ? next : next - lookBack;
      const end = Math.min(first + most, starts[line + 1]);
      if (counted < end) {
        firsts.push(first);
        ends.push(end);
        skipped.push(Math.max(next, counted) - first);
        lines.push(line);
      }
      next = end;
    }
  }
  return {
    firsts: Int32Array.from(firsts),
    ends: Int32Array.from(ends),
    skipped: Int32Array.from(skipped),
    lines: answers && lines,
    longest: most,
  };
}
