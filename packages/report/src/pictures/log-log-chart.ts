import { type ChartSize, drawChart, legendColumns } from '../charts.js';
import { checkCount, colour, picture } from './picture.js';

/** Points in axes that are both logarithmic, or a line through them. */
export interface LogLogSeries {
  /** It stands in the legend; without a name the series has none. */
  readonly name?: string | undefined;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Default: `dots`. */
  readonly style?: 'dots' | 'line' | 'dashed';
  /** The colour of series so numbered; more than eight begin again. Default: that of its place. */
  readonly colour?: number;
}

/** What {@link logLogChart} draws. */
export interface LogLogChart {
  /** What it shows, for screen readers. */
  readonly label: string;
  /** At least one, at most 40. */
  readonly series: readonly LogLogSeries[];
  /** What stands along the axes; default: nothing. */
  readonly titles?: { readonly x?: string; readonly y?: string };
}

/** What can be told apart; lines have some hundred points. */
const MOST = { series: 40, dots: 2000 } as const;

/**
 * Draws points and lines in axes that are both logarithmic, where a power law is a straight line. Points that aren't finite and above 0 are
 * left out; of more than 2,000 dots of a series every n-th is drawn.
 *
 * @param size - default: 640 x 400 pixels
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when there is no series, or one too many
 */
export async function logLogChart(
  chart: LogLogChart,
  size: ChartSize = { width: 640, height: 400 },
): Promise<string> {
  return picture(await drawLogLog(chart, size));
}

/** The same for a page that has colours. */
export async function drawLogLog(chart: LogLogChart, size: ChartSize): Promise<string> {
  const { label, titles = {} } = chart;
  checkCount('logLogChart: the number of series', chart.series.length, MOST.series);
  const series = chart.series.map((one, i) => ({
    ...one,
    paint: colour(one.colour ?? i),
    points: drawable(one),
  }));
  const all = series.flatMap(({ points }) => points);
  const [x, y] = (['x', 'y'] as const).map((key) => ({
    field: key,
    type: 'quantitative',
    title: titles[key] ?? null,
    scale: { type: 'log', nice: false, domain: rangeOf(all.map((point) => point[key])) },
    axis: axisOf(
      all.map((point) => point[key]),
      key,
    ),
  }));
  const names = series.flatMap(({ name }) => name ?? []);
  const scale = {
    domain: names,
    range: series.flatMap(({ name, paint }) => (name === undefined ? [] : [paint])),
  };
  const legend = { columns: legendColumns(names, size.width), symbolType: 'circle' };
  const layer = series.map(({ name, points, paint, style = 'dots' }) => ({
    data: { values: points },
    mark:
      style === 'dots'
        ? { type: 'point', filled: true, size: 22, opacity: 0.75, color: paint }
        : {
            type: 'line',
            strokeWidth: 1.6,
            clip: true,
            color: paint,
            ...(style === 'dashed' && { strokeDash: [5, 4] }),
          },
    encoding: {
      x,
      y,
      ...(name !== undefined && names.length > 1 && { color: { datum: name, scale, legend } }),
    },
  }));
  return drawChart({ layer }, size, label);
}

function drawable({ points, style = 'dots' }: LogLogSeries): LogLogSeries['points'] {
  const good = points.filter(({ x, y }) => x > 0 && y > 0 && x < Infinity && y < Infinity);
  const step = style === 'dots' ? Math.ceil(good.length / MOST.dots) : 1;
  return step > 1 ? good.filter((_, i) => i % step === 0) : good;
}

/** The least and the most with a little room around. */
function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (high === 0) return [1, 10];
  const room = high > low ? (high / low) ** 0.03 : 1.2;
  return [low / room, high * room];
}

/** Marks that a logarithmic axis has: round numbers where it spans little, else powers of ten, with 2 and 5 where there is room. */
function axisOf(values: readonly number[], key: 'x' | 'y'): object {
  const [low, high] = rangeOf(values);
  const decades = Math.log10(high / low);
  const marks =
    decades < 1 ? evenMarks(low, high) : powerMarks(low, high, decades > 3 ? [1] : [1, 2, 5]);
  const some = marks.filter((_, i) => i % Math.ceil(marks.length / 9) === 0);
  return {
    values: some,
    tickCount: some.length,
    grid: key === 'y',
    ...(key === 'x' && { domain: true, domainColor: 'var(--line)' }),
    format: high >= 1e13 ? '~e' : '~s',
    labelExpr: "replace(replace(datum.label, 'e+', 'e'), 'G', 'B')",
    labelOverlap: true,
  };
}

function evenMarks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * unit).find((one) => one >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function powerMarks(low: number, high: number, digits: readonly number[]): number[] {
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of digits) {
      const mark = Number(`${digit}e${power}`);
      if (mark >= low && mark <= high) marks.push(mark);
    }
  }
  return marks;
}
