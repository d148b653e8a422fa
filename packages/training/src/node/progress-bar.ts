import type { TrainingListener } from '../training-event.js';
import { formatProgress, type Progress } from './format-progress.js';

/** Where a bar is drawn: `process.stderr`, or a stand-in. */
export interface ProgressStream {
  /** Prints. */
  write(text: string): unknown;
  /** Whether it is a terminal, on which a line can be written again. */
  readonly isTTY?: boolean;
  /** Characters a line has room for. */
  readonly columns?: number;
}

/** Settings of {@link progressBar}. */
export interface ProgressBarOptions {
  /** `process.stderr` unless given. */
  readonly stream?: ProgressStream;
  /** Now, in milliseconds; a clock unless given. */
  readonly now?: () => number;
}

/** In a terminal the line is drawn again ten times a second, elsewhere a new one is written at once and every ten seconds. */
const TERMINAL_INTERVAL_MS = 100;
const PIPE_INTERVAL_MS = 10_000;

/** What stays free at the end of the line: the cursor and a `^C`, which would else break it in two. */
const ROOM = 3;

/**
 * A listener that shows how far a run is, its rate, the time left and the running loss. In a terminal it is one line
 * that is drawn again and again; in a pipe or a CI log, plain lines now and then.
 */
export function progressBar(options: ProgressBarOptions = {}): TrainingListener {
  const { stream = process.stderr, now = () => performance.now() } = options;
  const inTerminal = stream.isTTY === true && !process.env['CI'];
  const intervalMs = inTerminal ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS;
  let state: Progress = { step: 0, maxSteps: 0, elapsedMs: 0 };
  let startMs = 0;
  let drawnMs = 0;

  const draw = (end: string, validating?: Progress['validating']): void => {
    drawnMs = now();
    state = { ...state, elapsedMs: drawnMs - startMs };
    const width = inTerminal ? (stream.columns ?? 80) - ROOM : undefined;
    const line = formatProgress({ ...state, ...(validating && { validating }) }, width);
    stream.write(inTerminal ? `\r${line}\u001B[K${end}` : `${line}\n`);
  };

  return (event) => {
    switch (event.type) {
      case 'start':
        state = { step: event.step, startStep: event.step, maxSteps: event.maxSteps, elapsedMs: 0 };
        startMs = now();
        drawnMs = startMs;
        draw('');
        return;
      case 'step':
        state = { ...state, step: event.step, trainLoss: event.trainLoss };
        if (now() - drawnMs >= intervalMs) draw('');
        return;
      case 'validating':
        if (now() - drawnMs < intervalMs) return;
        draw('', event);
        return;
      case 'validation':
        state = { ...state, valLoss: event.evaluation.loss };
        return;
      case 'watch':
      case 'samples':
      case 'log':
        return;
      case 'end':
        if (inTerminal || state.step > 0) draw('\n');
        return;
      default:
        event satisfies never;
    }
  };
}
