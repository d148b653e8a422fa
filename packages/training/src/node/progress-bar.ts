import type { Evaluation } from '../evaluation/evaluate.js';
import type { TrainingListener } from '../loop/training-event.js';
import { statusLine, type StatusStream } from './status-line.js';

/** Settings of {@link progressBar}. */
export interface ProgressBarOptions {
  /** Default: `process.stderr`. */
  readonly stream?: StatusStream;
  /** Now, in milliseconds. Default: a clock. */
  readonly now?: () => number;
}

/**
 * A listener that shows how far a run is, its rate, the time left and the running loss. In a terminal it is one line
 * that is drawn again and again; in a pipe or a CI log, plain lines now and then.
 */
export function progressBar(options: ProgressBarOptions = {}): TrainingListener {
  const { stream = process.stderr, now = () => performance.now() } = options;
  const line = statusLine(stream, { now });
  let state: Progress = { step: 0, maxSteps: 0, elapsedMs: 0 };
  let startMs = 0;
  const textOf =
    (validating?: Progress['validating']) =>
    (width?: number): string =>
      formatProgress(
        { ...state, elapsedMs: now() - startMs, ...(validating && { validating }) },
        width,
      );

  return (event) => {
    switch (event.type) {
      case 'start':
        state = { step: event.step, startStep: event.step, maxSteps: event.maxSteps, elapsedMs: 0 };
        startMs = now();
        line.show(textOf());
        return;
      case 'step':
        state = { ...state, step: event.step, trainLoss: event.trainLoss };
        line.update(textOf());
        return;
      case 'validating':
        line.update(textOf(event));
        return;
      case 'validation':
        state = { ...state, ...validated(event.evaluation) };
        return;
      case 'watch':
      case 'samples':
      case 'log':
        return;
      case 'end':
        if (line.isTerminal || state.step > 0) line.end(textOf());
        return;
      default:
        event satisfies never;
    }
  };
}

const validated = ({ loss: valLoss, answerAccuracy }: Evaluation): Partial<Progress> => ({
  valLoss,
  ...(answerAccuracy !== undefined && { answerAccuracy }),
});

/** How far a run is. */
export interface Progress {
  readonly step: number;
  /** Steps done before the clock began. Default: 0. */
  readonly startStep?: number;
  readonly maxSteps: number;
  readonly elapsedMs: number;
  /** Running mean, in nats. */
  readonly trainLoss?: number;
  /** Last validation, in nats. */
  readonly valLoss?: number;
  /** Fraction of whole answers that it found right. */
  readonly answerAccuracy?: number;
  /** How far the validation is that runs now. */
  readonly validating?: { readonly scored: number; readonly total: number | undefined };
}

const MOST_CELLS = 30;
/** A shorter bar says no more than the percentage before it. */
const LEAST_CELLS = 8;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * One line about a run: ` 42% ████▏      4,200/10,000 · 345 steps/s · 0:17 left · loss 2.4206 · val 2.3412`.
 *
 * @param width - columns it may fill; the bar shrinks, then words and numbers are left out for it, then it goes itself and
 * the line is cut. Without it there is no bar.
 */
export function formatProgress(progress: Progress, width?: number): string {
  const { step, maxSteps } = progress;
  const fraction = maxSteps === 0 ? 0 : step / maxSteps;
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const texts = progressTexts(progress);
  if (width === undefined) return `${percent} ${texts[0]}`;
  for (const text of texts) {
    const cells = Math.min(MOST_CELLS, width - percent.length - text.length - 2);
    if (cells >= LEAST_CELLS) return `${percent} ${bar(fraction, cells)} ${text}`;
  }
  return `${percent} ${texts.at(-1)}`.slice(0, Math.max(width, 0));
}

/** What is said beside the bar, from all of it to what matters most. */
function progressTexts(progress: Progress): readonly string[] {
  const { step, startStep = 0, maxSteps, elapsedMs, trainLoss } = progress;
  const { valLoss, answerAccuracy, validating } = progress;
  const rate = elapsedMs > 0 ? ((step - startStep) * 1000) / elapsedMs : 0;
  const steps = `${thousands(step)}/${thousands(maxSteps)}`;
  const perSecond = rate < 10 ? rate.toFixed(1) : thousands(Math.round(rate));
  const [long, short] = rate > 0 ? [[`${perSecond} steps/s`], [`${perSecond}/s`]] : [[], []];
  const time = [];
  if (rate > 0) {
    time.push(
      step < maxSteps
        ? `${formatDuration(((maxSteps - step) * 1000) / rate)} left`
        : `took ${formatDuration(elapsedMs)}`,
    );
  }
  const losses = [];
  if (trainLoss !== undefined) losses.push(`loss ${nats(trainLoss)}`);
  if (validating !== undefined) losses.push(`validating ${scoredFraction(validating)}`);
  else if (valLoss !== undefined) losses.push(`val ${nats(valLoss)}`);
  if (answerAccuracy !== undefined) losses.push(`answers ${(100 * answerAccuracy).toFixed(1)}%`);
  return [
    [steps, ...long, ...time, ...losses],
    [steps, ...short, ...time, ...losses],
    [thousands(step), ...short, ...time, ...losses],
    [...time, ...losses],
    losses.length > 0 ? losses : [steps],
  ].map((parts) => parts.join(' · '));
}

function bar(fraction: number, cells: number): string {
  const eighths = Math.floor(fraction * cells * 8);
  const full = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return full.padEnd(cells, '·');
}

/** Milliseconds as people read them: `0:17`, `12:03`, `1:02:03`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `2.4206`, and `1.23e+22` for that of a run that diverges. */
const nats = (loss: number): string => (loss < 1e5 ? loss.toFixed(4) : loss.toExponential(2));

/** `42%`, or the number where the total isn't known. */
const scoredFraction = ({ scored, total }: NonNullable<Progress['validating']>): string =>
  total === undefined ? thousands(scored) : `${Math.floor((100 * scored) / total)}%`;

const two = (n: number): string => String(n).padStart(2, '0');
const thousands = (n: number): string => n.toLocaleString('en-US');
