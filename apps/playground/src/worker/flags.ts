import { parseSetting, type RawSettings, settingKeys } from '@llm101/runs';
import type { Flags, OwnText } from '../protocol.js';
import type { InitialWeights } from '../run-requests.js';

/** Settings as an address has them, texts all: numbers and switches become what they are. */
function readFlags(flags: Flags): RawSettings {
  return Object.fromEntries(
    Object.entries(flags).map(([key, value]) => [key, read(key, value)] as const),
  );
}

/** The same, with a text of one's own in place of a data set. */
export function withText(flags: Flags, text: Pick<OwnText, 'name'> | undefined): RawSettings {
  return { ...readFlags(flags), ...(text !== undefined && { data: text.name }) };
}

/** What the weights ask of the settings, where a run begins with some. */
export const initialOf = (initial: Pick<InitialWeights, 'name' | 'settings'> | undefined) =>
  initial?.settings === undefined
    ? {}
    : { initial: { path: initial.name, settings: initial.settings } };

function read(key: string, value: string | number | boolean): RawSettings[string] {
  const known = settingKeys.find((one) => one === key);
  return known === undefined || typeof value !== 'string' ? value : parseSetting(known, value);
}
