import { formatDuration, printable } from '@llm101/training/node';
import type { Result, Sweep, SweepEvent, TrialJob } from '@llm101/sweeps';
import type { TrialProgress } from '../train/run-trial.js';
import { flagNames } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { canvas } from '../../terminal/streams.js';

/** Shows a sweep on stderr: in a terminal a line for the whole and one for each trial that runs, elsewhere a line for each that ended. */
export interface SweepDisplay {
  readonly listener: (event: SweepEvent) => void;
  progress(job: TrialJob, progress: TrialProgress): void;
  /** Writes a line that stays. */
  say(line: string): void;
  /** Takes away what is drawn. */
  end(): void;
}

/** Settings of {@link sweepDisplay}. */
export interface SweepDisplayOptions {
  readonly output: Output;
  /** Points that are tried at most, where that is known. */
  readonly trials: number | undefined;
  readonly direction: Sweep['direction'];
  /** What a trial is called: `lr 0.1`. */
  readonly describe: (job: TrialJob) => string;
  /** The terminal, or a stand-in. */
  readonly stream?: ReturnType<typeof canvas>;
  /** The time in milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const INTERVAL_MS = 100;
/** Trials that have a line of their own. */
const MOST_LINES = 16;

const keyOf = ({ trial, repetition }: Pick<Result, 'trial' | 'repetition'>): string =>
  `${trial}/${repetition}`;

export function sweepDisplay(options: SweepDisplayOptions): SweepDisplay {
  const {
    output,
    trials,
    direction,
    describe,
    stream = canvas(),
    now = () => performance.now(),
  } = options;
  const isShown = output.showsProgress;
  const isTerminal = isShown && stream.isTTY === true && !process.env['CI'];
  const running = new Map<
    string,
    { readonly job: TrialJob; progress: TrialProgress | undefined }
  >();
  const seen = new Set<number>();
  const counts = { ended: 0, paused: 0, failed: 0 };
  const sign = direction === 'minimize' ? 1 : -1;
  let best: { readonly trial: number; readonly value: number } | undefined;
  const startedMs = now();
  let drawn = 0;
  let nextMs = -Infinity;

  const erase = (): void => {
    if (drawn > 0) stream.write(`\r\u001B[${drawn}A\u001B[J`);
    drawn = 0;
  };
  const draw = (): void => {
    if (!isTerminal) return;
    nextMs = now() + INTERVAL_MS;
    const width = (stream.columns ?? 80) - 1;
    const { ended, paused, failed } = counts;
    const all = trials === undefined ? `${seen.size}` : `${seen.size} of ${trials}`;
    const whole = [
      `trials ${all}`,
      `${ended} ended`,
      ...(paused > 0 ? [`${paused} paused`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(best === undefined ? [] : [`best ${best.value.toFixed(4)} of trial ${best.trial}`]),
      formatDuration(now() - startedMs),
    ];
    const lines = [...running.values()].slice(0, MOST_LINES).map(({ job, progress }) => {
      const end = job.until ?? job.settings.maxSteps;
      const step = progress?.step ?? 0;
      const loss = progress === undefined ? '' : ` · loss ${progress.trainLoss.toFixed(4)}`;
      return `  ${job.trial}: ${describe(job)} · ${step} of ${end}${loss}`;
    });
    const more = running.size > MOST_LINES ? [`  and ${running.size - MOST_LINES} more`] : [];
    erase();
    const text = [whole.join(' · '), ...lines, ...more].map((line) =>
      printable(line).slice(0, width),
    );
    stream.write(`${text.join('\n')}\n`);
    drawn = text.length;
  };
  const say = (line: string): void => {
    erase();
    if (isShown) stream.write(`${printable(line)}\n`);
    draw();
  };
  return {
    listener(event) {
      if (event.type === 'start') {
        seen.add(event.job.trial);
        running.set(keyOf(event.job), { job: event.job, progress: undefined });
        draw();
        return;
      }
      const { result, isKnown } = event;
      const { status, trial, value, step, error } = result;
      seen.add(trial);
      const job = running.get(keyOf(result))?.job;
      running.delete(keyOf(result));
      counts[status === 'finished' ? 'ended' : status]++;
      const isBetter = value !== undefined && !(sign * value >= sign * (best?.value ?? NaN));
      if (status === 'finished' && isBetter) best = { trial, value };
      if (isKnown) return;
      const what = job === undefined ? `trial ${trial}` : `trial ${trial}: ${describe(job)}`;
      if (status === 'failed') say(`${what} failed after step ${step}: ${flagNames(error ?? '')}`);
      else if (!isTerminal || status === 'finished') {
        const how = status === 'paused' ? 'paused after' : 'ended after';
        say(`${what} · ${how} step ${step} · ${value?.toFixed(4)}`);
      }
    },
    progress(job, progress) {
      const own = running.get(keyOf(job));
      if (own !== undefined) own.progress = progress;
      if (now() >= nextMs) draw();
    },
    say,
    end: erase,
  };
}
