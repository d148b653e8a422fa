import { dataSets } from '@llm101/data';
import { UserError } from '../errors.js';
import { DEFAULT_BIAS } from '../models/mlp.js';
import { optimizerKinds } from '../optimizers.js';
import { type AllowedValues, allowedValues, type NumberValues } from '../rules.js';
import { modelConfigOf } from '../decided-settings.js';
import { layerOf, settingLayers } from '../settings/layers.js';
import { isRead } from '../settings/readers.js';
import {
  defaultSettings,
  settingHelp,
  type SettingKey,
  type Settings,
  settingsSchema,
} from '../settings/settings.js';
import { tokenizerNames } from '../text/tokenizers.js';
import { type ChoiceLabel, choiceLabels, choicesOfKinds } from './choices.js';
import { settingLabels } from './labels.js';
import type { SettingPaper } from './papers.js';
import { settingPapers } from './setting-papers.js';

/** A value that can be chosen. */
export interface SettingChoice extends ChoiceLabel {
  readonly value: string;
  readonly papers: readonly SettingPaper[];
}

/** How a setting is chosen. */
export type SettingControl =
  | { readonly control: 'switch' }
  | ({ readonly control: 'number' } & Omit<NumberValues, 'kind'>)
  /** One value of some. */
  | { readonly control: 'choice'; readonly choices: readonly SettingChoice[] }
  /** `all`, `none`, or some with commas between them. */
  | { readonly control: 'several'; readonly choices: readonly SettingChoice[] }
  /** Any text; some that have a name may be suggested. */
  | { readonly control: 'text'; readonly choices: readonly SettingChoice[] };

/** A setting as a field of a form. */
export type SettingForm = SettingControl & {
  readonly key: SettingKey;
  readonly group: 'data' | 'model' | 'run' | 'optimizer' | 'schedule';
  /** A few words. */
  readonly title: string;
  /** A sentence or two. */
  readonly help: string;
  /** What it is where nothing is set; undefined where it then is nothing. */
  readonly initial: string | number | boolean | undefined;
  readonly papers: readonly SettingPaper[];
};

const GROUPS = {
  Data: 'data',
  Model: 'model',
  Training: 'run',
  Optimizer: 'optimizer',
  Schedule: 'schedule',
} as const;

/**
 * A setting as a field of a form, in plain words: how it is chosen, within which limits, what it is by default.
 *
 * @param settings - the others, by which defaults and choices differ: a `gpt` has other activations than an `mlp`
 */
export function settingForm(key: SettingKey, settings: Settings = defaultSettings): SettingForm {
  return {
    key,
    group: GROUPS[settingHelp(key).group],
    ...settingLabels[key],
    initial: initialOf(key, settings),
    papers: settingPapers(key),
    ...controlOf(key, settings),
  };
}

/** The settings that decide what others are by default. */
const HEADS = ['preset', 'model', 'data', 'examples'] as const;

function initialOf(key: SettingKey, settings: Settings): SettingForm['initial'] {
  const flags = Object.fromEntries(
    HEADS.filter((head) => head !== key && settings[head] !== undefined).map((head) => [
      head,
      settings[head],
    ]),
  );
  const set = layerOf(settingLayers({ flags }), key)?.settings[key] ?? defaultSettings[key];
  return (set as SettingForm['initial']) ?? chosenLater(key, settings);
}

/** What is chosen by other settings where it isn't set. */
function chosenLater(key: SettingKey, settings: Settings): SettingForm['initial'] {
  const { optimizer, maxSteps, tokenizerFile, initFrom } = settings;
  if (key === 'weightDecay') return { weightDecay: 0, ...optimizerKinds[optimizer] }.weightDecay;
  if (key === 'decaySteps') return maxSteps;
  if (key === 'tokenizer') return (tokenizerFile ?? initFrom) ? undefined : tokenizerNames[0];
  const size = isRead(key, settings) ? sizesOfModel[key] : undefined;
  if (size === undefined) return undefined;
  try {
    return size(modelConfigOf({ ...settings, [key]: undefined }, 2));
  } catch (error) {
    if (error instanceof UserError) return undefined; // other sizes are wrong
    throw error;
  }
}

/** What the config of a model says. */
interface Sizes {
  readonly type: string;
  readonly dHidden?: number | readonly number[];
  readonly layers?: number;
  readonly global?: { readonly layers: number };
  readonly kvHeads?: number;
  readonly hidden?: number;
  readonly activation?: string;
  readonly init?: string;
}

/** Settings that a model chooses by itself, and what its config calls them. */
const sizesOfModel: Partial<Record<SettingKey, (sizes: Sizes) => string | number | undefined>> = {
  layers: ({ layers, global, dHidden }) =>
    layers ?? global?.layers ?? (typeof dHidden === 'object' ? dHidden.length : 1),
  kvHeads: ({ kvHeads }) => kvHeads,
  dFf: ({ hidden }) => hidden,
  activation: ({ activation }) => activation,
  init: ({ init }) => init,
};

function controlOf(key: SettingKey, { model }: Settings): SettingControl {
  const values: AllowedValues = allowedValues(settingsSchema.shape[key]);
  if (values.kind === 'switch') return { control: 'switch' };
  if (values.kind === 'number') {
    const { kind: control, ...limits } = values;
    return { control, ...limits };
  }
  if (values.kind === 'text') {
    const named = key === 'data' ? [...dataSets] : [];
    const choices = named.map(([value, { about }]) => ({
      value,
      title: value,
      help: about,
      papers: [],
    }));
    return { control: 'text', choices };
  }
  if (key === 'bias' && model === 'mlp') return { control: 'choice', choices: biasOfMlp };
  const names = choicesOfKinds[key]?.[model] ?? values.names;
  const labels: Readonly<Partial<Record<string, Readonly<Record<string, ChoiceLabel>>>>> =
    choiceLabels;
  const choices = names.map((value) => {
    const { title = value, help = '' } = labels[key]?.[value] ?? {};
    return { value, title, help, papers: settingPapers(key, value) };
  });
  return { control: values.kind, choices };
}

const biasOfMlp: readonly SettingChoice[] = [
  { value: DEFAULT_BIAS, title: 'Every layer', help: 'Each layer adds some.', papers: [] },
  { value: 'none', title: 'None', help: 'No layer adds any.', papers: [] },
];
