import { isPatienceUsed, linesUntil, logLine, type LogName, logRows } from '@llm101/training';
import type { Resumed, TrainingListener } from '@llm101/training';
import type { Settings } from '../settings/settings.js';

/** The logs of a run folder, lines of JSON each: `metrics.jsonl`, `samples.jsonl`, `statistics.jsonl`. */
export type RunLogs = Readonly<Record<LogName, string>>;

/** Up to which step the logs of a resumed run keep their lines. */
export type KeptSteps = Readonly<Record<LogName, number>>;

export const logNames = ['metrics', 'samples', 'statistics'] as const satisfies LogName[];

/** Logs that are kept in memory. */
export interface MemoryLogs {
  /** Writes a line for each event that has one. */
  readonly listener: TrainingListener;
  /** What the files of a run folder would hold now. */
  texts(): RunLogs;
}

/** Characters of a log that is kept in memory. */
const MOST = 4_000_000;

/**
 * Keeps the logs of a run in memory, line for line as `llm101 train` writes them into its folder. Of one that grows beyond 4,000,000
 * characters, as a run without end has it, every other line is dropped, so that memory stays bounded.
 *
 * @param before - those of the run that is resumed. Default: a new run
 * @param kept - by {@link keptSteps}: up to where. Default: all of their lines
 */
export function memoryLogs(before: Partial<RunLogs> = {}, kept?: KeptSteps): MemoryLogs {
  const logs: Record<LogName, string> = { metrics: '', samples: '', statistics: '' };
  for (const name of logNames)
    logs[name] = linesUntil(before[name] ?? '', kept?.[name] ?? Infinity);
  return {
    listener(event) {
      for (const name of logNames) {
        const row = logRows[name](event);
        if (row === undefined) continue;
        logs[name] += logLine(row);
        if (logs[name].length > MOST) logs[name] = everyOther(logs[name]);
      }
    },
    texts: () => ({ ...logs }),
  };
}

/** Every other line, the last among them. */
function everyOther(log: string): string {
  const lines = log.trimEnd().split('\n');
  return `${lines.filter((_, i) => (lines.length - i) % 2 === 1).join('\n')}\n`;
}

/**
 * The last steps that an unbroken run would have logged by now. A run that was stopped logs its last step, and draws
 * samples, whatever the intervals say; those lines are dropped when it resumes.
 *
 * @param resumed - where it resumes; nothing where it starts from the beginning
 * @param settings - as it was started, which is how its lines were logged, and as it resumes
 */
export function keptSteps(
  resumed: Pick<Resumed, 'step' | 'best'> | undefined,
  { before, settings }: { readonly before: Settings; readonly settings: Settings },
): KeptSteps {
  const { valInterval, logInterval, sampleInterval, watchInterval } = before;
  const step = resumed?.step ?? 0;
  const isOver =
    resumed !== undefined &&
    (step === settings.maxSteps || isPatienceUsed(resumed.best, settings.patience));
  const until = (...intervals: number[]): number =>
    isOver || intervals.some((interval) => interval > 0 && step % interval === 0) ? step : step - 1;
  return {
    metrics: until(logInterval, valInterval),
    samples: until(sampleInterval),
    // a run looks at its last step too, which isn't the last any more where it is trained longer
    statistics: step === before.maxSteps ? until(watchInterval) : step,
  };
}
