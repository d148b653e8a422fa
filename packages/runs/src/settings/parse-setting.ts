import { allowedValues } from '../rules.js';
import { type SettingKey, settingsSchema } from './settings.js';

/**
 * What a field says, as the value of its setting: a number or a switch where it is one, anything else as it is written, so that
 * `settingProblems` can quote it.
 *
 * @returns undefined where it is empty: the setting has its default
 */
export function parseSetting(
  key: SettingKey,
  written: string,
): string | number | boolean | undefined {
  const { kind } = allowedValues(settingsSchema.shape[key]);
  const trimmed = written.trim();
  if (kind === 'number') {
    const number = Number(trimmed);
    if (trimmed === '') return undefined;
    return Number.isNaN(number) ? written : number;
  }
  if (kind === 'switch' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true';
  return written === '' ? undefined : written;
}
