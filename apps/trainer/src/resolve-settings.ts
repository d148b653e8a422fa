import type { z } from 'zod';
import { findContradiction } from './find-contradiction.js';
import { PRESETS } from './presets.js';
import { flagOf } from './setting-flags.js';
import { type Settings, settingsSchema } from './settings.js';
import { UsageError } from './user-error.js';
import type { WrittenSettings } from './written-settings.js';

/** Where settings come from; a flag counts before the file, the file before the defaults. */
export interface SettingSources {
  readonly flags: WrittenSettings;
  /** `--config`. */
  readonly file?: { readonly path: string; readonly settings: WrittenSettings } | undefined;
}

/** @throws UsageError naming the first setting that is wrong, and where it stands */
export function resolveSettings({ flags, file }: SettingSources): Settings {
  const fromFile = { ...file?.settings };
  // A hash in the file belongs to the data named in the file.
  if (flags['data'] !== undefined) delete fromFile['dataSha256'];
  const nameOf = (key: string): string =>
    Object.hasOwn(flags, key) || !Object.hasOwn(fromFile, key) || file === undefined
      ? flagOf(key)
      : `${file.path}: ${key}`;
  const written = { ...presetOf(fromFile), ...fromFile, ...presetOf(flags), ...flags };
  const settings = check(settingsSchema, written, nameOf);
  const contradiction = findContradiction(settings, nameOf);
  if (contradiction !== undefined) throw new UsageError(contradiction);
  return settings;
}

/** The settings of a preset, if one is named; a wrong name is found by the schema. */
function presetOf({ preset }: WrittenSettings): WrittenSettings {
  const presets: Readonly<Record<string, WrittenSettings>> = PRESETS;
  return typeof preset === 'string' && Object.hasOwn(presets, preset) ? presets[preset] : {};
}

/**
 * @param nameOf - what the user calls a setting: its flag, or its place in a file
 * @throws UsageError naming the first setting that is wrong
 */
export function check<Schema extends z.ZodObject>(
  schema: Schema,
  written: WrittenSettings,
  nameOf: (key: string) => string = flagOf,
): z.output<Schema> {
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    throw new UsageError(`${nameOf(issue.keys[0])} is no setting; the settings are ${known}`);
  }
  const key = String(issue.path[0]);
  const value = written[key];
  const got = typeof value === 'number' ? String(value) : JSON.stringify(value);
  throw new UsageError(`${nameOf(key)} must be ${issue.message}; got ${got}`);
}
