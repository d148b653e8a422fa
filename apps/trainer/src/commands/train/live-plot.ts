import type { Metrics, TrainingListener } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { type Output, warn } from '../../terminal/output.js';
import { drawPlot } from './draw-plot.js';

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

  const draw = (): void => {
    if (stream.isTTY !== true || (stream.rows ?? 0) < LEAST_ROWS) return;
    drawnMs = now();
    drawnRows = rows.length;
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
  const plot = livePlot({ stream: process.stderr });
  const shown = [...(isPlotted ? [plot.listener] : []), progressBar()];
  return {
    listeners: output.showsProgress ? shown : [],
    warn(message) {
      plot.release();
      warn(message);
    },
  };
}
