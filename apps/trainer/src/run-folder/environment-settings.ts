import { numberIfItIsOne, settingKeys, variableOf } from '../terminal/setting-flags.js';
import { settingsSchema } from '../settings/settings.js';
import type { WrittenSettings } from '../settings/written-settings.js';

/** Variables that are no settings: where data lies, and whether errors say where they arose. */
const OTHERS: ReadonlySet<string> = new Set(['LLM101_DATA_DIR', 'LLM101_DEBUG']);

type Environment = Readonly<Record<string, string | undefined>>;

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Settings from variables such as `LLM101_MAX_STEPS`; one that is empty counts as not set. */
export function environmentSettings(environment: Environment = process.env): WrittenSettings {
  return Object.fromEntries(
    settingKeys().flatMap((key) => {
      const written = environment[variableOf(key)];
      return written === undefined || written === '' ? [] : [[key, valueOf(key, written)]];
    }),
  );
}

/** Variables that look like settings and are none: misspelt, most likely. */
export function unknownVariables(environment: Environment = process.env): string[] {
  const known = new Set([...settingKeys().map(variableOf), ...OTHERS]);
  return Object.keys(environment).filter((name) => name.startsWith('LLM101_') && !known.has(name));
}

/** What the schema shall judge, as a flag or JSON would have it. */
function valueOf(key: string, written: string): unknown {
  const initial: unknown =
    settingsSchema.shape[key as keyof typeof settingsSchema.shape].safeParse(undefined).data;
  if (typeof initial === 'boolean') return SWITCHES.get(written.toLowerCase()) ?? written;
  return typeof initial === 'string' ? written : numberIfItIsOne(written);
}
