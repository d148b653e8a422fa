import { layerOf, resolveSettings, settingLayers, settingsSchema } from '@llm101/runs';
import type { SettingSources, RawSettings } from '@llm101/runs';
import { unknownVariables } from '../../run-folder/settings.js';
import { formatTable, type Output } from '../../terminal/output.js';

/** `llm101 config`: every setting, its value, and where it comes from. */
export function configCommand(sources: SettingSources, output: Output): void {
  const settings: RawSettings = resolveSettings(sources);
  const layers = settingLayers(sources);
  const rows = Object.keys(settingsSchema.shape).map((setting) => ({
    setting,
    value: settings[setting] ?? null,
    from: layerOf(layers, setting)?.origin(setting) ?? 'default',
  }));
  output.answer(
    formatTable(
      rows.map(({ setting, value, from }) => [setting, shown(value), from]),
      'left',
    ),
    rows,
  );
  for (const name of unknownVariables()) output.note(`${name} is set, but isn't a setting`);
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value);
