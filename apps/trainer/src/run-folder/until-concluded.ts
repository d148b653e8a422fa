import type { Evaluation, TrainingEvent, TrainingListener } from '@llm101/training';

/** A listener that waits with the end of a run until it is known how its model does. */
export interface ConcludedListener {
  readonly listener: TrainingListener;
  /** Passes on what was held back. @param evaluation - the closing validation, if there was one */
  readonly conclude: (evaluation: Evaluation | undefined) => void;
}

/**
 * Gives the last figures of a run the loss of its closing validation, where that step had none. For logs that are written once: in
 * metrics.jsonl a run that goes on has the lines of one that never ended.
 */
export function untilConcluded(listener: TrainingListener): ConcludedListener {
  let held: TrainingEvent[] = [];
  const pass = (change: (event: TrainingEvent) => TrainingEvent): void => {
    const events = held;
    held = [];
    for (const event of events) listener(change(event));
  };
  return {
    listener(event) {
      if (event.type !== 'end') pass((same) => same);
      if (event.type === 'log' || event.type === 'end') held.push(event);
      else listener(event);
    },
    conclude(evaluation) {
      const isOfBest = held.some((event) => event.type === 'end' && event.restored !== undefined);
      pass((event) =>
        evaluation === undefined || isOfBest ? event : withValidation(event, evaluation),
      );
    },
  };
}

function withValidation(
  event: TrainingEvent,
  { loss: valLoss, answerAccuracy: valAnswerAccuracy }: Evaluation,
): TrainingEvent {
  if (event.type !== 'log') return event;
  const validation = { valLoss, ...(valAnswerAccuracy !== undefined && { valAnswerAccuracy }) };
  return { ...event, metrics: { ...validation, ...event.metrics } };
}
