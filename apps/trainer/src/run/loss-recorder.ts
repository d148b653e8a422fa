import { CheckpointError, type CheckpointPart, type TrainingListener } from '@llm101/training';

/** Steps whose losses are kept. */
const STEPS = 100;

/** Keeps the losses of a run's first hundred steps, through checkpoints too. */
export class LossRecorder implements CheckpointPart {
  #losses: number[] = [];
  readonly #onComplete: (losses: readonly number[]) => void;

  /** @param onComplete - told of them after the last, or at the end of a shorter run */
  constructor(onComplete: (losses: readonly number[]) => void) {
    this.#onComplete = onComplete;
  }

  readonly listener: TrainingListener = (event) => {
    const losses = this.#losses;
    if (event.type === 'step' && event.step === losses.length + 1 && losses.length < STEPS) {
      losses.push(event.batchLoss);
      if (losses.length === STEPS) this.#onComplete(losses);
    }
    if (event.type === 'end' && losses.length > 0 && losses.length < STEPS)
      this.#onComplete(losses);
  };

  state(): ReturnType<CheckpointPart['state']> {
    const data = Float64Array.from(this.#losses);
    return { tensors: { losses: { dtype: 'F64', shape: [data.length], data } }, values: null };
  }

  load({ tensors: { losses } }: ReturnType<CheckpointPart['state']>): void {
    if (losses?.dtype !== 'F64') throw new CheckpointError('it lacks the first losses');
    this.#losses = [...losses.data];
  }
}
