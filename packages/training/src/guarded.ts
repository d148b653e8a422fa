import type { TrainingListener } from './training-event.js';

/**
 * A listener whose errors don't end the run: the first is told, the others are kept quiet. It hears of later events
 * all the same, so that a log whose disk was full for a while goes on; one that can't be opened hears of nothing.
 *
 * @param open - makes the listener; it is called at once
 * @param tell - gets the first error
 */
export function guarded(
  open: () => TrainingListener,
  tell: (error: unknown) => void,
): TrainingListener {
  let told = false;
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      if (!told) tell(error);
      told = true;
      return undefined;
    }
  };
  const listener = attempt(open);
  return (event) => attempt(() => listener?.(event));
}
