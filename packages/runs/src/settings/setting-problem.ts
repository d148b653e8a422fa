import { DataError } from '@llm101/data';
import { TextError, UserError } from '../errors.js';
import { type SettingKey, settingKeys } from './settings.js';

/** What is wrong with settings, in the words of the error that a run with them ends with. */
export interface SettingProblem {
  /** The setting that it is shown at; none where it is about no setting that there is. */
  readonly key?: SettingKey;
  /** All that it is about: changing one of them can remove it. The first is `key`. */
  readonly keys: readonly SettingKey[];
  /** One line, which says what to do. */
  readonly message: string;
}

/** A problem of some settings; of other keys it isn't said. */
export function settingProblem(keys: readonly string[], message: string): SettingProblem {
  const known = keys.flatMap((key) => settingKeys.filter((own) => own === key));
  return { ...(known.length > 0 && { key: known[0] }), keys: known, message };
}

/**
 * What an error of a run, or of a text that is prepared for one, says of settings: a form shows it at these. An error of a text that names none
 * is about `data`.
 *
 * @returns undefined where it is none that a user can correct
 */
export function problemOfError(error: unknown): SettingProblem | undefined {
  if (error instanceof UserError || error instanceof TextError) {
    return settingProblem(error.keys, error.message);
  }
  return error instanceof DataError ? settingProblem(['data'], error.message) : undefined;
}
