import { hash } from './hash.js';
import { type History, NONE } from './history.js';

/** What of the past a prediction looks at, as one number; equal for all pasts that it can't tell apart. */
export type Context = (history: History) => number;

/** The last `order` symbols. */
function last(order: number): Context {
  return (history) => {
    let h = order;
    for (let back = 1; back <= order; back++) h = hash(h, history.back(back));
    return h;
  };
}

/** Two of the last three symbols, the other left open. */
function skipping(near: number, far: number): Context {
  return (history) => hash(hash(100 + near, history.back(near)), history.back(far));
}

/** Of lists, whose lines are alike from their starts on: more so if they are sorted. */
const ofLines: readonly Context[] = [
  // The line so far; a name that is complete can only end or go on.
  (history) => hash(200, history.lineHash),
  (history) => hash(hash(hash(201, history.column), history.back(1)), history.back(2)),
  // What the line before would say, while the line is as that.
  (history) => hash(hash(202, history.guess), Math.min(history.column, 5)),
  (history) => {
    const apart = Math.min(history.column - history.matched, 3);
    return history.guess === NONE
      ? hash(hash(203, apart), history.back(1))
      : hash(hash(hash(204, history.guess), history.column), history.back(1));
  },
  // Where the lines part, the next letter is mostly a later one.
  (history) => {
    const parting = hash(hash(205, history.matched), history.previousAfterMatch);
    return hash(hash(parting, history.back(1)), Math.min(history.column - history.matched, 3));
  },
  (history) => {
    const both = hash(hash(206, history.guess), history.earlierGuess);
    return hash(both, Math.min(history.column, 3));
  },
];

/** All contexts that are mixed: the last 0 … `order` symbols come first. */
export function contextsOf(order: number, lines: boolean): Context[] {
  const orders = Array.from({ length: order + 1 }, (_, n) => last(n));
  return [...orders, skipping(2, 3), skipping(1, 3), ...(lines ? ofLines : [])];
}
