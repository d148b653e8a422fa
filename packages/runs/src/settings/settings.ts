import { z } from 'zod';
import { allowedValues } from '../rules.js';
import { dataSettings } from './data-settings.js';
import { modelSettings } from './model-settings.js';
import { trainingSettings } from './training-settings.js';
import { optimizerSettings } from './optimizer-settings.js';
import { namesOfReaders, readers } from './readers.js';
import { helps, type SettingHelp } from './setting-help.js';

function hash() {
  const error = '64 hex digits';
  return z
    .string({ error })
    .regex(/^[0-9a-f]{64}$/, { error })
    .optional();
}

/**
 * Everything that decides a run; the defaults are the lecture's. A setting is an entry of one of these shapes; the kind of model,
 * optimizer or schedule that reads it lists it in its `reads`.
 */
export const settingsSchema = z.strictObject({
  ...dataSettings,
  ...modelSettings,
  ...trainingSettings,
  ...optimizerSettings,
  // What a run folder's config.json holds, so that the run can be repeated; they have no flags.
  dataSha256: hash(),
  initSha256: hash(),
});

/** Settings that no user names. */
export const hashes = ['dataSha256', 'initSha256'] as const;

/** Settings that have been checked. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** Settings as they were written, not yet checked. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** A setting that a user can name: all but the hashes. */
export type SettingKey = Exclude<keyof Settings, (typeof hashes)[number]>;

/** The settings that a user can name, in the order of the schema. */
export const settingKeys = Object.keys(settingsSchema.shape).filter(
  (key): key is SettingKey => !hashes.some((hash) => hash === key),
);

/** Whether a setting is a number, or may be one. */
export function isNumeric(key: SettingKey): boolean {
  return allowedValues(settingsSchema.shape[key]).kind === 'number';
}

/** Whether a setting is a whole number, or may be one. */
export function wholeNumbers(key: SettingKey): boolean {
  const values = allowedValues(settingsSchema.shape[key]);
  return values.kind === 'number' && values.whole;
}

/** Help on a setting; where only some kinds read it, they are named first. */
export function settingHelp(key: SettingKey): SettingHelp {
  const own = helps.get(settingsSchema.shape[key]);
  if (own === undefined) throw new RangeError(`settingHelp: ${key} must have help; got none`);
  const read = readers.get(key);
  return read === undefined ? own : { ...own, help: `of ${namesOfReaders(read)}: ${own.help}` };
}

/** The lecture's settings. */
export const defaultSettings: Settings = settingsSchema.parse({});
