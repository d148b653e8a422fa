import { z } from 'zod';
import { DOCUMENT_VERSION } from './terminal/output.js';

// The fields that documents are made of; each says what it is.

/** A document of a command, whose fields are all described. */
export const doc = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({
    version: z.literal(DOCUMENT_VERSION).describe('of these documents'),
    ...shape,
  });

/** A number; a string where JSON has none. */
export const number = (about: string) =>
  z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]).describe(about);
/** A whole number of at least 0. */
export const whole = (about: string) => z.int().min(0).describe(about);
/** A string. */
export const text = (about: string) => z.string().describe(about);
/** Strings. */
export const texts = (about: string) => z.array(z.string()).describe(about);
/** Numbers; strings where JSON has none. */
export const numbers = (about: string) => z.array(number('')).describe(about);
/** One of some names. */
export const oneOf = <const Name extends string>(names: readonly Name[], about: string) =>
  z.enum(names).describe(about);
/** An object whose fields are all described. */
export const object = <Shape extends z.ZodRawShape>(shape: Shape, about: string) =>
  z.strictObject(shape).describe(about);
/** A list of such objects. */
export const list = <Shape extends z.ZodRawShape>(shape: Shape, about: string) =>
  z.array(z.strictObject(shape)).describe(about);

/** The folder of a run. */
export const runDir = text("the run's folder");
/** What an evaluation gives. */
export const evaluation = {
  examples: whole('tokens that were predicted'),
  loss: number('mean cross-entropy, in nats'),
  accuracy: number('fraction whose likeliest token was the right one'),
  perplexity: number('e to the loss; "Infinity" for a loss above 709.78'),
  bitsPerToken: number('the loss in bits'),
  bitsPerCharacter: number('by code points, line ends counted'),
  bitsPerByte: number('by bytes of UTF-8'),
  answers: whole('where lines have answers: how many').optional(),
  answerAccuracy: number('fraction of them that are right as a whole, token by token').optional(),
};
/** A run that was trained. */
export const ofRun = {
  runDir,
  model: text('the file of the model'),
  report: text('the page'),
  step: whole('steps done'),
  trainLoss: number('mean loss of all mini-batches so far, in nats'),
  batchLoss: number('loss of the last mini-batch, in nats'),
  valLoss: number('loss of the last validation, if the last step had one').optional(),
  trainEstimate: number('loss of the batches of training text that it scored too').optional(),
  valAnswerAccuracy: number('fraction of whole answers that it found right').optional(),
  stepsPerSecond: number('since the line logged before'),
  learningRate: number('of the last step'),
  best: object(
    { step: whole('after which it was measured'), valLoss: number('in nats') },
    'the validation whose weights the model has; with a patience alone',
  ).optional(),
  shards: whole('parts of a batch, computed side by side'),
  workers: whole('threads that computed them'),
  device: text('what computed steps and validations: wasm or webgpu'),
  weightsSha256: text("SHA-256 of the model's weights, whose first digits are shown"),
};
/** What corrections came to. */
export const repairs = {
  prior: text('the model that corrected; none for the words as received'),
  characters: whole('in all'),
  wrongBefore: whole('wrong as received'),
  setRight: whole('wrong as received, right as corrected'),
  broken: whole('right as received, wrong as corrected'),
  wrongAfter: whole('wrong as corrected'),
  names: whole('lines in all'),
  namesRightBefore: whole('lines without a wrong character as received'),
  namesRightAfter: whole('lines without one as corrected'),
};
/** A noisy channel. */
export const channel = oneOf(['substitution', 'erasure', 'binary'], 'what happens to a character');
/** How large a part of a text is. */
export const half = (about: string) =>
  object(
    {
      lines: whole('of the text').optional(),
      windows: whole('of lines: one a character, and one a line').optional(),
      tokens: whole('of blocks').optional(),
    },
    about,
  );

/** Runs beside each other. */
export const compared = {
  objective: object(
    {
      metric: text(
        'a figure of metrics.jsonl: valLoss, trainLoss where no run was validated, or what their sweep is for',
      ),
      direction: oneOf(['minimize', 'maximize'], 'whether less or more is better'),
    },
    'what they are compared by',
  ),
  best: text('the name of the best run').nullable(),
  differing: texts('the settings in which they differ'),
  table: list(
    {
      name: text('its path below the folder that all of them have in common'),
      runDir,
      settings: z.record(z.string(), z.unknown()).describe('those in which they differ, by name'),
      value: number('the best of the objective').optional(),
      bestStep: whole('steps done then').optional(),
      trainLoss: number('mean of the last 100 mini-batches, in nats').optional(),
      steps: number('done'),
      stepsPerSecond: number('the median').optional(),
      parameters: whole('in all').optional(),
      startedAt: text('ISO 8601').optional(),
      durationMs: number('all its sessions together, in milliseconds').optional(),
      ended: text('finished, no better, stopped or failed').optional(),
    },
    'one a run',
  ),
};

/** How much settings matter for what runs reach. */
export const importance = {
  settings: list(
    {
      name: text('of the setting'),
      share: number('of the variance, that it explains by itself; from 0 to 1'),
    },
    'those in which the runs differ, the largest share first',
  ),
  together: number('the share that is left to settings together'),
  explained: number(
    'R² of runs that the trees have not seen; where it is low, the shares say little',
  ),
  runs: whole('that have a value'),
};
