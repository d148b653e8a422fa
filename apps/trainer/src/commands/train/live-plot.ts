import type { Metrics, TrainingListener } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { plot } from 'simple-ascii-chart';
import type { Output } from '../../terminal/output.js';
import { canvas, warn } from '../../terminal/streams.js';

/** The terminal, or a stand-in. */
export interface PlotStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** A plot that is redrawn above the cursor's line. */
export interface LivePlot {
  readonly listener: TrainingListener;
  /** Leaves what was drawn as it is: something else is written now, and the next plot comes below it. */
  release(): void;
}

/** Settings of {@link livePlot}. */
export interface LivePlotOptions {
  readonly stream: PlotStream;
  /** The time in milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const HEIGHT = 12;

/** Lines for a plot, the progress bar and the shell's prompt. */
const LEAST_ROWS = HEIGHT + 8;

/** A plot takes some 10 ms, so that this costs 2 %. */
const INTERVAL_MS = 500;

/** The losses of a run, live. Only a terminal that is large enough gets a plot; elsewhere nothing is written. */
export function livePlot({ stream, now = () => performance.now() }: LivePlotOptions): LivePlot {
  const rows: Metrics[] = [];
  let drawnLines = 0;
  let drawnMs = -Infinity;
  let drawnRows = 0;
  let drawnColumns: number | undefined;

  const draw = (): void => {
    if (stream.isTTY !== true || (stream.rows ?? 0) < LEAST_ROWS) return;
    drawnMs = now();
    drawnRows = rows.length;
    // A terminal breaks what was drawn into other lines when it is resized: the next plot comes below.
    if (stream.columns !== drawnColumns) drawnLines = 0;
    drawnColumns = stream.columns;
    const columns = (stream.columns ?? 80) - 1;
    const lines = drawPlot(rows, { columns, height: HEIGHT, colour: !process.env['NO_COLOR'] });
    if (lines.length === 0) return;
    const up = drawnLines > 0 ? `\u001B[${drawnLines}A` : '';
    const text = lines.map((line) => `${line}\u001B[K\n`).join('');
    stream.write(`\r${up}\u001B[J${text}`);
    drawnLines = lines.length;
  };

  return {
    listener(event) {
      if (event.type === 'log') {
        rows.push(event.metrics);
        if (now() - drawnMs >= INTERVAL_MS) draw();
      } else if (event.type === 'end' && rows.length > drawnRows) draw();
    },
    release() {
      drawnLines = 0;
    },
  };
}

/** What {@link runDisplay} shows. */
export interface RunDisplayOptions {
  /** Whether the losses are drawn as they come. */
  readonly plot: boolean;
  readonly output: Output;
}

/** Shows a run on stderr. */
export interface RunDisplay {
  readonly listeners: readonly TrainingListener[];
  /** Writes a warning below what is drawn. */
  readonly warn: (message: string) => void;
}

/** Shows a run while it trains: a progress bar, and above it the losses where they are wanted. */
export function runDisplay({ plot: isPlotted, output }: RunDisplayOptions): RunDisplay {
  const live = livePlot({ stream: canvas() });
  const shown = [...(isPlotted ? [live.listener] : []), progressBar({ stream: canvas() })];
  return {
    listeners: output.showsProgress ? shown : [],
    warn(message) {
      live.release();
      warn(message);
    },
  };
}

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
/** Columns of the legend in full. */
const LEGEND_COLUMNS = 46;

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
  const [low, high] = [Math.min(...losses), Math.max(...losses)]; // bounded: two a column
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
  return [legend(lines.length, options), ...drawn.split('\n').filter((line) => line.trim() !== '')];
}

/** The longest legend that one line has room for. */
function legend(lines: number, { columns, colour }: PlotOptions): string {
  const [training, validation] = [34, 33].map((code) =>
    colour ? `\u001B[${code}m━\u001B[0m` : '━',
  );
  const isValidated = lines > 1;
  const long = `  loss: ${training} training, mean so far${isValidated ? `   ${validation} validation` : ''}`;
  return columns >= LEGEND_COLUMNS
    ? long
    : `  ${training} training${isValidated ? `  ${validation} validation` : ''}`;
}

/** At most `most` of the items, evenly spread, the first and the last among them. */
function downsample<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  const stride = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => items[Math.round(i * stride)]);
}
