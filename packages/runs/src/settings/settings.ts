import { z } from 'zod';
import { modelNames } from '../models/index.js';
import {
  flag,
  fraction,
  fractionBelow1,
  nonNegative,
  oneOf,
  text,
  whole,
  wholeOrAuto,
} from '../rules.js';
import { tokenizerNames } from '../tokenizers.js';
import { optimizerSettings } from './optimizer-settings.js';
import { presetNames } from './presets.js';
import { readers } from './readers.js';
import { helps, type SettingHelp } from './setting-help.js';

/**
 * Everything that decides a run; the defaults are the lecture's. A setting is an entry here; the kind of model,
 * optimizer or schedule that reads it lists it in its `reads`.
 */
export const settingsSchema = z.strictObject({
  preset: oneOf(presetNames)
    .optional()
    .register(helps, {
      group: 'Model',
      value: 'name',
      help: `settings that have a name, which other flags override: ${presetNames.join(', ')}`,
      initial: 'none',
    }),
  data: text('the name of a data set, a path or a URL').default('names').register(helps, {
    group: 'Data',
    value: 'path|name',
    help: 'a text, an example a line: a file, a URL or a data set',
  }),
  tokenizer: oneOf(tokenizerNames)
    .optional()
    .register(helps, {
      group: 'Data',
      value: tokenizerNames.join('|'),
      help: 'what a token is: a code point, or what a reader takes for a character',
      initial: tokenizerNames[0],
    }),
  alphabet: text('the characters, each once, or auto')
    .default('abcdefghijklmnopqrstuvwxyz')
    .register(helps, {
      group: 'Data',
      value: 'characters',
      help: 'the characters the text may hold; auto takes them from the text',
      initial: 'auto; a–z for the data sets with a name',
    }),
  normalize: oneOf(['none', 'nfc']).default('none').register(helps, {
    group: 'Data',
    value: 'none|nfc',
    help: 'nfc composes letters and their accents into one character first',
  }),
  valSize: fraction().default(0.1).register(helps, {
    group: 'Data',
    value: 'fraction',
    help: 'fraction of the lines held out for validation',
  }),
  distinct: flag().default(false).register(helps, {
    group: 'Data',
    help: 'split by distinct line, so that no validation line occurs in training',
  }),
  model: oneOf(modelNames)
    .default('mlp')
    .register(helps, {
      group: 'Model',
      value: modelNames.join('|'),
      help: 'the kind of network',
    }),
  contextSize: whole(1).default(16).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'characters that the model sees; for cnn a power of two',
  }),
  dEmbed: whole(1).default(8).register(helps, {
    group: 'Model',
    value: 'n',
    help: "components of a character's embedding",
  }),
  dHidden: whole(1).default(64).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'hidden units, or channels of a convolution',
  }),
  depth: whole(1, 16).default(4).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'layers of a block, with dilations 1, 2, 4, …',
  }),
  blocks: whole(1, 64).default(1).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'how often the block is repeated',
  }),
  layerNorm: flag().default(false).register(helps, {
    group: 'Model',
    help: 'each layer normalises its input',
  }),
  dropout: fractionBelow1().default(0).register(helps, {
    group: 'Model',
    value: 'fraction',
    help: 'the fraction of values that are set to 0 in training',
  }),
  batchSize: whole(1).default(32).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'windows in a batch',
  }),
  packedSize: whole(1).default(512).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'positions in a row of a batch, which holds whole lines side by side',
  }),
  packedRows: whole(1).default(1).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'rows in a batch',
  }),
  accumulate: whole(1).default(1).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'parts of a shard that are computed one after the other, for less memory',
  }),
  shards: wholeOrAuto(1, 1024).default(1).register(helps, {
    group: 'Training',
    value: 'n|auto',
    help: 'parts of a batch that are computed side by side; their number decides how sums round',
  }),
  workers: wholeOrAuto(1, 256).default('auto').register(helps, {
    group: 'Training',
    value: 'n|auto',
    help: 'threads that compute shards, validations and samples; the results are the same with any number',
  }),
  maxSteps: whole(1).default(10_000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps in all',
  }),
  ...optimizerSettings,
  reshuffle: flag().default(false).register(helps, {
    group: 'Training',
    help: 'a new order in each pass over the data, not that of the first',
  }),
  valInterval: whole(0).default(100).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one validation to the next; 0 for none',
  }),
  logInterval: whole(1).default(100).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one line of metrics.jsonl to the next',
  }),
  watchInterval: whole(0).default(1000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one statistic of parameters and gradients to the next; 0 for none',
  }),
  sampleInterval: whole(0).default(1000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one draw of samples to the next; 0 for none',
  }),
  checkpointInterval: whole(0).default(1000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one checkpoint to the next; 0 for none',
  }),
  patience: whole(0).default(0).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'validations in a row without a better loss that end the run, with the weights of the best; 0 for no limit',
  }),
  minDelta: nonNegative().default(0).register(helps, {
    group: 'Training',
    value: 'nats',
    help: 'how much lower a loss must be to be better',
  }),
  compile: flag().default(true).register(helps, {
    group: 'Training',
    isOn: true,
    help: 'run every operation by itself, as TensorFlow.js does; the same losses, much slower',
  }),
  relaxedSimd: flag().default(false).register(helps, {
    group: 'Training',
    help: 'faster products where the engine has relaxed SIMD; losses then differ between engines in the sixth digit',
  }),
  seed: whole(0, 2 ** 32 - 1)
    .default(101)
    .register(helps, {
      group: 'Training',
      value: 'n',
      help: 'decides split, initial values, order and samples',
    }),
  // What a run folder's config.json holds, so that the run can be repeated; it has no flag.
  dataSha256: z
    .string({ error: '64 hex digits' })
    .regex(/^[0-9a-f]{64}$/, { error: '64 hex digits' })
    .optional(),
});

/** Settings that have been checked. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** Settings as they were written, not yet checked. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** A setting that a user can name: all but the data's hash. */
export type SettingKey = Exclude<keyof Settings, 'dataSha256'>;

/** The settings that a user can name, in the order of the schema. */
export const settingKeys = Object.keys(settingsSchema.shape).filter(
  (key): key is SettingKey => key !== 'dataSha256',
);

/** Whether a setting is a number, or may be one. */
export function isNumeric(key: SettingKey): boolean {
  return [1, 0.5].some((number) => settingsSchema.shape[key].safeParse(number).success);
}

/** Help on a setting; where only some kinds read it, they are named first. */
export function settingHelp(key: SettingKey): SettingHelp {
  const own = helps.get(settingsSchema.shape[key]);
  if (own === undefined) throw new RangeError(`settingHelp: ${key} must have help; got none`);
  const names = readers.get(key)?.names;
  return names === undefined ? own : { ...own, help: `of ${names.join(', ')}: ${own.help}` };
}

/** The lecture's settings. */
export const defaultSettings: Settings = settingsSchema.parse({});
