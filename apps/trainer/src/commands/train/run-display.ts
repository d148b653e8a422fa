import type { TrainingListener } from '@llm101/training';
import { progressBar } from '@llm101/training/node';
import { livePlot } from './live-plot.js';
import type { Output } from '../../terminal/output.js';
import { warn } from '../../terminal/warn.js';

/** What {@link runDisplay} shows. */
export interface RunDisplayOptions {
  /** Whether the losses are drawn as they come. */
  readonly plot: boolean;
  readonly output: Output;
}

/** A run on stderr. */
export interface RunDisplay {
  readonly listeners: readonly TrainingListener[];
  /** Writes a warning below what is drawn. */
  readonly warn: (message: string) => void;
}

/** Shows a run as it goes: a progress bar, above it the losses where they are wanted. */
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
