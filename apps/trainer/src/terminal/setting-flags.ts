import { type Command, Option } from 'commander';
import { PRESET_NAMES } from '../settings/presets.js';
import { type Settings, settingsSchema } from '../settings/settings.js';

type SettingKey = Exclude<keyof Settings, 'dataSha256'>;

interface SettingFlag {
  readonly group: string;
  /** The flag of a switch that is on unless given: `--no-…`. */
  readonly off?: boolean;
  /** What stands for the value in the help; a switch has none. */
  readonly value?: string;
  /** What the help says of the default, where it is no fixed value. */
  readonly initial?: string;
  readonly help: string;
}

const FLAGS: Readonly<Record<SettingKey, SettingFlag>> = {
  preset: {
    group: 'Model',
    value: 'name',
    help: `settings by a name, which other flags change: ${PRESET_NAMES.join(', ')}`,
    initial: 'none',
  },
  data: {
    group: 'Data',
    value: 'path|name',
    help: 'a text with a name a line: a file, a URL or a data set',
  },
  alphabet: {
    group: 'Data',
    value: 'characters',
    help: 'the characters the text may hold; auto takes them from the text',
  },
  valSize: { group: 'Data', value: 'fraction', help: 'share of the names held out for validation' },
  distinct: {
    group: 'Data',
    help: 'split by distinct name, so that no validation name occurs in training',
  },
  model: { group: 'Model', value: 'mlp|cnn|wavenet', help: 'the kind of network' },
  contextSize: {
    group: 'Model',
    value: 'n',
    help: 'characters it looks back on; for cnn a power of two',
  },
  dEmbed: { group: 'Model', value: 'n', help: "components of a character's embedding" },
  dHidden: { group: 'Model', value: 'n', help: 'hidden units, or channels of a convolution' },
  depth: {
    group: 'Model',
    value: 'n',
    help: 'of wavenet: layers of a block, with dilations 1, 2, 4, …',
  },
  blocks: { group: 'Model', value: 'n', help: 'of wavenet: how often the block is repeated' },
  layerNorm: { group: 'Model', help: 'of wavenet: each layer normalises what it reads' },
  dropout: { group: 'Model', value: 'share', help: 'of wavenet: values left out in training' },
  batchSize: { group: 'Training', value: 'n', help: 'windows in a step' },
  packedSize: {
    group: 'Training',
    value: 'n',
    help: 'of wavenet: positions in a step, whole names side by side',
  },
  maxSteps: { group: 'Training', value: 'n', help: 'steps in all' },
  reshuffle: {
    group: 'Training',
    help: 'a new order in each pass over the data, not that of the first',
  },
  optimizer: { group: 'Optimizer', value: 'sgd|adam|adamw', help: 'how parameters are changed' },
  lr: { group: 'Optimizer', value: 'rate', help: 'learning rate; the highest of a schedule' },
  momentum: { group: 'Optimizer', value: 'm', help: 'of sgd' },
  nesterov: { group: 'Optimizer', help: 'Nesterov momentum, for sgd' },
  beta1: { group: 'Optimizer', value: 'b', help: 'of adam: what is kept of the mean gradient' },
  beta2: { group: 'Optimizer', value: 'b', help: 'of adam: what is kept of the mean square' },
  epsilon: {
    group: 'Optimizer',
    value: 'e',
    help: 'of adam: added to the root of the mean square',
  },
  weightDecay: {
    group: 'Optimizer',
    value: 'w',
    help: 'how much parameters shrink',
    initial: '0.01 for adamw, else 0',
  },
  decayMatrices: { group: 'Optimizer', help: 'biases and norms do not decay' },
  clipNorm: {
    group: 'Optimizer',
    value: 'n',
    help: 'the largest norm of all gradients together; 0 for any',
  },
  schedule: {
    group: 'Schedule',
    value: 'kind',
    help: 'constant, step, cosine or one-cycle',
  },
  warmupSteps: { group: 'Schedule', value: 'n', help: 'steps in which the rate rises evenly' },
  finalLr: { group: 'Schedule', value: 'rate', help: 'of cosine: the rate it falls to' },
  stepSize: { group: 'Schedule', value: 'n', help: 'of step: steps from one change to the next' },
  gamma: { group: 'Schedule', value: 'g', help: 'of step: what a change multiplies the rate by' },
  valInterval: {
    group: 'Training',
    value: 'n',
    help: 'steps from one validation to the next; 0 for none',
  },
  logInterval: {
    group: 'Training',
    value: 'n',
    help: 'steps from one line of metrics.jsonl to the next',
  },
  watchInterval: {
    group: 'Training',
    value: 'n',
    help: 'steps from one look at parameters and gradients to the next; 0 for none',
  },
  sampleInterval: {
    group: 'Training',
    value: 'n',
    help: 'steps from one draw of names to the next; 0 for none',
  },
  checkpointInterval: {
    group: 'Training',
    value: 'n',
    help: 'steps from one checkpoint to the next; 0 for none',
  },
  patience: {
    group: 'Training',
    value: 'n',
    help: 'validations without a better loss that end the run, with the weights of the best; 0 for any',
  },
  minDelta: {
    group: 'Training',
    value: 'nats',
    help: 'how much lower a loss must be to be better',
  },
  compile: {
    group: 'Training',
    off: true,
    help: 'run every operation by itself, as TensorFlow.js does; the same losses, far slower',
  },
  relaxedSimd: {
    group: 'Training',
    help: 'faster products where the engine has relaxed SIMD; losses then differ between engines in the sixth digit',
  },
  seed: { group: 'Training', value: 'n', help: 'decides split, initial values, order and samples' },
};

/** Settings that say which windows there are. */
export const DATA_SETTINGS = [
  'data',
  'alphabet',
  'valSize',
  'distinct',
  'contextSize',
  'seed',
] as const;

/** Settings that a search for a learning rate reads. */
export const LR_FIND_SETTINGS = [
  ...DATA_SETTINGS,
  'preset',
  'model',
  'dEmbed',
  'dHidden',
  'depth',
  'blocks',
  'layerNorm',
  'dropout',
  'batchSize',
  'packedSize',
  'optimizer',
  'momentum',
  'nesterov',
  'beta1',
  'beta2',
  'epsilon',
  'weightDecay',
  'decayMatrices',
  'clipNorm',
  'compile',
  'relaxedSimd',
] as const;

/** Gives a command the flags of some settings, `--context-size <n>` for `contextSize`; of all unless told. */
export function addSettingFlags(
  command: Command,
  keys: readonly SettingKey[] = settingKeys(),
): Command {
  const defaults = settingsSchema.parse({});
  for (const key of keys) {
    const { group, value, help, initial = defaults[key], off = false } = FLAGS[key];
    const option = new Option(
      value === undefined ? switchOf(key, off) : `${flagOf(key)} <${value}>`,
      value === undefined ? help : `${help} (default: ${initial})`,
    ).helpGroup(`${group}:`);
    if (typeof defaults[key] !== 'string' && value !== undefined) option.argParser(numberIfItIsOne);
    command.addOption(option);
  }
  return command;
}

function switchOf(key: string, off: boolean): string {
  return off ? flagOf(key).replace('--', '--no-') : flagOf(key);
}

/** `contextSize` → `--context-size`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `contextSize` → `LLM101_CONTEXT_SIZE`. */
export function variableOf(key: string): string {
  return `LLM101_${flagOf(key).slice(2).replaceAll('-', '_').toUpperCase()}`;
}

/** The schema refuses what isn't a number, and then can say what was written. */
export function numberIfItIsOne(written: string): number | string {
  const number = Number(written);
  return written.trim() === '' || Number.isNaN(number) ? written : number;
}

/** The settings that have a flag. */
export function settingKeys(): SettingKey[] {
  return Object.keys(FLAGS) as SettingKey[];
}
