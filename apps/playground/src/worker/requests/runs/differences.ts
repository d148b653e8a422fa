import { isRead, settingForm, settingKeys, type Settings } from '@llm101/runs';
import type { Difference, RunRequests } from '../../../run-requests.js';
import type { Answer } from '../handler.js';

/** Where the settings of runs differ, in the order of the form. */
export function differences({
  settings,
}: RunRequests['differences']['input']): Answer<readonly Difference[]> {
  const rows = settingKeys.flatMap((key): Difference[] => {
    if (key === 'preset') return []; // it stands for others
    const values = settings.map((one) => shown(key, one));
    if (values.every((value) => value === values[0])) return [];
    const reader = settings.find((one) => isRead(key, one)) ?? settings[0];
    return [{ key, title: settingForm(key, reader).title, values }];
  });
  return { output: rows };
}

function shown(key: keyof Settings, settings: Settings): string | undefined {
  const value = settings[key];
  if (!isRead(key, settings) || value === undefined) return undefined;
  // texts of the same name may be others
  return key === 'data' && settings.dataSha256 !== undefined
    ? `${String(value)} (${settings.dataSha256.slice(0, 8)})`
    : String(value);
}
