import type { TrainOptions } from './train-options.js';

/** What is to be done at which step, besides taking it. */
export interface Due {
  /** Before the step. */
  watch(step: number): boolean;
  validate(step: number): boolean;
  log(step: number): boolean;
  sample(step: number): boolean;
  /** Whether a checkpoint is written though the step is neither the best nor the last. */
  save(step: number): boolean;
  /** Whether the caller is to be called after the step; it was asked when the step had begun. */
  between(step: number): boolean;
  /** Whether no other step may begin before this one is settled, as something looks at the model in between. Asked once, when it has begun. */
  settle(step: number): boolean;
}

/** By the intervals of a run; those of 0 are never. */
export function dueOf(options: TrainOptions): Due {
  const { maxSteps, valInterval = 0, logInterval = 100 } = options;
  const { watchInterval = 0, sampleInterval = 0, checkpoints } = options;
  const { between, isBetweenDue = () => true } = options;
  let betweenAt = -1;
  const due: Due = {
    watch: (step) =>
      watchInterval > 0 && (step === 1 || step === maxSteps || every(watchInterval, step)),
    validate: (step) => every(valInterval, step),
    log: (step) => every(logInterval, step),
    sample: (step) => every(sampleInterval, step),
    save: (step) => checkpoints !== undefined && (checkpoints.isDue?.(step) ?? true),
    between: (step) => step === betweenAt,
    settle(step) {
      if (between !== undefined && isBetweenDue(step)) betweenAt = step;
      const isLooked = due.between(step) || due.watch(step + 1);
      return (
        isLooked || step === maxSteps || due.validate(step) || due.sample(step) || due.save(step)
      );
    },
  };
  return due;
}

const every = (interval: number, step: number): boolean => interval > 0 && step % interval === 0;
