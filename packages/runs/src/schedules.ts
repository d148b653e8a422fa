import { constantRate, cosineDecay, oneCycle, stepDecay, warmUp } from '@llm101/training';
import type { Schedule } from '@llm101/training';
import { namesOf } from './rules.js';

/** What {@link makeSchedule} reads. */
export interface ScheduleSettings {
  readonly schedule: keyof typeof scheduleKinds;
  readonly lr: number;
  readonly maxSteps: number;
  readonly warmupSteps: number;
  readonly finalLr: number;
  readonly stepSize: number;
  readonly gamma: number;
}

type Rates = Omit<ScheduleSettings, 'schedule'>;

/** A schedule of the learning rate, as `--schedule` names it. */
interface ScheduleKind {
  /** The settings that it reads; where only some kinds read a setting, it is refused for the others. */
  readonly reads: Readonly<Partial<Record<keyof Rates, true>>>;
  /** Whether its rates are laid out for `maxSteps`, so that a run of another length has others from the start. */
  readonly isFitted?: true;
  make(settings: Rates): Schedule;
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
  cosine: {
    reads: { warmupSteps: true, finalLr: true },
    isFitted: true,
    make({ lr: learningRate, maxSteps, warmupSteps, finalLr: finalLearningRate }: Rates) {
      const steps = Math.max(maxSteps - warmupSteps, 1);
      return warmUp(warmupSteps, cosineDecay({ learningRate, steps, finalLearningRate }));
    },
  },
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
  return scheduleKinds[settings.schedule].make(settings);
}
