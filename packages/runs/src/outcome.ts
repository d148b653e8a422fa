import { CheckpointError } from '@llm101/training';
import type { Best, CheckpointPart, EndReason, TrainingListener } from '@llm101/training';

/** The outcome of a run, whatever ended it. */
export class RunOutcome {
  /** Steps done. */
  step = 0;
  /** Why it ended; `failed` until it has. */
  reason: EndReason = 'failed';
  /** How its steps rounded, as their compiler says. */
  arithmetic: string | undefined;
  /** The validation whose weights the model has in the end; undefined where it has those of the last step. */
  best: Best | undefined;

  readonly listener: TrainingListener = (event) => {
    if (event.type === 'start' || event.type === 'step') this.step = event.step;
    if (event.type === 'start') this.arithmetic = event.arithmetic;
    if (event.type !== 'end') return;
    this.reason = event.reason;
    this.best = event.restored;
  };

  /** Steps that the model has seen: fewer than were done where it has the weights of its best validation. */
  get modelStep(): number {
    return this.best?.step ?? this.step;
  }
}

/** Steps whose losses are kept. */
export const FIRST_STEPS = 100;

/** Keeps the losses of a run's first hundred steps, in checkpoints too: what another machine must reproduce. */
export class FirstLosses implements CheckpointPart {
  #losses: number[] = [];

  /** In nats, that of step 1 first. */
  get values(): readonly number[] {
    return this.#losses;
  }

  readonly listener: TrainingListener = (event) => {
    const losses = this.#losses;
    if (event.type !== 'step' || event.step !== losses.length + 1) return;
    if (losses.length < FIRST_STEPS) losses.push(event.batchLoss);
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
