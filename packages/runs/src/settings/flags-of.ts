import { flagOf } from '../rules.js';
import { settingLayers } from './layers.js';
import { defaultSettings, type SettingKey, settingKeys, type Settings } from './settings.js';

/** Values of settings by name, as flags or an address give them. */
export type SettingFlags = Readonly<Partial<Record<SettingKey, string | number | boolean>>>;

/** The same, with what isn't set. */
type Values = { readonly [Key in SettingKey]?: SettingFlags[Key] | undefined };

/** Settings by which others have other defaults, a text before what it decides. */
const HEADS = ['data', 'model', 'examples'] as const;

/**
 * The fewest flags that resolve to these settings: what differs from the defaults, and from the preset where there is one. Hashes aren't
 * among them, nor steps where there are epochs.
 *
 * @param settings - as `resolveSettings` gives them, or a `Run`
 */
export function flagsOf(settings: Settings): SettingFlags {
  const own: Values = settings;
  const flags: { -readonly [Key in SettingKey]?: SettingFlags[Key] } = {};
  if (settings.preset !== undefined) flags.preset = settings.preset;
  for (const key of HEADS) if (valuesBy(flags)[key] !== settings[key]) flags[key] = settings[key];
  const before = valuesBy(flags);
  const lost = settingKeys.some(
    (key) => key !== 'epochs' && own[key] === undefined && before[key] !== undefined,
  );
  // a flag can't unset what a preset sets
  if (lost && settings.preset !== undefined) return flagsOf({ ...settings, preset: undefined });
  const isOfLength = before.epochs !== own.epochs;
  for (const key of settingKeys) {
    const isLength = key === 'epochs' || key === 'maxSteps';
    const value = own[key];
    if (value === undefined || (key === 'maxSteps' && own.epochs !== undefined)) continue;
    if (before[key] !== value || (isLength && isOfLength)) flags[key] = value;
  }
  return flags;
}

/** What settings are where only some flags are set. */
function valuesBy(flags: SettingFlags): Values {
  const values: Values = { ...defaultSettings };
  for (const { settings } of settingLayers({ flags })) Object.assign(values, settings);
  return values;
}

/**
 * The command that trains a run with these settings, quoted for a shell of Unix: `llm101 train --model cnn --lr 0.05`. Its flags are those of
 * {@link flagsOf}.
 */
export function commandOf(settings: Settings): string {
  const flags = flagsOf(settings);
  const words = settingKeys.flatMap((key) => {
    const value = flags[key];
    if (value === undefined) return [];
    if (typeof value !== 'boolean') return [flagOf(key), quoted(String(value))];
    return [value ? flagOf(key) : flagOf(key).replace('--', '--no-')];
  });
  return ['llm101', 'train', ...words].join(' ');
}

/** A word for a shell, in quotes where it needs some. */
const quoted = (word: string): string =>
  /^[\w./:,+@-][\w./:,+@%=-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
