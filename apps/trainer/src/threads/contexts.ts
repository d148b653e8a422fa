// Contexts as they go to a thread: an array of numbers, a context after the other.

/** A row that isn't needed. */
const NONE = -1;
/** The context that the row had, and one token more. */
const LONGER = -2;

type Contexts = readonly (readonly number[] | undefined)[];

/** Writes contexts for a {@link ContextReader}, which has read those written before. */
export class ContextWriter {
  /** What each row had, and how long it was then: the arrays grow. */
  #known: readonly { readonly context: readonly number[] | undefined; readonly length: number }[] =
    [];

  /** @returns undefined where no row is needed */
  write(contexts: Contexts): Int32Array<ArrayBuffer> | undefined {
    if (contexts.every((context) => context === undefined)) {
      this.#known = [];
      return undefined;
    }
    const written: number[] = [];
    for (const [row, context] of contexts.entries()) {
      const known = this.#known.at(row);
      const isLonger = context?.length === (known?.length ?? NaN) + 1 && known?.context === context;
      if (context === undefined) written.push(NONE);
      else if (isLonger) written.push(LONGER, context[context.length - 1]);
      else {
        written.push(context.length);
        for (const token of context) written.push(token);
      }
    }
    this.#known = contexts.map((context) => ({ context, length: context?.length ?? 0 }));
    return Int32Array.from(written);
  }
}

/** Reads what a {@link ContextWriter} wrote; a context that became longer is the same array. */
export class ContextReader {
  #rows: (number[] | undefined)[] = [];

  read(written: Int32Array): Contexts {
    const rows: (number[] | undefined)[] = [];
    for (let at = 0; at < written.length;) {
      const head = written[at++];
      if (head === NONE) rows.push(undefined);
      else if (head === LONGER) {
        const row = this.#rows.at(rows.length) ?? [];
        row.push(written[at++]);
        rows.push(row);
      } else {
        rows.push([...written.subarray(at, at + head)]); // bounded: a context
        at += head;
      }
    }
    this.#rows = rows;
    return rows;
  }
}
