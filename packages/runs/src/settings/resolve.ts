import { dataSets } from '@llm101/data';
import type { z } from 'zod';
import { UsageError, UserError } from '../errors.js';
import { flagOf } from '../rules.js';
import { modelKinds } from '../models/index.js';
import type { ModelKind } from '../models/model-kind.js';
import { presets } from './presets.js';
import { hasMean } from '../optimizers.js';
import { warmupOf } from '../schedules.js';
import { isRead, namesOfReaders, readers } from './readers.js';
import { defaultSettings, type RawSettings, type Settings, settingsSchema } from './settings.js';

/** Where settings come from. Flags override the environment, the environment a file, a file the defaults. */
export interface SettingSources {
  readonly flags: RawSettings;
  /** What the user calls a flag. Default: `--lr` for `lr`. */
  readonly nameOfFlag?: (key: string) => string;
  /** Variables such as `LLM101_LR`. */
  readonly environment?: RawSettings;
  /** `--config`, or a file that is found by itself. */
  readonly file?: { readonly path: string; readonly settings: RawSettings } | undefined;
  /** What a model that the run begins with fixes, by `initialSettings`. */
  readonly initial?: { readonly path: string; readonly settings: RawSettings } | undefined;
}

/** Settings from one source. */
export interface SettingLayer {
  readonly settings: RawSettings;
  /** What the user calls a setting there: `--lr`, `LLM101_LR`, `run.json: lr`. */
  readonly nameOf: (key: string) => string;
  /** Where a setting is from, in a word: `--lr`, `LLM101_LR`, `run.json`, `preset wavenet`. */
  readonly origin: (key: string) => string;
}

/**
 * What is another default for some kinds of model, and for some texts: only the names that come with a name are in a–z, and
 * learned by the line.
 */
function defaultsFor(layers: readonly SettingLayer[]): SettingLayer[] {
  const valueOf = (key: string): unknown => layerOf(layers, key)?.settings[key];
  const data = valueOf('data') ?? defaultSettings.data;
  const set = typeof data === 'string' ? dataSets.get(data) : undefined;
  const examples = valueOf('examples') ?? set?.examples ?? 'lines';
  const isByLetters = set?.examples === 'lines' && examples === 'lines';
  const model = valueOf('model') ?? defaultSettings.model;
  const kinds: Readonly<Record<string, { readonly defaults?: RawSettings }>> = modelKinds;
  const own = typeof model === 'string' && Object.hasOwn(kinds, model) ? kinds[model].defaults : {};
  const settings = { ...own, ...(!isByLetters && { alphabet: 'auto' }), examples };
  return [{ settings, nameOf: flagOf, origin: () => 'default' }];
}

/** All sources, lowest precedence first. A preset has the precedence of the source that names it. */
export function settingLayers(sources: SettingSources): SettingLayer[] {
  const { flags, nameOfFlag = flagOf, environment = {}, file, initial } = sources;
  const inFile = { ...file?.settings };
  // A hash in the file belongs to the data named in the file.
  if (flags['data'] !== undefined || environment['data'] !== undefined) delete inFile['dataSha256'];
  const path = file?.path ?? '';
  if (flags['initFrom'] !== undefined || environment['initFrom'] !== undefined) {
    delete inFile['initSha256'];
  }
  const layers = [
    ...(initial === undefined ? [] : [layerOfModel(initial)]),
    ...withPreset({ settings: inFile, nameOf: (key) => `${path}: ${key}`, origin: () => path }),
    ...withPreset({ settings: environment, nameOf: variableOf, origin: variableOf }),
    ...withPreset({
      settings: flags,
      nameOf: nameOfFlag,
      origin: (key) => (flags[key] === false ? flagOf(key).replace('--', '--no-') : flagOf(key)),
    }),
  ];
  return [...defaultsFor(layers), ...layers];
}

const layerOfModel = ({
  path,
  settings,
}: {
  path: string;
  settings: RawSettings;
}): SettingLayer => ({
  settings,
  nameOf: (key) => `${path}: ${key}`,
  origin: () => path,
});

/** The layer that decides a setting; nothing where it has its default. */
export function layerOf(layers: readonly SettingLayer[], key: string): SettingLayer | undefined {
  return layers.findLast(({ settings }) => Object.hasOwn(settings, key));
}

/** A preset is found by its name; a wrong name is found by the schema. */
function withPreset(layer: SettingLayer): SettingLayer[] {
  const { preset } = layer.settings;
  const known: Readonly<Record<string, RawSettings>> = presets;
  if (typeof preset !== 'string' || !Object.hasOwn(known, preset)) return [layer];
  return [{ settings: known[preset], nameOf: flagOf, origin: () => `preset ${preset}` }, layer];
}

/**
 * The settings of a run.
 *
 * @throws UsageError naming the first setting that is wrong, and its source
 */
export function resolveSettings(sources: SettingSources): Settings {
  const layers = settingLayers(sources);
  const nameOf = (key: string): string => layerOf(layers, key)?.nameOf(key) ?? flagOf(key);
  const raw = Object.fromEntries(layers.flatMap(({ settings }) => Object.entries(settings)));
  if (sources.initial !== undefined) checkInitial(sources.initial, layers);
  chooseLength(raw, layers);
  const settings = checkSettings(settingsSchema, raw, nameOf);
  const contradiction = findContradiction(settings, nameOf);
  if (contradiction !== undefined) throw new UsageError(contradiction);
  return settings;
}

/** @throws UsageError naming the first setting that isn't as the model that the run begins with has it */
function checkInitial(
  { path, settings }: NonNullable<SettingSources['initial']>,
  layers: readonly SettingLayer[],
): void {
  for (const [key, own] of Object.entries(settings)) {
    const layer = layerOf(layers, key);
    const value = layer?.settings[key];
    if (layer === undefined || JSON.stringify(value) === JSON.stringify(own)) continue;
    const found: unknown = own ?? 'from a file';
    throw new UsageError(
      `${layer.nameOf(key)} must be as the model of ${path} has it, ${String(found)}; got ${String(value)}; leave it out`,
    );
  }
}

/**
 * Keeps that of steps and epochs which has the higher precedence.
 *
 * @throws UsageError when both are set in the same place
 */
function chooseLength(raw: Record<string, unknown>, layers: readonly SettingLayer[]): void {
  const [epochs, maxSteps] = ['epochs', 'maxSteps'].map((key) => layerOf(layers, key));
  if (epochs === undefined) return;
  if (epochs === maxSteps) {
    throw new UsageError(
      `${epochs.nameOf('epochs')} and ${epochs.nameOf('maxSteps')} both say how long the training is; leave one out`,
    );
  }
  const isLater = maxSteps !== undefined && layers.indexOf(maxSteps) > layers.indexOf(epochs);
  delete raw[isLater ? 'epochs' : 'maxSteps'];
}

/**
 * The settings of something that reads only some of them, and others of its own.
 *
 * @throws UsageError naming the first setting that is wrong, and its source
 */
export function resolveSome<Schema extends z.ZodObject>(
  schema: Schema,
  sources: SettingSources,
): z.output<Schema> {
  const layers = settingLayers(sources);
  const raw = Object.keys(schema.shape).flatMap((key) => {
    const layer = layerOf(layers, key);
    return layer === undefined ? [] : [[key, layer.settings[key]] as const];
  });
  return checkSettings(
    schema,
    Object.fromEntries(raw),
    (key) => layerOf(layers, key)?.nameOf(key) ?? flagOf(key),
  );
}

/**
 * Settings by a schema, defaults filled in.
 *
 * @param nameOf - what the user calls a setting: its flag, or its path in a file
 * @throws UsageError naming the first setting that is wrong
 */
export function checkSettings<Schema extends z.ZodObject>(
  schema: Schema,
  raw: RawSettings,
  nameOf: (key: string) => string = flagOf,
): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    throw new UsageError(`${nameOf(issue.keys[0])} isn't a setting; the settings are ${known}`);
  }
  const key = String(issue.path[0]);
  const value = raw[key];
  const got = typeof value === 'number' ? String(value) : JSON.stringify(value);
  throw new UsageError(`${nameOf(key)} must be ${issue.message}; got ${got}`);
}

/** What a setting may also be where it isn't read. */
const NEUTRAL: RawSettings = { alphabet: 'auto' };

/**
 * What is wrong with settings that are each right: one that isn't read at all, or one that lacks another.
 *
 * @param nameOf - what the user calls a setting
 */
export function findContradiction(
  settings: Settings,
  nameOf: (key: string) => string = flagOf,
): string | undefined {
  for (const [key, read] of readers) {
    const name = key as keyof Settings;
    const value = settings[name];
    if (value === defaultSettings[name] || value === NEUTRAL[key]) continue;
    if (isRead(key, settings)) continue;
    const { by } = read;
    const got = read.kinds.has(String(settings[by])) ? 'examples' : by;
    return (
      `${nameOf(key)} is for ${nameOf(by)} ${namesOfReaders(read)}; ` +
      `got ${nameOf(got)} ${settings[got] ?? 'characters'}`
    );
  }
  if (settings.tokenizerFile !== undefined && settings.initFrom !== undefined) {
    return `${nameOf('tokenizerFile')} is for a run that begins anew, as the model of ${nameOf('initFrom')} has a tokenizer; leave it out`;
  }
  if (settings.tokenizerFile !== undefined && settings.tokenizer !== undefined) {
    return `${nameOf('tokenizerFile')} takes the place of ${nameOf('tokenizer')}; got both, leave one out`;
  }
  const tooMany = tooManyParts(settings, nameOf);
  if (tooMany !== undefined) return tooMany;
  if (settings.nesterov && settings.momentum === 0) {
    return `${nameOf('nesterov')} needs a ${nameOf('momentum')} above 0; got 0, try 0.9`;
  }
  if (settings.patience > 0 && settings.valInterval === 0) {
    return `${nameOf('patience')} needs validations; got ${nameOf('valInterval')} 0, try 100`;
  }
  if (settings.averageWeights > 0 && hasMean(settings)) {
    return `${nameOf('averageWeights')} is for optimizers without a mean of weights of their own; got ${nameOf('optimizer')} ${settings.optimizer}`;
  }
  if (settings.growVocabulary && settings.initFrom === undefined) {
    return `${nameOf('growVocabulary')} is for a run that begins with a model; pass ${nameOf('initFrom')} too, or leave it out`;
  }
  if (hasMean(settings) && settings.beta1 === 0) {
    return `${nameOf('beta1')} of ${nameOf('optimizer')} ${settings.optimizer} must be above 0, as it divides by it; got 0`;
  }
  const isOpen = settings.epochs !== undefined; // how many steps it has, and so a share of them, is known with the text
  for (const name of ['decaySteps', 'maxSteps'] as const) {
    if (isOpen && (name === 'maxSteps' || typeof settings.warmupSteps === 'string')) continue;
    const most = settings[name] ?? Infinity;
    if (warmupOf(settings) < most) continue;
    return `${nameOf('warmupSteps')} must be below ${nameOf(name)}; got ${settings.warmupSteps} of ${most}`;
  }
  return contradictionOfSizes(settings);
}

/** What is wrong with the sizes of the model, whatever its vocabulary: known before a text is read. */
function contradictionOfSizes(settings: Settings): string | undefined {
  const kind: Pick<ModelKind<{ readonly vocabSize: number }, Settings>, 'sizesOf'> = modelKinds[
    settings.model
  ];
  try {
    kind.sizesOf(settings, 2);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Each part of a batch needs a row of its own. */
function tooManyParts(settings: Settings, nameOf: (key: string) => string): string | undefined {
  const { shards, accumulate, model } = settings;
  const rowsSetting = modelKinds[model].examples.rowsSetting(settings);
  const [parts, rows] = [(shards === 'auto' ? 1 : shards) * accumulate, settings[rowsSetting]];
  if (parts <= rows) return undefined;
  const written = (['shards', 'accumulate'] as const).filter((key) => Number(settings[key]) > 1);
  return (
    `${written.map(nameOf).join(' times ')} must be at most ${nameOf(rowsSetting)}, a row for each part of a batch; ` +
    `got ${parts} of ${rows}`
  );
}

/** `contextSize` → `LLM101_CONTEXT_SIZE`. */
export function variableOf(key: string): string {
  return `LLM101_${flagOf(key).slice(2).replaceAll('-', '_').toUpperCase()}`;
}
