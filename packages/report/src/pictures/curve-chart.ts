import { lineChart, type ChartSize, type Point, type ValueScale } from '../charts.js';
import { checkCount, colour, picture } from './picture.js';

/** A line of {@link curveChart}. */
export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  /** Default: `line`; `faint` is for noisy values, `dotted` shows each point where there are few. */
  readonly style?: 'line' | 'faint' | 'dotted';
}

/** What {@link curveChart} draws. */
export interface CurveChart {
  /** What it shows, for screen readers. */
  readonly label: string;
  /** At least one, at most 12. */
  readonly series: readonly Curve[];
  /** Default: `linear`. A logarithmic one needs values above 0, and is linear where there are others. */
  readonly scale?: ValueScale;
  /** What stands along the axes; default: nothing. */
  readonly titles?: { readonly x?: string; readonly y?: string };
}

const MOST_CURVES = 12;

/**
 * Draws values over steps, such as losses: a line for each series. Values that aren't finite are left out.
 *
 * @param size - default: 640 x 320 pixels
 * @returns an SVG document, which also stands in a page
 * @throws RangeError when there is no series, or one too many
 */
export async function curveChart(
  { label, series, scale = 'linear', titles }: CurveChart,
  size: ChartSize = { width: 640, height: 320 },
): Promise<string> {
  checkCount('curveChart: the number of series', series.length, MOST_CURVES);
  const coloured = series.map((one, i) => ({ ...one, colour: colour(i) }));
  const chart = {
    label,
    series: coloured,
    scale,
    legend: series.length > 1,
    ...(titles && { titles }),
  };
  return picture(await lineChart(chart, size));
}
