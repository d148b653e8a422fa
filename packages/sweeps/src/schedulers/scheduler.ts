/** Says which trials pause, and which of these go on. */
export interface Scheduler {
  /** The steps at which a trial pauses, rising; after the last pause it goes on to its end. */
  readonly pauses: readonly number[];
  /** Enters the loss of a trial at its pause of that number, counted from 0; less is better, `Infinity` where it failed. */
  observe(trial: number, pause: number, loss: number): void;
  /**
   * A trial that goes on from a pause; each is returned once.
   *
   * @param isLast - whether no trial is to come any more: then the best of each pause goes on
   */
  promote(isLast: boolean): Promotion | undefined;
}

/** A trial that goes on. */
export interface Promotion {
  readonly trial: number;
  /** From the pause of that number, counted from 0. */
  readonly pause: number;
}
