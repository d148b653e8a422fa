/** The loss is no finite number any more: the steps were too large. */
export class DivergenceError extends Error {
  /** Stands before the message. */
  override readonly name = 'DivergenceError';
  /** At which it happened. */
  readonly step: number;
  /** NaN or an infinity. */
  readonly loss: number;

  constructor(step: number, loss: number, learningRate: number) {
    super(
      `train: the loss must be finite; got ${loss} at step ${step}; lower the learning rate (it is ${learningRate})`,
    );
    this.step = step;
    this.loss = loss;
  }
}
