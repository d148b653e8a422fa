import { DataError } from '@llm101/data';

/** Options of an error about settings. */
export interface SettingErrorOptions extends ErrorOptions {
  /** The settings that it is about, first what its message begins with. Default: none. */
  readonly keys?: readonly string[];
}

/** An error that the user can correct. The message is one line and says how. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** The settings that it is about, as `contextSize`, first what the message begins with. */
  readonly keys: readonly string[];

  constructor(message: string, { keys = [], ...options }: SettingErrorOptions = {}) {
    super(message, options);
    this.keys = keys;
  }
}

/** A setting or its syntax is wrong. */
export class UsageError extends UserError {}

/** A text that is too short for a setting, or has what a setting doesn't allow. */
export class TextError extends DataError {
  /** The settings that it is about, as `contextSize`, first the one to change. */
  readonly keys: readonly string[];

  constructor(message: string, { keys = [], ...options }: SettingErrorOptions = {}) {
    super(message, options);
    this.keys = keys;
  }
}
