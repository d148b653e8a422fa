import { PRESETS } from './presets.js';
import { flagOf, variableOf } from '../terminal/setting-flags.js';
import type { WrittenSettings } from './written-settings.js';

/** Where settings come from. Flags count before the environment, the environment before the file, the file before defaults. */
export interface SettingSources {
  readonly flags: WrittenSettings;
  /** Variables such as `LLM101_LR`. */
  readonly environment?: WrittenSettings;
  /** `--config`, or a file that is found by itself. */
  readonly file?: { readonly path: string; readonly settings: WrittenSettings } | undefined;
}

/** Settings from one place. */
export interface SettingLayer {
  readonly settings: WrittenSettings;
  /** What the user calls a setting there: `--lr`, `LLM101_LR`, `run.json: lr`. */
  readonly nameOf: (key: string) => string;
  /** Where a setting is from, in a word: `--lr`, `LLM101_LR`, `run.json`, `preset wavenet`. */
  readonly origin: (key: string) => string;
}

/** All places that say something, those that count for more later. A preset counts for as much as where it is named. */
export function settingLayers({ flags, environment = {}, file }: SettingSources): SettingLayer[] {
  const inFile = { ...file?.settings };
  // A hash in the file belongs to the data named in the file.
  if (flags['data'] !== undefined || environment['data'] !== undefined) delete inFile['dataSha256'];
  const path = file?.path ?? '';
  return [
    ...withPreset({ settings: inFile, nameOf: (key) => `${path}: ${key}`, origin: () => path }),
    ...withPreset({ settings: environment, nameOf: variableOf, origin: variableOf }),
    ...withPreset({
      settings: flags,
      nameOf: flagOf,
      origin: (key) => (flags[key] === false ? flagOf(key).replace('--', '--no-') : flagOf(key)),
    }),
  ];
}

/** The place that counts for a setting; nothing where it has its default. */
export function layerOf(layers: readonly SettingLayer[], key: string): SettingLayer | undefined {
  return layers.findLast(({ settings }) => Object.hasOwn(settings, key));
}

/** A preset is found by its name; a wrong name is found by the schema. */
function withPreset(layer: SettingLayer): SettingLayer[] {
  const { preset } = layer.settings;
  const presets: Readonly<Record<string, WrittenSettings>> = PRESETS;
  if (typeof preset !== 'string' || !Object.hasOwn(presets, preset)) return [layer];
  const settings = presets[preset];
  return [{ settings, nameOf: flagOf, origin: () => `preset ${preset}` }, layer];
}
