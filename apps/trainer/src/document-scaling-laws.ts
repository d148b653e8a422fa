import { z } from 'zod';
import { doc, list, number, object, oneOf, text, texts, whole } from './document-fields.js';

const ends = { low: number('its lower end'), high: number('its upper end') };

/** What `llm101 scaling-laws --json` prints. */
export const scalingLawsDocument = doc({
  report: text('the page'),
  source: text('the table, or the folders'),
  runs: whole('that were fitted'),
  leftOut: whole('of the highest losses'),
  law: object(
    {
      E: number('the least loss, in nats'),
      A: number('of the parameters'),
      B: number('of the tokens'),
      alpha: number('exponent of the parameters'),
      beta: number('exponent of the tokens'),
    },
    'L = E + A / N^alpha + B / D^beta; where the runs decide one',
  ).optional(),
  sum: number('of the Huber losses of log residuals, which was minimised').optional(),
  exponentOfN: number('beta / (alpha + beta): of the best N in compute').optional(),
  intervals: object(
    {
      E: object(ends, 'its interval'),
      A: object(ends, 'its interval'),
      B: object(ends, 'its interval'),
      alpha: object(ends, 'its interval'),
      beta: object(ends, 'its interval'),
      exponentOfN: object(ends, 'its interval'),
    },
    'of 95 %, by resamples',
  ).optional(),
  resamples: whole('that the intervals are of').optional(),
  powerLaws: list(
    {
      x: oneOf(['parameters', 'tokens', 'flop'], 'what the loss is a power of'),
      a: number('loss = a x^b'),
      b: number('the exponent'),
      r2: number('share of the variance of log losses'),
      intervals: object(
        { a: object(ends, 'its interval'), b: object(ends, 'its interval') },
        'of 95 %',
      ),
    },
    'each by itself, of those that differ',
  ),
  isFlopCounted: z.boolean().describe('whether FLOP were counted; else they are 6 N D'),
  flopPerToken: object(
    { a: number('a N^b'), b: number('the exponent') },
    'of training a model of N parameters',
  ),
  best: list(
    {
      flop: number('the budget'),
      parameters: number('N*'),
      tokens: number('D*'),
      loss: number('by the law, in nats'),
    },
    'the best sizes for each budget',
  ),
  doubts: texts('what the runs leave open'),
  points: list(
    {
      name: text('of the run, where it has one').optional(),
      parameters: number('N'),
      tokens: number('D'),
      flop: number('C'),
      loss: number('L, in nats'),
    },
    'the runs',
  ),
});
