import { flagOf } from './setting-flags.js';
import { settingsSchema } from '../settings/settings.js';

/** What packages call a setting, where they have another name than it. */
const OTHER_NAMES = { testSize: 'valSize', learningRate: 'lr' } as const;

/** Settings of which the name is no word of the language too. */
const SETTINGS = Object.keys(settingsSchema.shape).filter((key) => /[A-Z]/.test(key));

/** `choose a smaller testSize` → `choose a smaller --val-size`: an error of a package, for the command line. */
export function flagNames(message: string): string {
  let text = message.replace('pass the new hash as sha256 if', 'name the text by --data if');
  for (const key of SETTINGS) text = text.replaceAll(new RegExp(`\\b${key}\\b`, 'g'), flagOf(key));
  for (const [name, key] of Object.entries(OTHER_NAMES)) {
    text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), flagOf(key));
  }
  return text;
}
