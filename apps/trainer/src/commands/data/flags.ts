import { type Command, Option } from 'commander';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { resolveSome } from '../../settings/resolve-settings.js';
import type { WrittenSettings } from '../../settings/written-settings.js';
import { whole } from '../../settings/rules.js';
import { addSettingFlags, DATA_SETTINGS, numberIfItIsOne } from '../../terminal/setting-flags.js';
import { settingSources } from '../../run-folder/setting-sources.js';
import { settingsSchema } from '../../settings/settings.js';

interface DataFlags extends WrittenSettings, OutputFlags {
  readonly list?: boolean;
  readonly rows?: unknown;
}

const dataSettingsSchema = settingsSchema
  .pick({
    data: true,
    alphabet: true,
    valSize: true,
    distinct: true,
    contextSize: true,
    seed: true,
  })
  .extend({ rows: whole(0).default(8) });

export function addData(program: Command): void {
  const command = program
    .command('data')
    .summary('look at a text: its size, split, duplicates and first windows')
    .description(
      'Shows what a text holds, how it is split, what is in it twice, and its first windows.',
    );
  addSettingFlags(command, DATA_SETTINGS)
    .addOption(new Option('--rows <n>', 'windows to show (default: 8)').argParser(numberIfItIsOne))
    .option('--list', 'the data sets that have a name, and nothing else');
  addOutputFlags(command).action(async ({ list, rows, quiet, json, ...flags }: DataFlags) => {
    const written = { ...flags, ...(rows !== undefined && { rows }) };
    const settings = resolveSome(dataSettingsSchema, settingSources(written));
    const { dataCommand, listDataSets } = await import('./data.js');
    const output = makeOutput({ quiet, json });
    if (list === true) listDataSets(output);
    else await dataCommand(settings, { rows: settings.rows, output });
  });
}
