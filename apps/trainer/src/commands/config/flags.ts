import { layerOf, resolveSettings, settingLayers, settingsSchema } from '@llm101/runs';
import type { RawSettings, SettingSources } from '@llm101/runs';
import type { Command } from 'commander';
import { addSettingFlags } from '../../terminal/options.js';
import { addOutputFlags, formatTable, makeOutput } from '../../terminal/output.js';
import type { Output, OutputFlags } from '../../terminal/output.js';
import { settingSources } from '../../terminal/sources.js';

interface ConfigFlags extends RawSettings, OutputFlags {}

export function addConfig(program: Command): void {
  const command = program
    .command('config')
    .summary('show the settings, and where each comes from')
    .description(
      'Shows what llm101 train would run with here, and where each setting comes from: a flag, a variable of the environment, ' +
        'a file, a preset, the model of --init-from or the defaults.',
    );
  addSettingFlags(command);
  addOutputFlags(command).action(async ({ quiet, json, ...given }: ConfigFlags) => {
    const { withInitial } = await import('../../run-folder/initial.js');
    const { sources } = withInitial(settingSources(command, given));
    configCommand(sources, makeOutput({ quiet, json }));
  });
}

/** `llm101 config`: every setting, its value, and where it comes from. */
function configCommand(sources: SettingSources, output: Output): void {
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
    { settings: rows },
  );
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(value);
