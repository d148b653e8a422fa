import { lossOf, type Trial } from './plan.js';
import type { Point } from './space/space.js';
import type { Sweep } from './sweep.js';

/** What came of a trial. */
export interface TrialOutcome {
  /** From 0 on. */
  readonly trial: number;
  readonly point: Point;
  /** `paused` where it was left behind, `waiting` where not all of it is done. */
  readonly status: 'waiting' | 'paused' | 'finished' | 'failed';
  /** Steps done, by the seed that did most. */
  readonly step: number;
  /** The objective, the mean over its seeds; undefined where one failed or none is measured. */
  readonly value: number | undefined;
  /** The objective of each seed. */
  readonly values: readonly (number | undefined)[];
  /** Why it failed. */
  readonly error: string | undefined;
}

/** What came of a trial so far. */
export function outcomeOf(trial: Trial, sweep: Sweep): TrialOutcome {
  const results = Array.from({ length: sweep.seeds }, (_, i) => trial.results.get(i));
  const known = results.filter((result) => result !== undefined);
  const failed = known.find(({ status }) => status === 'failed');
  const isAll = known.length === sweep.seeds;
  const isOver = known.every(({ status }) => status === 'finished');
  // While one seed has gone on and another not, their mean is of nothing.
  const isEven = isOver || new Set(known.map(({ step }) => step)).size <= 1;
  const value = lossOf(trial, sweep);
  return {
    trial: trial.number,
    point: trial.point,
    status:
      failed !== undefined
        ? 'failed'
        : !isAll || !isEven
          ? 'waiting'
          : isOver
            ? 'finished'
            : 'paused',
    step: known.reduce((most, { step }) => Math.max(most, step), 0),
    value:
      value === Infinity || !isAll || !isEven
        ? undefined
        : sweep.direction === 'minimize'
          ? value
          : -value,
    values: results.map((result) => result?.value),
    error: failed?.error,
  };
}

/** Best first: those that went further before the others, then by their objective; those without one come last, in the order of their numbers. */
export function ranked(
  outcomes: readonly TrialOutcome[],
  { direction, scheduler }: Sweep,
): TrialOutcome[] {
  const sign = direction === 'minimize' ? 1 : -1;
  const lossAt = ({ value }: TrialOutcome): number =>
    value === undefined ? Infinity : sign * value;
  const reach = ({ status, step }: TrialOutcome): number =>
    scheduler.kind === 'none' ? 0 : status === 'finished' ? Infinity : step;
  return outcomes.toSorted(
    (a, b) =>
      Number(a.value === undefined) - Number(b.value === undefined) ||
      (reach(a) === reach(b) ? 0 : reach(b) - reach(a)) ||
      (lossAt(a) === lossAt(b) ? 0 : lossAt(a) - lossAt(b)) ||
      a.trial - b.trial,
  );
}
