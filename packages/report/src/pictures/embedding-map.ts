import { drawChart } from '../charts.js';
import { principalComponents } from '../principal-components.js';
import { checkCount, checkTable, colour, picture, visible, widthOf } from './picture.js';
import { placeLabels } from './place-labels.js';

/** What {@link embeddingMap} draws. */
export interface EmbeddingMap {
  /** What it shows, for screen readers; default: `The embedding of each symbol in two dimensions`. */
  readonly label?: string;
  /** The text of each token. */
  readonly symbols: readonly string[];
  /** `[V][C]`, C from 2 on: the vector of each token, whatever its layer is called. */
  readonly vectors: readonly ArrayLike<number>[];
  /** A whole number for each token, 0 … 7; tokens of one number have one colour. Default: 0 for all. */
  readonly groups?: readonly number[];
}

/** Symbols of a map; more take seconds. */
const MOST_SYMBOLS = 10_000;

/** Pixels of the map without what stands beside it, and of a letter. */
const SIDE = 440;
const LETTER = 15;

/** Characters of a symbol; of a longer one the beginning is drawn. */
const MOST_CHARACTERS = 16;

/**
 * Draws vectors as their symbols on a plane: vectors of two components as they are; longer ones where they are in the two directions in which they differ
 * most, by {@link principalComponents}. No symbol stands on another: one that would is moved aside, with a line to its point, and where
 * there is no room near it, or the symbol is empty, a dot is all that is drawn.
 *
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when there is no symbol, more than 10,000, not a vector of two finite numbers or more for each, or a group that isn't one of 0 … 7
 */
export async function embeddingMap(map: EmbeddingMap): Promise<string> {
  const { symbols, vectors, groups } = map;
  const C = vectors.at(0)?.length ?? 0;
  checkCount('embeddingMap: the number of symbols', symbols.length, MOST_SYMBOLS);
  checkTable('embeddingMap: vectors', vectors, [symbols.length, C]);
  if (C < 2 || !vectors.every((vector) => Array.from(vector).every(Number.isFinite))) {
    throw new RangeError(
      `embeddingMap: vectors must have two finite numbers or more each; got ${C < 2 ? C : 'NaN or infinity'}`,
    );
  }
  if (groups !== undefined && groups.length !== symbols.length) {
    throw new RangeError(
      `embeddingMap: groups must be a number for each of ${symbols.length} symbols; got ${groups.length}`,
    );
  }
  const bad = groups?.find((group) => !(Number.isInteger(group) && group >= 0 && group < 8));
  if (bad !== undefined) {
    throw new RangeError(`embeddingMap: a group must be a whole number from 0 to 7; got ${bad}`);
  }
  return picture(await drawEmbedding(map));
}

/** The same for a page that has the colours, and without checks. */
export function drawEmbedding(map: EmbeddingMap): Promise<string> {
  const { vectors, groups, label = 'The embedding of each symbol in two dimensions' } = map;
  const symbols = map.symbols.map(shortened);
  const { points, titles } = onPlane(vectors.map((vector) => Array.from(vector)));
  const reach = 1.06 * points.flat().reduce((most, at) => Math.max(most, Math.abs(at)), 1e-9);
  const pixel = (at: number): number => ((at / reach + 1) / 2) * SIDE;
  const wanted = points.map(([x, y], i) => ({
    x: pixel(x),
    y: pixel(-y),
    width: widthOf(symbols[i], LETTER),
    height: LETTER,
  }));
  const places = placeLabels(wanted, [SIDE, SIDE]);
  const values = wanted.map(({ x, y }, i) => ({
    x,
    y,
    toX: places[i]?.x ?? x,
    toY: places[i]?.y ?? y,
    symbol: places[i] === undefined ? '' : symbols[i],
    isMoved:
      places[i] === undefined ||
      symbols[i] === '' ||
      Math.hypot(places[i].x - x, places[i].y - y) > 1,
    color: colour(groups?.[i] ?? 0),
  }));
  const moved = values.filter(({ isMoved }) => isMoved);
  const spec = {
    width: SIDE,
    height: SIDE,
    encoding: { color: { field: 'color', type: 'nominal', scale: null } },
    layer: [
      axes(titles),
      {
        data: { values: moved },
        mark: { type: 'rule', strokeWidth: 0.8, opacity: 0.5 },
        encoding: { x: at('x'), y: at('y'), x2: { field: 'toX' }, y2: { field: 'toY' } },
      },
      {
        data: { values: moved },
        mark: { type: 'point', filled: true, size: 9, opacity: 1 },
        encoding: { x: at('x'), y: at('y') },
      },
      {
        data: { values: values.filter(({ symbol }) => symbol !== '') },
        mark: { type: 'text', fontSize: LETTER, fontWeight: 600 },
        encoding: { x: at('toX'), y: at('toY'), text: { field: 'symbol', type: 'nominal' } },
      },
    ],
  };
  return drawChart(spec, undefined, label);
}

/** What is drawn of a symbol. */
function shortened(symbol: string): string {
  const characters = Array.from(visible(symbol));
  if (characters.length <= MOST_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

/** A place in pixels. */
const at = (field: string): object => ({
  field,
  type: 'quantitative',
  scale: { domain: [0, SIDE], range: [0, SIDE], nice: false, zero: false },
  axis: null,
});

/** Two lines through zero, and what the directions are. */
function axes([x, y]: readonly [string, string]): object {
  const middle = SIDE / 2;
  return {
    data: { values: [{}] },
    layer: [
      line([0, middle], [SIDE, middle]),
      line([middle, 0], [middle, SIDE]),
      words(x, { x: middle, y: SIDE + 12 }),
      words(y, { x: -12, y: middle, angle: -90 }),
    ],
  };
}

const words = (value: string, place: object): object => ({
  mark: { type: 'text', fontSize: 11, ...place },
  encoding: { text: { value }, color: { value: 'var(--muted)' } },
});

const line = (from: readonly [number, number], to: readonly [number, number]): object => ({
  mark: { type: 'rule' },
  encoding: {
    x: { value: from[0] },
    y: { value: from[1] },
    x2: { value: to[0] },
    y2: { value: to[1] },
    color: { value: 'var(--line)' },
  },
});

/** Where vectors are on a plane, and what its directions are. */
function onPlane(vectors: readonly (readonly number[])[]): {
  readonly points: readonly (readonly [number, number])[];
  readonly titles: readonly [string, string];
} {
  if (vectors[0].length === 2) {
    return {
      points: vectors.map(([x, y]) => [x, y]),
      titles: ['first component', 'second component'],
    };
  }
  const { points, explained } = principalComponents(vectors);
  return { points, titles: [shareOf(explained[0]), shareOf(explained[1])] };
}

const shareOf = (fraction: number): string => `${Math.round(100 * fraction)} % of the variance`;
