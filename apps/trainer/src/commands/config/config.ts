import {
  layerOf,
  resolveSettings,
  settingLayers,
  type SettingSources,
  settingsSchema,
  type RawSettings,
} from '@llm101/runs';
import { unknownVariables } from '../../run-folder/settings.js';
import type { Output } from '../../terminal/output.js';

/** `llm101 config`: every setting, its value, and where it comes from. */
export function configCommand(sources: SettingSources, output: Output): void {
  const settings: RawSettings = resolveSettings(sources);
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
  for (const name of unknownVariables()) output.note(`${name} is set, and is no setting`);
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value);
const width = (cells: readonly string[]): number => Math.max(...cells.map((cell) => cell.length));
