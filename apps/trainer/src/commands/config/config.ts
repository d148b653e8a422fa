import { unknownVariables } from '../../run-folder/environment-settings.js';
import type { Output } from '../../terminal/output.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { layerOf, settingLayers, type SettingSources } from '../../settings/setting-layers.js';
import { settingsSchema } from '../../settings/settings.js';
import type { WrittenSettings } from '../../settings/written-settings.js';

/** `llm101 config`: every setting, its value, and where it comes from. */
export function configCommand(sources: SettingSources, output: Output): void {
  const settings: WrittenSettings = resolveSettings(sources);
  const layers = settingLayers(sources);
  const rows = Object.keys(settingsSchema.shape).map((setting) => ({
    setting,
    value: settings[setting] ?? null,
    from: layerOf(layers, setting)?.origin(setting) ?? 'default',
  }));
  const widths = [
    width(rows.map((row) => row.setting)),
    width(rows.map((row) => shown(row.value))),
  ];
  output.answer(
    rows.map(({ setting, value, from }) =>
      [setting.padEnd(widths[0]), shown(value).padEnd(widths[1]), from].join('  '),
    ),
    rows,
  );
  for (const name of unknownVariables()) output.tell(`${name} is set, and is no setting`);
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value);
const width = (cells: readonly string[]): number => Math.max(...cells.map((cell) => cell.length));
