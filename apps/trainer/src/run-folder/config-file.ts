import { readFileSync } from 'node:fs';
import { describeFileError } from '../terminal/describe-file-error.js';
import { UserError } from '../settings/user-error.js';
import type { WrittenSettings } from '../settings/written-settings.js';

/**
 * Reads settings from a JSON file: one written by hand, or the config.json of a run folder.
 *
 * @param remedy - what to do when it can't be read
 * @throws UserError when it can't be read or holds no object
 */
export function readConfigFile(path: string, remedy = 'check --config'): WrittenSettings {
  const settings = parseObject(path, readText(path, remedy));
  // What a run wrote down about itself isn't a setting.
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'versions'));
}

function readText(path: string, remedy: string): string {
  try {
    // fails where it isn't UTF-8, and leaves out a byte order mark
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const why = cause instanceof TypeError ? 'it is no text in UTF-8' : describeFileError(cause);
    throw new UserError(`${path} can't be read: ${why}; ${remedy}`, { cause });
  }
}

function parseObject(path: string, text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${path} must be JSON, such as {"model": "cnn"}: ${why}`, { cause });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UserError(`${path} must hold an object of settings, such as {"model": "cnn"}`);
  }
  return json;
}
