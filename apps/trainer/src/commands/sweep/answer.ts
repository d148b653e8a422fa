import { join } from 'node:path';
import { flagOf } from '@llm101/runs';
import {
  makeScheduler,
  type Point,
  ranked,
  type Sweep,
  type SweepOutcome,
  type TrialOutcome,
} from '@llm101/sweeps';
import { type SweepPaths, trialName } from '../../sweep-folder/sweep-folder.js';
import { count, formatTable, type Output } from '../../terminal/output.js';

/** A point as flags: `lr 0.1, d-hidden 64`. */
export function describePoint(point: Point): string {
  const parts = Object.entries(point).map(([key, value]) => `${flagOf(key).slice(2)} ${value}`);
  return parts.length === 0 ? 'as it is' : parts.join(', ');
}

/** What a sweep does, in a line. */
export function describeSweep(sweep: Sweep): string {
  const { sampler, trials, scheduler, seeds, objective, space } = sweep;
  const samplers = {
    grid: 'all combinations',
    random: 'points at random',
    tpe: 'points by TPE, at random until ten trials have ended',
  };
  const { pauses } = makeScheduler(sweep);
  const varied = Object.keys(space).map((key) => flagOf(key).slice(2));
  return [
    `varies ${varied.join(', ') || 'the seed'}`,
    `${samplers[sampler]}${trials === undefined ? '' : `, ${trials} at most`}`,
    ...(seeds === 1 ? [] : [`${seeds} seeds each`]),
    ...(scheduler.kind === 'none'
      ? []
      : [`one of ${scheduler.reduction} goes on from ${listed(pauses)} steps`]),
    `compares ${objective}`,
  ].join('; ');
}

/** `100, 300 and 900` */
const listed = (numbers: readonly number[]): string =>
  numbers
    .map((n) => count(n))
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

/** What a sweep came to, for `--json`. */
export function documentOf(outcome: SweepOutcome, sweep: Sweep, folder: SweepPaths): object {
  const { objective, direction } = sweep;
  const counts = { finished: 0, paused: 0, failed: 0, waiting: 0 };
  for (const { status } of outcome.trials) counts[status]++;
  const { best } = outcome;
  return {
    status: outcome.status,
    sweep: folder.path,
    objective,
    direction,
    counts,
    ...(best && { best: trialDocument(best, sweep, folder) }),
    trials: outcome.trials.map((trial) => trialDocument(trial, sweep, folder)),
  };
}

function trialDocument(
  { trial, point, status, step, value, values, error }: TrialOutcome,
  sweep: Sweep,
  folder: SweepPaths,
): object {
  return {
    trial,
    settings: point,
    status,
    step,
    ...(value !== undefined && { value }),
    ...(sweep.seeds > 1 && { values: values.map((own) => own ?? null) }),
    ...(error !== undefined && { error }),
    ...(sweep.seeds === 1 && { runDir: join(folder.trials, trialName(trial, undefined)) }),
  };
}

/** Trials that are printed at most. */
const MOST_ROWS = 20;

/** Says what a sweep came to. @returns the exit status: 1 where there is no best */
export function tell(
  outcome: SweepOutcome,
  sweep: Sweep,
  { folder, output }: { readonly folder: SweepPaths; readonly output: Output },
): number {
  const rows = ranked(outcome.trials, sweep);
  const { objective, space } = sweep;
  const keys = Object.keys(space);
  const head = ['trial', ...keys.map((key) => flagOf(key).slice(2)), 'steps', objective, ''];
  const shown = rows.slice(0, MOST_ROWS).map(({ trial, point, step, value, status }) =>
    [String(trial)].concat(
      keys.map((key) => (Object.hasOwn(point, key) ? String(point[key]) : '')),
      String(step),
      value === undefined ? '' : value.toFixed(4),
      status === 'finished' ? '' : status,
    ),
  );
  const more = rows.length > MOST_ROWS ? [`and ${rows.length - MOST_ROWS} more`] : [];
  const { best } = outcome;
  const found =
    best === undefined
      ? ['no trial has a result']
      : [
          `best: trial ${best.trial}, ${describePoint(best.point)}: ${objective} ${best.value?.toFixed(4)}`,
        ];
  const stopped =
    outcome.status === 'stopped'
      ? [`stopped before its end; llm101 sweep --resume ${folder.path} goes on with it`]
      : [];
  output.answer(
    ['', ...formatTable([head, ...shown]), ...more, '', ...found, ...stopped],
    documentOf(outcome, sweep, folder),
  );
  return best === undefined ? 1 : 0;
}
