import {
  constantRate,
  cosineDecay,
  linearDecay,
  oneCycle,
  stepDecay,
  warmUp,
} from '@llm101/training';
import type { Schedule } from '@llm101/training';
import { namesOf } from './rules.js';

/** What {@link makeSchedule} reads. */
export interface ScheduleSettings {
  readonly schedule: keyof typeof scheduleKinds;
  readonly lr: number;
  readonly maxSteps: number;
  /** Steps, or a share of them all such as `5%`. */
  readonly warmupSteps: number | string;
  /** The step from which on the rate is the final one. Default: maxSteps. */
  readonly decaySteps?: number | undefined;
  readonly finalLr: number;
  readonly stepSize: number;
  readonly gamma: number;
}

type Settings = Omit<ScheduleSettings, 'schedule'>;

type Rates = Settings & { readonly warmupSteps: number };

/** A schedule of the learning rate, as `--schedule` names it. */
interface ScheduleKind {
  /** The settings that it reads; where only some kinds read a setting, it is refused for the others. */
  readonly reads: Readonly<Partial<Record<keyof Settings, true>>>;
  /** Whether its rates are laid out for `maxSteps`, where no `decaySteps` are set. */
  readonly isFitted?: true;
  make(settings: Rates): Schedule;
}

/** A rate that falls from the end of the warm-up to `decaySteps`. */
function decaying(decay: typeof cosineDecay) {
  return {
    reads: { warmupSteps: true, decaySteps: true, finalLr: true },
    isFitted: true,
    make(settings: Rates) {
      const { lr: learningRate, maxSteps, warmupSteps, finalLr: finalLearningRate } = settings;
      const steps = Math.max((settings.decaySteps ?? maxSteps) - warmupSteps, 1);
      return warmUp(warmupSteps, decay({ learningRate, steps, finalLearningRate }));
    },
  } satisfies ScheduleKind;
}

/** The schedules by name. A new one is a row here. */
export const scheduleKinds = {
  constant: {
    reads: { warmupSteps: true },
    make: ({ lr, warmupSteps }: Rates) => warmUp(warmupSteps, constantRate(lr)),
  },
  step: {
    reads: { warmupSteps: true, stepSize: true, gamma: true },
    make: ({ lr: learningRate, warmupSteps, stepSize, gamma }: Rates) =>
      warmUp(warmupSteps, stepDecay({ learningRate, stepSize, gamma })),
  },
  cosine: decaying(cosineDecay),
  linear: decaying(linearDecay),
  'one-cycle': {
    reads: {},
    isFitted: true,
    make: ({ lr: learningRate, maxSteps: steps }: Rates) => oneCycle({ learningRate, steps }),
  },
} satisfies Readonly<Record<string, ScheduleKind>>;

/** The names of {@link scheduleKinds}. */
export const scheduleNames = namesOf(scheduleKinds);

/** The learning rate of each step, by the settings. */
export function makeSchedule(settings: ScheduleSettings): Schedule {
  const warmupSteps = warmupOf(settings);
  return scheduleKinds[settings.schedule].make({ ...settings, warmupSteps });
}

/** Steps of the warm-up: a share of all is rounded to the nearest whole number. */
export function warmupOf({
  warmupSteps,
  maxSteps,
}: Pick<ScheduleSettings, 'warmupSteps' | 'maxSteps'>): number {
  if (typeof warmupSteps === 'number') return warmupSteps;
  return Math.round((Number.parseFloat(warmupSteps) / 100) * maxSteps);
}

/** Whether the rates are laid out for `maxSteps`, so that a run of another length has others from the start. */
export function isFitted(
  settings: Partial<Pick<ScheduleSettings, 'schedule' | 'warmupSteps' | 'decaySteps'>>,
): boolean {
  const { schedule, warmupSteps, decaySteps } = settings;
  if (typeof warmupSteps === 'string') return true;
  return (
    schedule !== undefined &&
    'isFitted' in { ...scheduleKinds[schedule] } &&
    decaySteps === undefined
  );
}
