import { z } from 'zod';
import { doc, list, number, object, oneOf, text, whole } from './document-fields.js';

const point = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .describe('what is varied, at this trial');

const trial = {
  trial: whole('its number'),
  settings: point,
  status: oneOf(
    ['finished', 'paused', 'failed', 'waiting'],
    'paused where it was left behind, waiting where the sweep was stopped before it was done',
  ),
  step: whole('steps done'),
  value: number('the objective, the mean over its seeds').optional(),
  values: z
    .array(z.number().nullable())
    .describe('the objective of each seed, where there are several')
    .optional(),
  error: text('why it failed').optional(),
  runDir: text("the run's folder, where it has one seed").optional(),
};

/** What `llm101 sweep` prints. */
export const sweepDocuments = {
  sweep: doc({
    status: oneOf(['finished', 'stopped'], 'stopped by a signal, or by --max-minutes'),
    sweep: text('its folder'),
    objective: text('what its trials are compared by'),
    direction: oneOf(['minimize', 'maximize'], 'whether less or more of it is better'),
    counts: object(
      {
        finished: whole('trials that ran to their end'),
        paused: whole('that were left behind'),
        failed: whole('that failed'),
        waiting: whole('that were not done when it was stopped'),
      },
      'of its trials',
    ),
    best: object(
      trial,
      'the best of those that went furthest; none where no trial has a result',
    ).optional(),
    trials: list(trial, 'by their numbers'),
  }),
  worker: doc({
    finished: whole('trials that it ran to their end'),
    paused: whole('that it ran to a pause'),
    failed: whole('that failed'),
  }),
  'sweep --dry-run': doc({
    status: oneOf(['dry run'], 'nothing was trained'),
    trials: list(
      {
        trial: whole('its number'),
        settings: point,
        parameters: whole('of its model').optional(),
        maxSteps: whole('steps of a whole run').optional(),
        error: text("why its run can't have these settings").optional(),
      },
      'those that are known before any has a result',
    ),
    total: object(
      {
        trials: whole('at most'),
        jobs: whole('parts of runs, each from one pause to the next'),
        steps: whole('of all together'),
        durationMs: whole('an estimate, in milliseconds, by the speed of up to three trials'),
        concurrency: whole('trials that run at a time'),
      },
      'of the whole sweep; with asha about as many',
    ),
  }),
};
