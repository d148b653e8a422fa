import type { Batch } from '@llm101/data';
import type { Steps } from '../step/steps.js';

/** A step that was taken. */
export interface TakenStep {
  /** How many that makes. */
  readonly step: number;
  /** Loss of its mini-batch before the step, in nats. */
  readonly batchLoss: number;
  readonly learningRate: number;
  /** Whether no other is under way: variables are as this one has left them. */
  readonly isSettled: boolean;
}

/** Settings of {@link takeSteps}. */
export interface TakeStepsOptions {
  readonly steps: Pick<Steps, 'step' | 'ahead'>;
  /** Steps that were done before. */
  readonly done: number;
  /** Called before each step is begun. @returns its learning rate */
  readonly prepare: (step: number, batch: Batch) => number | Promise<number>;
  /** Whether a step that has begun must be settled before another begins. */
  readonly mustSettle: (step: number) => boolean;
  /** Whether no other step is to begin. */
  readonly isOver: () => boolean;
}

/** A step whose loss may not be known yet. */
interface BegunStep extends Omit<TakenStep, 'batchLoss' | 'isSettled'> {
  readonly loss: number | Promise<number>;
}

/**
 * Takes a step on each batch, and says of each, in their order, once its loss is known. Where steps are computed elsewhere a few are
 * begun before the first of them is known; otherwise each is settled before another begins.
 */
export async function* takeSteps(
  batches: Iterable<Batch>,
  { steps, done, prepare, mustSettle, isOver }: TakeStepsOptions,
): AsyncGenerator<TakenStep, void, undefined> {
  const begun: BegunStep[] = [];
  const { ahead = 1 } = steps;
  let step = done;
  for (const batch of batches) {
    step++;
    const prepared = prepare(step, batch);
    const learningRate = typeof prepared === 'number' ? prepared : await prepared;
    const loss = steps.step(batch);
    if (loss instanceof Promise) loss.catch(() => {}); // whoever awaits it is told, unless a step before it fails
    begun.push({ step, learningRate, loss });
    const most = mustSettle(step) ? 0 : ahead - 1;
    while (begun.length > most) yield settled(begun);
    if (isOver()) break;
  }
  while (begun.length > 0) yield settled(begun);
}

/** The first of some steps, taken from them; a promise where its loss is one. */
function settled(begun: BegunStep[]): TakenStep | Promise<TakenStep> {
  const [{ step, learningRate, loss }] = begun.splice(0, 1);
  const isSettled = begun.length === 0;
  if (typeof loss === 'number') return { step, batchLoss: loss, learningRate, isSettled };
  return loss.then((batchLoss) => ({ step, batchLoss, learningRate, isSettled }));
}
