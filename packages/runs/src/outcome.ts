import { CheckpointError } from '@llm101/training';
import type {
  Best,
  CheckpointPart,
  EndReason,
  TrainingEvent,
  TrainingListener,
} from '@llm101/training';

/** The outcome of a run, whatever ended it. */
export class RunOutcome {
  /** Steps done. */
  step = 0;
  /** Why it ended; `failed` until it has. */
  reason: EndReason = 'failed';
  /** How its steps rounded, as their compiler says; of a run that changed its device, one after the other. */
  arithmetic: string | undefined;
  /** The validation whose weights the model has in the end; undefined where it has those of the last step. */
  best: Best | undefined;

  /** Steps that the model has seen, where a run that failed did others. */
  #seen: number | undefined;

  readonly listener: TrainingListener = (event) => {
    if (event.type === 'start' || event.type === 'step') this.step = event.step;
    if (event.type === 'start') this.arithmetic = arithmeticOf(event);
    if (event.type !== 'end') return;
    this.#seen = event.modelStep;
    this.reason = event.reason;
    this.best = event.restored;
  };

  /**
   * Steps that the model has seen: fewer than were done where it has the weights of its best validation, and others where a run failed
   * whose steps were computed elsewhere.
   */
  get modelStep(): number {
    return this.best?.step ?? this.#seen ?? this.step;
  }
}

/** Characters of what is said of a run's arithmetic at most. */
const MOST_SAID = 100;

/** `compiled to step 500, then compiled for WebGPU` */
function arithmeticOf({
  arithmetic,
  earlier = [],
}: Pick<Extract<TrainingEvent, { type: 'start' }>, 'arithmetic' | 'earlier'>): string | undefined {
  if (arithmetic === undefined || earlier.length === 0) return arithmetic;
  const parts = earlier.map(({ arithmetic: how, until }) => `${how} to step ${until}`);
  const said = `${parts.join(', ')}, then ${arithmetic}`;
  if (said.length <= MOST_SAID) return said;
  return `otherwise ${earlier.length} times, then ${arithmetic}`.slice(0, MOST_SAID);
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
