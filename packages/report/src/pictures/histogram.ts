import { drawChart, legendColumns, PLAIN_ZERO, type ChartSize } from '../charts.js';
import { checkCount, checkCounts, colour, picture } from './picture.js';

/** How many values lie in each of some bins. */
export interface Histogram {
  /** `[bins]`, none below 0 */
  readonly counts: ArrayLike<number>;
  /** `[bins + 1]`, ascending: where each bin begins, and the last one ends. */
  readonly edges: ArrayLike<number>;
}

/** A histogram with the name of what it is of: a layer, a parameter. */
export interface NamedHistogram extends Histogram {
  readonly name: string;
}

/** What {@link histogramChart} draws. */
export interface HistogramChart {
  /** What it shows, for screen readers. */
  readonly label: string;
  /** At least one, at most 12. */
  readonly series: readonly NamedHistogram[];
  /** What stands along the values; default: nothing. */
  readonly title?: string;
}

const MOST_SERIES = 12;
const MOST_BINS = 1000;

/**
 * Draws histograms: one as bars, with the counts beside them; several as curves over each other, a layer each, every one as high as
 * its fullest bin, as their scales may be far apart.
 *
 * @param size - default: 640 x 280 pixels
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when there is no series, one too many, one of a count below 0 or not finite, or one whose edges don't bound its counts
 */
export async function histogramChart(
  chart: HistogramChart,
  size: ChartSize = { width: 640, height: 280 },
): Promise<string> {
  checkCount('histogramChart: the number of series', chart.series.length, MOST_SERIES);
  for (const { name, counts, edges } of chart.series) {
    checkCount(`histogramChart: the number of bins of ${name}`, counts.length, MOST_BINS);
    checkCounts(`histogramChart: counts of ${name}`, counts);
    const bounds = Array.from(edges);
    const ascends = bounds.every((edge, i) => i === 0 || edge > bounds[i - 1]);
    if (bounds.length === counts.length + 1 && ascends && bounds.every(Number.isFinite)) continue;
    throw new RangeError(
      `histogramChart: edges of ${name} must be ${counts.length + 1} ascending numbers; got ${bounds.length}: ${startOf(bounds)}`,
    );
  }
  return picture(await drawHistograms(chart, size));
}

/** The first few of some numbers. */
const startOf = (values: readonly number[]): string =>
  `${values.slice(0, 5).join(', ')}${values.length > 5 ? ', …' : ''}`;

/** The same for a page that has the colours, and without checks. */
export function drawHistograms(
  { label, series: given, title }: HistogramChart,
  size: ChartSize,
): Promise<string> {
  const series = given.map(({ name, counts, edges }) => ({
    name,
    counts: Array.from(counts),
    edges: Array.from(edges),
  }));
  const domain = domainOf(series);
  const x = (field: string): object => ({
    field,
    type: 'quantitative',
    title: title ?? null,
    scale: { domain, nice: false },
    // With a precision of its own 500 isn't written as 5e+2 beside 1000.
    axis: { grid: false, format: '.6~g', domain: true, domainColor: 'var(--line)' },
  });
  const columns = legendColumns(
    series.map(({ name }) => name),
    size.width,
  );
  const spec =
    series.length === 1 ? bars(series[0], x) : curves(series, { x: x('value'), domain, columns });
  return drawChart(spec, size, label);
}

/** Plain arrays of a {@link NamedHistogram}. */
interface Bins {
  readonly name: string;
  readonly counts: readonly number[];
  readonly edges: readonly number[];
}

function bars({ counts, edges }: Bins, x: (field: string) => object): object {
  const values = counts.map((count, i) => ({ from: edges[i], to: edges[i + 1], count, zero: 0 }));
  return {
    data: { values },
    mark: { type: 'rect', color: colour(0), opacity: 0.85 },
    encoding: {
      x: x('from'),
      x2: { field: 'to' },
      y: {
        field: 'count',
        type: 'quantitative',
        title: null,
        axis: { format: '~s', ...PLAIN_ZERO },
        ...(counts.every((count) => count === 0) && { scale: { domain: [0, 1] } }),
      },
      y2: { field: 'zero' },
    },
  };
}

function curves(
  series: readonly Bins[],
  {
    x,
    domain: [low, high],
    columns,
  }: {
    readonly x: object;
    readonly domain: readonly [number, number];
    readonly columns: number;
  },
): object {
  const points = series.flatMap(({ name, counts, edges }) => {
    const heights = counts.map((count, i) => count / (edges[i + 1] - edges[i]));
    const highest = heights.reduce((most, height) => Math.max(most, height), Number.MIN_VALUE);
    const at = (i: number): number => (edges[i] + edges[i + 1]) / 2;
    return [
      { name, value: edges[0], height: 0 },
      ...heights.map((height, i) => ({ name, value: at(i), height: height / highest })),
      { name, value: edges[counts.length], height: 0 },
    ];
  });
  const names = series.map(({ name }) => name);
  const color = {
    field: 'name',
    type: 'nominal',
    scale: { domain: names, range: names.map((_, i) => colour(i)) },
    legend: { columns },
  };
  return {
    data: { values: points.filter(({ value }) => value >= low && value <= high) },
    mark: { type: 'line', strokeWidth: 1.8, strokeJoin: 'round' },
    encoding: {
      x,
      y: { field: 'height', type: 'quantitative', axis: null },
      color,
      detail: { field: 'name' },
    },
  };
}

/** Parts of the values that a chart leaves out on either side, where several are drawn: single ones far out would flatten the rest. */
const OUTLIERS = 0.001;

function domainOf(series: readonly Bins[]): [number, number] {
  const ends = series.map(({ counts, edges }) => {
    if (series.length === 1) return [edges[0], edges[counts.length]];
    const few = OUTLIERS * counts.reduce((sum, count) => sum + count, 0);
    const within = (order: readonly number[]): number => {
      let passed = 0;
      return order.find((i) => (passed += counts[i]) > few) ?? order[0];
    };
    const order = [...counts.keys()];
    return [edges[within(order)], edges[within(order.toReversed()) + 1]];
  });
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))]; // bounded: series
}
