import { dataSets, toyTasks } from '@llm101/data';
import { modelKinds } from '../models/index.js';
import { flagOf } from '../rules.js';
import { presets } from './presets.js';
import { defaultSettings, type RawSettings } from './settings.js';

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
 * learned by the line, and of toy tasks only answers are learned.
 */
function defaultsFor(layers: readonly SettingLayer[]): SettingLayer[] {
  const valueOf = (key: string): unknown => layerOf(layers, key)?.settings[key];
  const data = valueOf('data') ?? defaultSettings.data;
  const set = typeof data === 'string' ? dataSets.get(nameOfDataSet(data)) : undefined;
  const examples = valueOf('examples') ?? set?.examples ?? 'lines';
  const ofSet = examples === 'lines' ? set : undefined;
  const model = valueOf('model') ?? defaultSettings.model;
  const kinds: Readonly<Record<string, { readonly defaults?: RawSettings }>> = modelKinds;
  const own = typeof model === 'string' && Object.hasOwn(kinds, model) ? kinds[model].defaults : {};
  const settings = {
    ...own,
    alphabet: ofSet?.alphabet ?? 'auto',
    examples,
    answerAfter: ofSet?.answerAfter ?? 'none',
  };
  return [{ settings, nameOf: flagOf, origin: () => 'default' }];
}

/** `sort` of `sort:length=5`. */
function nameOfDataSet(source: string): string {
  const [name] = source.split(':', 1);
  return toyTasks.has(name) ? name : source;
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

/** `contextSize` → `LLM101_CONTEXT_SIZE`. */
export function variableOf(key: string): string {
  return `LLM101_${flagOf(key).slice(2).replaceAll('-', '_').toUpperCase()}`;
}
