/** Bytes of one way to write a text. */
export type Row = readonly [what: string, bytes: number];

/** A table of sizes, each beside its bits a character. */
export function describeSizes(rows: readonly Row[], characters: number): string[] {
  const width = Math.max(...rows.map(([what]) => what.length));
  return rows.map(([what, bytes]) => {
    const bits = characters === 0 ? '' : ((8 * bytes) / characters).toFixed(3);
    return `${what.padEnd(width)}${count(bytes).padStart(13)}${bits.padStart(9)}`;
  });
}

/** A number as people read it: `228,145`. */
export function count(n: number): string {
  return Math.ceil(n).toLocaleString('en-US');
}
