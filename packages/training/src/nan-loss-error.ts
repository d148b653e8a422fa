/** A model has diverged so far that it foretells nothing any more. */
export class NanLossError extends RangeError {
  constructor() {
    super(
      'evaluate: the loss must be a number; got NaN, the model has diverged: train it again with a lower learning rate',
    );
  }
}
