import type { z } from 'zod';
import { findContradiction } from './find-contradiction.js';
import { flagOf } from '../terminal/setting-flags.js';
import { layerOf, settingLayers, type SettingSources } from './setting-layers.js';
import { type Settings, settingsSchema } from './settings.js';
import { UsageError } from './user-error.js';
import type { WrittenSettings } from './written-settings.js';

/** @throws UsageError naming the first setting that is wrong, and where it stands */
export function resolveSettings(sources: SettingSources): Settings {
  const layers = settingLayers(sources);
  const nameOf = (key: string): string => layerOf(layers, key)?.nameOf(key) ?? flagOf(key);
  const written = Object.fromEntries(layers.flatMap(({ settings }) => Object.entries(settings)));
  const settings = check(settingsSchema, written, nameOf);
  const contradiction = findContradiction(settings, nameOf);
  if (contradiction !== undefined) throw new UsageError(contradiction);
  return settings;
}

/**
 * The settings of a command that reads only some of them, and others of its own.
 *
 * @throws UsageError naming the first setting that is wrong, and where it stands
 */
export function resolveSome<Schema extends z.ZodObject>(
  schema: Schema,
  sources: SettingSources,
): z.output<Schema> {
  const layers = settingLayers(sources);
  const written = Object.keys(schema.shape).flatMap((key) => {
    const layer = layerOf(layers, key);
    return layer === undefined ? [] : [[key, layer.settings[key]] as const];
  });
  return check(
    schema,
    Object.fromEntries(written),
    (key) => layerOf(layers, key)?.nameOf(key) ?? flagOf(key),
  );
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
