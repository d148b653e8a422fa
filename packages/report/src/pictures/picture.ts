import { drawChart } from '../charts.js';

/** The colours of charts on a light ground, as CSS variables. */
export const LIGHT =
  '--ink: #1d2026; --muted: #6a717c; --line: #e4e6ea; --c1: #2b66d9; --c2: #d4680a; --c3: #2a8a4a; ' +
  '--c4: #7a4fd0; --c5: #c22e6a; --c6: #0d7f96; --c7: #8a6d1f; --c8: #5b6472;';

/** The same on a dark ground. */
export const DARK =
  '--ink: #e8eaee; --muted: #99a1ad; --line: #31363f; --c1: #7aa8ff; --c2: #ffa352; --c3: #6fd08c; ' +
  '--c4: #b79bff; --c5: #ff8ab5; --c6: #4fd0e6; --c7: #d9bd6b; --c8: #a9b3c1;';

const STYLE =
  `<style>.llm101 { ${LIGHT} font-family: system-ui, sans-serif; } ` +
  `@media (prefers-color-scheme: dark) { .llm101 { ${DARK} } }</style>`;

/** How many colours there are; further series begin again. */
const COLOURS = 8;

/** The colour of series `index`: `--c1` … `--c8`, repeated. */
export function colour(index: number): string {
  return `var(--c${(index % COLOURS) + 1})`;
}

/** A chart of {@link drawChart} as a picture of its own: with its colours, light and dark, and a size. */
export function picture(svg: string): string {
  const [, , width, height] = /viewBox="([^"]*)"/.exec(svg)?.[1].split(' ') ?? [];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" class="llm101" width="${width}" height="${height}"`;
  return svg.replace(/^<svg([^>]*)>/, (_, attributes: string) => `${head}${attributes}>${STYLE}`);
}

/** A picture of a Vega-Lite specification that has a size itself. */
export async function draw(spec: object, label: string): Promise<string> {
  return picture(await drawChart(spec, undefined, label));
}

/**
 * @param what - the function and the argument
 * @throws RangeError unless there are from one on to `most`
 */
export function checkCount(what: string, count: number, most: number): void {
  if (count >= 1 && count <= most) return;
  throw new RangeError(
    `${what} must be from 1 to ${most.toLocaleString('en-US')}; got ${count}${count > most ? '; draw fewer' : ''}`,
  );
}

const rowsOf = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;

/** @throws RangeError unless a table has a row of `columns` numbers for each of `rows` */
export function checkTable(
  what: string,
  table: readonly ArrayLike<number>[],
  [rows, columns]: readonly [number, number],
): void {
  const bad = table.find((row) => row.length !== columns);
  if (table.length === rows && bad === undefined) return;
  const got = table.length === rows ? `a row of ${bad?.length}` : rowsOf(table.length);
  throw new RangeError(`${what} must be ${rowsOf(rows)} of ${columns} numbers; got ${got}`);
}

/**
 * @param what - the function and the argument
 * @throws RangeError unless all are finite and none is below 0
 */
export function checkCounts(what: string, counts: ArrayLike<number>): void {
  const bad = Array.from(counts).find((count) => !(count >= 0 && count < Infinity));
  if (bad === undefined) return;
  throw new RangeError(`${what} must be finite numbers from 0 on; got ${bad}`);
}

/** From here on letters are about as wide as they are high: Hangul, kana, ideographs. */
const WIDE = 0x1100;

/** About how many pixels a text of a font size takes; nothing is measured, so that a picture is the same wherever it is drawn. */
export function widthOf(text: string, fontSize: number): number {
  return (
    Array.from(text).reduce((sum, c) => sum + (c >= String.fromCodePoint(WIDE) ? 1 : 0.62), 0) *
    fontSize
  );
}

/** A symbol as it can be seen: what is white or controls a terminal has a sign. */
export function visible(symbol: string): string {
  const signed = Array.from(symbol, (c) => (c < ' ' ? signOf(c) : c)).join('');
  return signed.replaceAll(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length));
}

function signOf(control: string): string {
  if (control === '\n') return '↵';
  return control === '\t' ? '⇥' : String.fromCodePoint(0x2400 + control.charCodeAt(0));
}
