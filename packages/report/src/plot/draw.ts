import { escapeText } from '../escape.js';
import { extentOf, type PlotData, type PlotLine, smooth, valuesShown } from './lines.js';
import { short } from './numbers.js';
import { marksOf, place, type Scale, spread } from './scale.js';

/** How a plot is looked at. */
export interface PlotView {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly isXLog: boolean;
  readonly isYLog: boolean;
  /** The weight of {@link smooth}, 0 for values as they are. */
  readonly smoothing: number;
  /** What is shown of the steps; default: all. */
  readonly x?: readonly [number, number] | undefined;
  /** What is shown of the values; default: all, but for those far above the rest. */
  readonly y?: readonly [number, number] | undefined;
  /** Which lines are drawn. */
  readonly isOn: (line: number) => boolean;
  /** Drawn over the others, which are faint; default: none. */
  readonly focus?: number | undefined;
}

/** A plot that is drawn. */
export interface DrawnPlot {
  /** What stands in an SVG element of the view's size. */
  readonly content: string;
  readonly x: Scale;
  readonly y: Scale;
  /** The values of each line as they are drawn. */
  readonly ys: readonly (readonly number[])[];
}

/** A view that shows all. */
export function wholeView(
  { lines, scale }: PlotData,
  [width, height]: readonly [number, number],
): PlotView {
  const isYLog = scale === 'log' && lines.every(({ ys }) => ys.every((y) => y > 0));
  const isOn = (line: number): boolean => lines[line].isOff !== true;
  return { width, height, isXLog: false, isYLog, smoothing: 0, isOn };
}

const FONT = 11;

/** About how wide a character of an axis is. */
const LETTER = 6.4;

const [TOP, RIGHT, BOTTOM] = [10, 14, 24];

/** Draws lines over steps. The same for the file and for the script in it. */
export function drawPlot(data: PlotData, view: PlotView): DrawnPlot {
  const { lines, scale } = data;
  const ys = lines.map((line) => smooth(line.ys, line.style === 'faint' ? 0 : view.smoothing));
  const on = lines.flatMap((_, i) => (view.isOn(i) ? [i] : []));
  const y = spread(
    view.y ??
      valuesShown(
        on.map((i) => ys[i]),
        scale,
        view.isYLog,
      ),
    view.isYLog,
  );
  const xs = on.map((i) => lines[i].xs);
  const x = spread(view.x ?? extentOf(xs, view.isXLog), view.isXLog);
  const vertical: Scale = { isLog: view.isYLog, domain: y, range: [view.height - BOTTOM, TOP] };
  const labels = marksOf(vertical).map((value) => ({ value, text: short(value) }));
  const left = 10 + LETTER * labels.reduce((most, { text }) => Math.max(most, text.length), 1);
  const range = [Math.round(left), view.width - RIGHT] as const;
  const horizontal: Scale = { isLog: view.isXLog, domain: x, range };
  const scales = { x: horizontal, y: vertical };
  const order = [...on].sort((a, b) => weightOf(lines, view, a) - weightOf(lines, view, b));
  const paths = order.map((i) => pathOf(lines[i], ys[i], { ...scales, role: roleOf(view, i) }));
  const content = [
    grid(scales, labels, view),
    clipped(scales, paths.join('')),
    view.smoothing > 0 ? '' : marked(data, scales),
  ].join('');
  return { content, ...scales, ys };
}

/** Pixels around the axes that lines may still fill, as they have a width. */
const EDGE = 2;

/** What is drawn within the axes; beyond them nothing is seen. */
function clipped({ x, y }: Scales, content: string): string {
  const [left, top] = [x.range[0] - EDGE, y.range[1] - EDGE];
  const [width, height] = [x.range[1] + EDGE - left, y.range[0] + EDGE - top];
  const size = `width="${width}" height="${height}"`;
  return `<svg x="${left}" y="${top}" ${size} viewBox="${left} ${top} ${width} ${height}">${content}</svg>`;
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

type Role = 'plain' | 'focus' | 'behind';

function roleOf({ focus }: PlotView, line: number): Role {
  if (focus === undefined) return 'plain';
  return focus === line ? 'focus' : 'behind';
}

/** What is heavier is drawn later, over the others. */
function weightOf(lines: readonly PlotLine[], { focus }: PlotView, i: number): number {
  if (focus === i) return 4;
  return { faint: 0, muted: 1, line: 2, strong: 3 }[lines[i].style ?? 'line'];
}

const two = (pixel: number): string => String(Math.round(pixel * 10) / 10);

function grid(
  { x, y }: Scales,
  labels: readonly { value: number; text: string }[],
  { width, height }: PlotView,
): string {
  const [left, right] = x.range;
  const rows = labels.map(({ value, text }) => {
    const at = two(place(y, value));
    return `<line x1="${left}" x2="${right}" y1="${at}" y2="${at}" stroke="var(--line)"/><text x="${left - 6}" y="${at}" dy="0.35em" text-anchor="end" font-size="${FONT}" fill="var(--muted)">${text}</text>`;
  });
  const bottom = height - BOTTOM;
  let last = -Infinity;
  const columns = marksOf(x, width / 110).map((value) => {
    const at = place(x, value);
    if (at - last < 44) return '';
    last = at;
    const text = short(value);
    const end =
      at > right - (text.length * LETTER) / 2 ? ' text-anchor="end"' : ' text-anchor="middle"';
    return `<line x1="${two(at)}" x2="${two(at)}" y1="${bottom}" y2="${bottom + 4}" stroke="var(--line)"/><text x="${two(end.includes('end') ? right : at)}" y="${bottom + 17}"${end} font-size="${FONT}" fill="var(--muted)">${text}</text>`;
  });
  return `${rows.join('')}<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="var(--line)"/>${columns.join('')}`;
}

/** Stroke width and opacity. */
const STROKES = {
  line: [1.8, 0.95],
  faint: [1.2, 0.35],
  strong: [3.2, 1],
  muted: [1, 0.4],
} as const;

function pathOf(
  { colour, dash, style = 'line', xs }: PlotLine,
  ys: readonly number[],
  { x, y, role }: Scales & { readonly role: Role },
): string {
  const [width, opacity] = role === 'focus' ? [3.2, 1] : STROKES[style];
  const stroke = `stroke="${style === 'muted' && role === 'focus' ? 'var(--ink)' : colour}"`;
  const shown = role === 'behind' ? opacity * 0.35 : opacity;
  const points = pointsOf(xs, ys, { x, y });
  if (points.length === 1) {
    const [[px, py]] = points;
    return `<circle cx="${two(px)}" cy="${two(py)}" r="3" fill="${colour}" opacity="${shown}"/>`;
  }
  const d = points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${two(px)},${two(py)}`).join('');
  const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="${d}" fill="none" ${stroke} stroke-width="${width}" opacity="${Math.round(shown * 100) / 100}" stroke-linejoin="round"${dashed}/>`;
}

/** Pixels far outside of the picture, where what lies beyond is drawn: no browser likes numbers of any size. */
const FAR = 1e5;

function pointsOf(
  xs: readonly number[],
  ys: readonly number[],
  { x, y }: Scales,
): [number, number][] {
  const points: [number, number][] = [];
  for (const [i, value] of ys.entries()) {
    if ((y.isLog && value <= 0) || (x.isLog && xs[i] <= 0)) continue;
    const at = [place(x, xs[i]), place(y, value)].map((pixel) =>
      Math.min(Math.max(pixel, -FAR), FAR),
    );
    points.push([at[0], at[1]]);
  }
  return points;
}

function marked({ mark }: PlotData, { x, y }: Scales): string {
  if (mark === undefined || !isWithin(x, mark.x) || !isWithin(y, mark.y)) return '';
  const [px, py] = [place(x, mark.x), place(y, mark.y)];
  const isLeft = px > (x.range[0] + x.range[1]) / 2;
  const isLow = py > (y.range[0] + y.range[1]) / 2;
  const text = `<text x="${two(px + (isLeft ? -8 : 8))}" y="${two(py + (isLow ? -12 : 18))}" text-anchor="${isLeft ? 'end' : 'start'}" font-size="12" font-weight="600" fill="var(--ink)" stroke="var(--card, Canvas)" stroke-width="3" paint-order="stroke">${escapeText(mark.text)}</text>`;
  return `<circle cx="${two(px)}" cy="${two(py)}" r="4.5" fill="var(--card, Canvas)" stroke="var(--ink)" stroke-width="2"/>${text}`;
}

const isWithin = ({ domain: [low, high] }: Scale, value: number): boolean =>
  value >= low && value <= high;
