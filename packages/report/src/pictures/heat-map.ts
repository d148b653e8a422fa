import { checkCount, checkCounts, checkTable, draw, visible, widthOf } from './picture.js';

/** What {@link heatMap} draws. */
export interface HeatMap {
  /** What it shows, for screen readers. */
  readonly label: string;
  /** Names of the rows, from above. */
  readonly rows: readonly string[];
  /** Names of the columns, from the left. */
  readonly columns: readonly string[];
  /** `[rows][columns]`: from 0, which is left blank, to the largest; negative ones have a colour of their own. */
  readonly values: readonly ArrayLike<number>[];
  /** What stands beside the rows and above the columns; default: nothing. */
  readonly titles?: { readonly rows?: string; readonly columns?: string };
}

/** Cells of a map; more can't be told apart, and take seconds. */
const MOST_CELLS = 40_000;

/** Pixels of a cell, of one with two lines of text in it, and of the longer side of a map without names. */
const CELL = 18;
const TEXT_CELL = 36;
const LARGEST = 720;

/**
 * Draws a table of numbers as cells, the darker the larger.
 *
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when the table has no cell, more than 40,000, or isn't `[rows][columns]`
 */
export async function heatMap({
  label,
  rows,
  columns,
  values,
  titles = {},
}: HeatMap): Promise<string> {
  checkCount('heatMap: the number of cells', rows.length * columns.length, MOST_CELLS);
  checkTable('heatMap: values', values, [rows.length, columns.length]);
  const cell = Math.min(CELL, LARGEST / Math.max(rows.length, columns.length));
  const cells = shades(values, (value) => value);
  const spec = {
    width: cell * columns.length,
    height: cell * rows.length,
    data: { values: cells },
    mark: { type: 'rect' },
    encoding: {
      x: side(columns, 'column', { title: titles.columns ?? null, orient: 'top', cell }),
      y: side(rows, 'row', { title: titles.rows ?? null, orient: 'left', cell }),
      ...SHADE,
    },
  };
  return draw(spec, label);
}

/** What {@link bigramMap} draws. */
export interface BigramMap {
  /** What it shows, for screen readers; default: `Counts of pairs`. */
  readonly label?: string;
  /** The character of each token. */
  readonly symbols: readonly string[];
  /** How often token j follows token i: `[V][V]`, or `[V V]` row after row as `countBigrams` of `@llm101/models` gives them. */
  readonly counts: readonly ArrayLike<number>[] | ArrayLike<number>;
}

/** Symbols of {@link bigramMap}; the letters of more are too small to be read. */
const MOST_SYMBOLS = 64;

/**
 * Draws how often each symbol follows each, as lecture 2 does: a cell for each pair, with its letters and its count; row i is what
 * follows symbol i. Shades are by the root of the counts, so that rare pairs are seen too.
 *
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when there is no symbol, more than 64, or counts aren't `[V][V]` finite numbers from 0 on
 */
export async function bigramMap({
  label = 'Counts of pairs',
  symbols,
  counts,
}: BigramMap): Promise<string> {
  const V = symbols.length;
  checkCount('bigramMap: the number of symbols', V, MOST_SYMBOLS);
  const table = tableOf(counts, V);
  checkTable('bigramMap: counts', table, [V, V]);
  for (const row of table) checkCounts('bigramMap: counts', row);
  const names = symbols.map(cellName);
  const values = shades(table, Math.sqrt).map((cell) =>
    Object.assign(cell, {
      pair: `${names[cell.row]}${names[cell.column]}`,
      count: shortened(table[cell.row][cell.column]),
    }),
  );
  const spec = {
    width: TEXT_CELL * V,
    height: TEXT_CELL * V,
    data: { values },
    encoding: { x: bare('column'), y: bare('row') },
    layer: [
      { mark: { type: 'rect' }, encoding: SHADE },
      written('pair', -6, 11),
      written('count', 8, 9),
    ],
  };
  return draw(spec, label);
}

/** A symbol where two of them stand in a cell: the beginning of a long one. */
function cellName(symbol: string): string {
  const characters = Array.from(visible(symbol));
  return characters.length > 3 ? `${characters.slice(0, 2).join('')}…` : characters.join('');
}

/** Rows of `V`, which may stand one after the other. */
function tableOf(counts: BigramMap['counts'], V: number): readonly ArrayLike<number>[] {
  const isTable = (table: BigramMap['counts']): table is readonly ArrayLike<number>[] =>
    typeof table[0] !== 'number';
  if (isTable(counts)) return counts;
  const values = Array.from(counts);
  return Array.from({ length: Math.ceil(values.length / V) }, (_, i) =>
    values.slice(i * V, (i + 1) * V),
  );
}

/** A place on an axis that isn't drawn. */
const bare = (field: string): object => ({ field, type: 'ordinal', sort: null, axis: null });

const written = (field: string, dy: number, fontSize: number): object => ({
  mark: { type: 'text', dy, fontSize, color: 'var(--ink)' },
  encoding: { text: { field, type: 'nominal' } },
});

/** As `1234`, or `123k` where it is too long for a cell. */
function shortened(count: number): string {
  if (count < 100_000)
    return String(Number.isInteger(count) ? count : Number(count.toPrecision(3)));
  return count < 1e6 ? `${Math.round(count / 1e3)}k` : `${Number((count / 1e6).toPrecision(3))}M`;
}

/** A cell's place and how dark it is. */
interface Cell {
  readonly row: number;
  readonly column: number;
  readonly opacity: number;
  readonly isNegative: boolean;
}

/** Text on the darkest cell still has a contrast of 4.5 in light and dark. */
const DARKEST = 0.6;

/** The cells of a table by their size compared to the largest, after a function of it. */
function shades(values: readonly ArrayLike<number>[], scale: (size: number) => number): Cell[] {
  const sizes = values.map((row) =>
    Array.from(row, (value) => (Number.isFinite(value) ? scale(Math.abs(value)) : 0)),
  );
  const largest = sizes.flat().reduce((most, size) => Math.max(most, size), Number.MIN_VALUE);
  return sizes.flatMap((row, r) =>
    row.map((size, column) => ({
      row: r,
      column,
      opacity: (DARKEST * size) / largest,
      isNegative: values[r][column] < 0,
    })),
  );
}

const SHADE = {
  fillOpacity: { field: 'opacity', type: 'quantitative', scale: null },
  fill: { condition: { test: 'datum.isNegative', value: 'var(--c2)' }, value: 'var(--c1)' },
} as const;

/** Pixels that a name beside a cell needs, of its letters, and the longest name that isn't cut off. */
const NAME = 11;
const LETTER = 11;
const LONGEST = 120;

/** An axis of names, which may come more than once: what is encoded is their number. Above and below the cells, names that are too long to stand side by side are turned. */
function side(
  names: readonly string[],
  field: string,
  { title, orient, cell }: { title: string | null; orient: string; cell: number },
): object {
  const every = Math.ceil(NAME / cell);
  const shown = names.map(visible);
  const isTurned =
    (orient === 'top' || orient === 'bottom') &&
    shown.some((name) => widthOf(name, LETTER) > every * cell);
  return {
    field,
    type: 'ordinal',
    sort: null,
    title,
    axis: {
      orient,
      labelAngle: isTurned ? -90 : 0,
      labelOverlap: false,
      tickCount: names.length,
      labelLimit: LONGEST,
      labelExpr: `${JSON.stringify(shown)}[datum.value]`,
      values: [...names.keys()].filter((i) => i % every === 0),
      labelPadding: 4,
    },
  };
}

/** Maps beside or under each other by a field of numbers, so that head 10 comes after head 9. */
const facetBy = (field: string, labelOrient: string): object => ({
  field,
  type: 'ordinal',
  header: {
    title: null,
    labelOrient,
    labelPadding: 4,
    labelExpr: `'${field} ' + (datum.value + 1)`,
  },
});

/** What {@link attentionMaps} draws. */
export interface AttentionMaps {
  /** What it shows, for screen readers; default: `Attention by layer and head`. */
  readonly label?: string;
  /** The text of each token, T of them. */
  readonly tokens: readonly string[];
  /** `[layers][heads][T][T]`: how much position i attends to position j; the rows add up to 1. */
  readonly weights: readonly (readonly (readonly ArrayLike<number>[])[])[];
}

/** Pixels of a map, at least, and of a cell of it. */
const SMALL_CELL = 13;
const SMALLEST_CELL = 4;

/** A map of 64 positions then has 256 pixels. */
const MOST_PIXELS = 256;

/**
 * Draws what each head of each layer attends to: a map each, a row of maps for a layer, a column for a head. In a map, a row is the position that
 * looks, a column the position that is looked at.
 *
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when there is no weight, more than 40,000, or they aren't `[layers][heads][T][T]`
 */
export async function attentionMaps({
  label = 'Attention by layer and head',
  tokens,
  weights,
}: AttentionMaps): Promise<string> {
  const T = tokens.length;
  const maps = weights.flatMap((heads, layer) =>
    heads.map((table, head) => ({ layer, head, table })),
  );
  checkCount('attentionMaps: the number of weights', maps.length * T * T, MOST_CELLS);
  for (const { layer, head, table } of maps) {
    checkTable(`attentionMaps: weights of layer ${layer}, head ${head}`, table, [T, T]);
  }
  const cell = Math.max(SMALLEST_CELL, Math.min(SMALL_CELL, MOST_PIXELS / T));
  const values = maps.flatMap(({ layer, head, table }) =>
    shades(table, (value) => value).map((one) =>
      Object.assign(one, {
        layer,
        head,
        opacity: one.opacity / DARKEST,
      }),
    ),
  );
  const place = (field: string, orient: string): object => {
    const { axis, ...rest } = side(tokens, field, { title: null, orient, cell }) as {
      axis: object;
    };
    return { ...rest, axis: { ...axis, labelFontSize: 10, labelPadding: 2 } };
  };
  const spec = {
    data: { values },
    facet: { row: facetBy('layer', 'left'), column: facetBy('head', 'top') },
    spacing: 14,
    spec: {
      width: cell * T,
      height: cell * T,
      mark: { type: 'rect' },
      encoding: { x: place('column', 'bottom'), y: place('row', 'left'), ...SHADE },
    },
  };
  return draw(spec, label);
}
