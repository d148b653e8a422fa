import { type Command, Option } from 'commander';
import {
  resolveSome,
  defaultSettings,
  SPLIT_SETTINGS,
  splitSettingsSchema,
  whole,
  type RawSettings,
} from '@llm101/runs';
import { addSettingFlags, CommandLineOption, parseNumber } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { settingSources } from '../../terminal/sources.js';

interface DataFlags extends RawSettings, OutputFlags {
  readonly list?: boolean;
}

const dataSettingsSchema = splitSettingsSchema.extend({
  contextSize: whole(1, 1_000_000).default(defaultSettings.contextSize), // windows are shown
  rows: whole(0).default(8),
});

export function addData(program: Command): void {
  const command = program
    .command('data')
    .summary('look at a text: its size, split, duplicates and first windows')
    .description(
      'Shows what a text holds, how it is split, which lines it has twice, and its first windows.',
    );
  addSettingFlags(command, [...SPLIT_SETTINGS, 'contextSize'])
    .addOption(new Option('--rows <n>', 'windows to show (default: 8)').argParser(parseNumber))
    .addOption(new CommandLineOption('--list', 'only list the data sets that have a name'));
  addOutputFlags(command).action(async ({ list, quiet, json, ...flags }: DataFlags) => {
    const sources = settingSources(command, flags);
    const settings = resolveSome(dataSettingsSchema, sources);
    const { dataCommand, listDataSets } = await import('./data.js');
    const output = makeOutput({ quiet, json });
    if (list === true) listDataSets(output);
    else {
      const { rows } = settings;
      await dataCommand(settings, { rows, config: sources.file?.path, output });
    }
  });
}
