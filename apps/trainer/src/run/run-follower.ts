import type { Best, EndReason, TrainingListener } from '@llm101/training';

/** Follows a run, so that its command knows afterwards what became of it, whatever ended it. */
export class RunFollower {
  /** Steps done. */
  step: number;
  reason: EndReason = 'failed';
  /** The validation whose weights the model has in the end; nothing where it has those of the last step. */
  best: Best | undefined;

  /** @param step - steps done before */
  constructor(step: number) {
    this.step = step;
  }

  readonly listener: TrainingListener = (event) => {
    if (event.type === 'step') this.step = event.step;
    if (event.type !== 'end') return;
    this.reason = event.reason;
    this.best = event.restored;
  };

  /** What of the run its model has: the steps it has learned in, the last step, whether it is that of the best validation. */
  get outcome(): { readonly step: number; readonly lastStep: number; readonly isBest: boolean } {
    const { step: lastStep, best } = this;
    return { step: best?.step ?? lastStep, lastStep, isBest: best !== undefined };
  }

  /** How the run ended, unless all steps were done and the model is that of the last. */
  describe(): string[] {
    const { step, reason, best } = this;
    const steps = step.toLocaleString('en-US');
    return [
      ...(reason === 'no better' ? [`validations got no better; ended after step ${steps}`] : []),
      ...(best === undefined
        ? []
        : [
            `the model is that of step ${best.step}, the best validation: ${best.valLoss.toFixed(4)} nats`,
          ]),
    ];
  }
}
