import { z } from 'zod';
import {
  channel,
  compared,
  doc,
  evaluation,
  half,
  importance,
  list,
  number,
  numbers,
  object,
  ofRun,
  oneOf,
  repairs,
  runDir,
  text,
  texts,
  whole,
} from './document-fields.js';
import { scalingLawsDocument } from './document-scaling-laws.js';
import { compressDocuments } from './document-compress.js';
import { sweepDocuments } from './document-sweep.js';

/** What each command prints with `--json`, by its name. */
export const documents = {
  train: doc({
    status: oneOf(['finished', 'no better'], 'all steps done, or ended by its patience'),
    ...ofRun,
    evaluation: object(evaluation, 'the model on the validation lines'),
    samples: texts('drawn from the model'),
  }),
  'a command that a signal stopped': doc({
    status: oneOf(['stopped'], 'by Ctrl-C or another signal; the exit status is 129, 130 or 143'),
    ...z.strictObject(ofRun).partial().shape,
  }),
  'a command that failed': doc({
    status: oneOf(['failed'], 'the exit status is 1 or 2'),
    command: text('its name').nullable(),
    exitStatus: whole('2 for the command line or a setting, 1 for anything else'),
    error: text('the message on stderr'),
    runDir: runDir.optional(),
    step: whole('of a training: steps done').optional(),
    diverged: z.boolean().describe('of a training: whether a loss was NaN or infinite').optional(),
    loss: number('of a training that diverged: that loss').optional(),
    model: text('of a training: the file of the model that was saved, if one was')
      .nullable()
      .optional(),
  }),
  evaluate: doc({
    runDir,
    model: text('its kind'),
    step: whole('steps that it was trained'),
    data: text('the text'),
    part: oneOf(['validation', 'all'], 'what the run held out of its text, or all of another text'),
    ...evaluation,
  }),
  sample: doc({
    runDir,
    count: whole('texts that were asked for'),
    temperature: number('of the draw'),
    topK: whole('likeliest tokens that were drawn from').optional(),
    topP: number('fraction that the tokens drawn from make up'),
    prompt: text('how each text begins'),
    maxLength: whole('tokens after which a line or a text is cut off'),
    end: text('what ends each text, where it was said').optional(),
    seed: whole('of the draw'),
    texts: texts('drawn from the model'),
    drawn: list(
      {
        tokens: texts('as they are written, the end among them'),
        logProbabilities: numbers('of each, in nats, as the model gives it'),
      },
      'the tokens of each text behind its prompt',
    ),
    inTraining: object(
      {
        lines: whole('that were drawn and compared'),
        found: whole('of these, also in the training text'),
        longest: whole('of blocks: characters of the longest stretch that was copied').optional(),
      },
      'what stands in the training text, where that is at hand and not long',
    ).optional(),
  }),
  ...sweepDocuments,
  'lr-find': doc({
    finding: oneOf(
      ['falls', 'rises', 'unchanged', 'diverges', 'too few steps'],
      'what the loss does; a rate is suggested where it falls',
    ),
    suggestion: number('the rate at which the loss falls fastest').nullable(),
    points: list(
      {
        learningRate: number('of the step'),
        loss: number('smoothed over the steps so far, in nats'),
        batchLoss: number("of the step's mini-batch, in nats"),
      },
      'one a step',
    ),
  }),
  verify: doc({
    runDir,
    isSame: z
      .boolean()
      .describe('whether all losses are equal, bit for bit; else the exit status is 1'),
    shards: whole('parts of a batch, whose number decides how sums round'),
    recorded: numbers('losses of the first steps as recorded, in nats'),
    losses: numbers('the same as they are here'),
    weightsSha256: text(
      "SHA-256 of the model's weights as recorded, where the run has ended",
    ).optional(),
  }),
  entropy: doc({
    data: text('the text'),
    unit: oneOf(['bits', 'nats'], 'of all entropies, a character'),
    heldOut: object(
      {
        lines: whole('of the text; none of blocks').optional(),
        characters: whole('of these, their ends counted; of blocks tokens'),
      },
      'what the models are measured on',
    ),
    orders: list(
      {
        order: whole('characters of the n-grams'),
        counted: number('by the frequencies in the whole text'),
        corrected: number('the same by Grassberger’s estimator'),
        wittenBell: number('cross-entropy on the lines held out; from order 1 on').optional(),
        kneserNey: number('the same with Kneser–Ney smoothing').optional(),
      },
      'one an order',
    ),
    matchLengthRate: number('by the lengths of repetitions'),
    guessing: object(
      { lower: number('bound'), upper: number('bound') },
      "Shannon's bounds by the guesses of the longest n-grams",
    ),
    model: object(
      {
        runDir,
        type: text('its kind'),
        crossEntropy: number('on the lines held out'),
      },
      'with --model',
    ).optional(),
  }),
  'entropy --surprisal': doc({
    unit: oneOf(['bits', 'nats'], 'of the surprisals'),
    words: list(
      {
        word: text('as it was given'),
        surprisals: z
          .record(z.string(), z.array(number('')))
          .describe('by the name of a model: one a character, and one for the end'),
      },
      'one a word',
    ),
  }),
  denoise: doc({
    data: text('the text'),
    runDir: runDir.optional(),
    channel,
    rate: number('how many characters, or bits, it happens to'),
    noiseSeed: whole('decides to which'),
    beam: whole('candidates kept for each line'),
    decode: oneOf(['letters', 'names'], 'what is taken of the candidates'),
    priors: list(repairs, 'one a model'),
  }),
  'denoise WORDS': doc({
    prior: text('the model that corrected'),
    channel,
    rate: number('how many characters, or bits, it happens to'),
    words: texts('as they were given'),
    corrected: texts('one a word'),
  }),
  code: doc({
    language: oneOf(['typescript', 'pytorch'], 'what the program is written in'),
    program: text('the whole of it'),
  }),
  config: doc({
    settings: list(
      {
        setting: text('its name'),
        value: z
          .union([z.string(), z.number(), z.boolean()])
          .nullable()
          .describe('null where it is not set'),
        from: text('the flag, variable, file or preset that sets it, or default'),
      },
      'one a setting',
    ),
  }),
  export: doc({
    runDir,
    format: text('onnx, hf, gguf, safetensors or html'),
    output: text('the file, or the folder of hf'),
    files: texts('the files that were written'),
    bytes: whole('of all of them'),
  }),
  tokenize: doc({
    tokenizer: text('characters, graphemes, bytes or bpe'),
    vocabSize: whole('tokens that there are'),
    padding: text('how the token that begins and ends a line is written').nullable(),
    paddingIndex: whole('its number').nullable(),
    output: text('the file that the tokenizer was written to').nullable(),
    counts: object(
      {
        data: text('the text'),
        characters: whole('code points; of lines with their ends'),
        bytes: whole('of UTF-8'),
        tokens: whole('in all'),
        charactersPerToken: number('on average'),
        bytesPerToken: number('on average'),
        used: whole('different tokens among them'),
      },
      'of a whole text; null with --text',
    ).nullable(),
    shown: list(
      {
        text: text('as it was written'),
        tokens: list({ token: whole('its number'), text: text('or bytes, as <0xE2>') }, 'in order'),
      },
      "the texts of --text, or the text's beginning",
    ),
  }),
  data: doc({
    data: text('the text'),
    characters: whole('code points'),
    sha256: text("of the text's bytes"),
    examples: oneOf(['lines', 'blocks'], 'what is learned from'),
    padding: text('the symbol of the end of a line; none of blocks').optional(),
    alphabet: text('the characters of the text'),
    training: half('what is learned from'),
    validation: half('what is held out'),
    duplicates: object(
      {
        lines: whole('in all'),
        distinct: whole('different ones among them'),
        testLines: whole('held out'),
        testLinesInTrain: whole('of these, also in training'),
      },
      'lines that occur more than once; none of blocks',
    ).optional(),
    preview: texts('the first examples'),
  }),
  'data --list': doc({
    dataSets: list(
      { name: text('for --data'), about: text('what it is and whose') },
      'those that have a name',
    ),
  }),
  play: doc({
    address: text('of the page, on this machine'),
    runDir: runDir.optional(),
  }),
  runs: doc(compared),
  report: doc({
    report: text('the page'),
    runs: texts('their folders'),
    ...compared,
    importance: object(importance, 'how much each setting matters; of ten runs or more').optional(),
  }),
  'scaling-laws': scalingLawsDocument,
  ...compressDocuments,
  'wandb sync': doc({
    runs: list(
      {
        folder: text('of the W&B log'),
        url: text('of the run'),
        sentLines: whole('sent now; 0 where all was sent before'),
      },
      'one a folder',
    ),
  }),
} as const;

/** The name of one of {@link documents}. */
export type DocumentName = keyof typeof documents;
