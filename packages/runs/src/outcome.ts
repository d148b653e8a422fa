import type { Best, EndReason, TrainingListener } from '@llm101/training';

/** The outcome of a run, whatever ended it. */
export class RunOutcome {
  /** Steps done. */
  step = 0;
  /** Why it ended; `failed` until it has. */
  reason: EndReason = 'failed';
  /** The validation whose weights the model has in the end; undefined where it has those of the last step. */
  best: Best | undefined;

  readonly listener: TrainingListener = (event) => {
    if (event.type === 'start' || event.type === 'step') this.step = event.step;
    if (event.type !== 'end') return;
    this.reason = event.reason;
    this.best = event.restored;
  };

  /** Steps that the model has seen: fewer than were done where it has the weights of its best validation. */
  get modelStep(): number {
    return this.best?.step ?? this.step;
  }
}
