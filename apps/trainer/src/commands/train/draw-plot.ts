import type { Metrics } from '@llm101/training';
import { plot } from 'simple-ascii-chart';

/** The size and colours of a plot. */
export interface PlotOptions {
  /** Columns that it may fill. */
  readonly columns: number;
  readonly height: number;
  readonly colour: boolean;
}

/** Columns beside the curves: the labels of the values, and half a label of the steps. */
const MARGIN = 14;
const MOST_COLUMNS = 100;

/**
 * The losses of a run as lines of text, with a legend above. Empty before there are two points, or where it is too narrow.
 *
 * @param rows - what was logged, in the order of steps
 */
export function drawPlot(rows: readonly Metrics[], options: PlotOptions): string[] {
  const { height, colour } = options;
  const width = Math.min(options.columns, MOST_COLUMNS) - MARGIN;
  if (rows.length < 2 || width < 20) return [];
  const training = downsample(rows, width).map(({ step, trainLoss }): [number, number] => [
    step,
    trainLoss,
  ]);
  const validation = downsample(
    rows.flatMap(({ step, valLoss }) => (valLoss === undefined ? [] : [{ step, valLoss }])),
    width,
  ).map(({ step, valLoss }): [number, number] => [step, valLoss]);
  const lines = validation.length > 1 ? [training, validation] : [training];
  const losses = lines.flat().map(([, loss]) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)]; // at most two a column
  const [first, last] = [rows[0].step, rows[rows.length - 1].step];
  const drawn = plot(lines, {
    width,
    height,
    customXAxisTicks: [first, Math.round((first + last) / 2), last],
    customYAxisTicks: [low, (low + high) / 2, high],
    formatter: (value, { axis }) =>
      axis === 'y' ? value.toFixed(2) : Math.round(value).toLocaleString('en-US'),
    ...(colour && { color: ['ansiBlue', 'ansiYellow'] }),
  });
  return [legend(lines.length, colour), ...drawn.split('\n').filter((line) => line.trim() !== '')];
}

function legend(lines: number, colour: boolean): string {
  const mark = (code: number): string => (colour ? `\u001B[${code}m━\u001B[0m` : '━');
  const validation = lines > 1 ? `   ${mark(33)} validation` : '';
  return `  loss: ${mark(34)} training, mean so far${validation}`;
}

/** At most `most` of the items, evenly spread, the first and the last among them. */
function downsample<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const stride = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * stride)]);
}
