import type { Command } from 'commander';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { addSettingFlags } from '../../terminal/setting-flags.js';
import { settingSources } from '../../run-folder/setting-sources.js';
import type { WrittenSettings } from '../../settings/written-settings.js';
import { configOption, withoutDefaults } from '../../terminal/option-helpers.js';

interface ConfigFlags extends WrittenSettings, OutputFlags {
  readonly config?: string;
}

export function addConfig(program: Command): void {
  const command = program
    .command('config')
    .summary('show the settings, and where each comes from')
    .description(
      'Shows what llm101 train would run with here, and where each setting comes from: a flag, a variable of the environment, ' +
        'a file, a preset or the defaults.',
    );
  addSettingFlags(command).addOption(configOption());
  addOutputFlags(command).action(async ({ config, quiet, json, ...given }: ConfigFlags) => {
    const sources = settingSources(withoutDefaults(command, given), config);
    const { configCommand } = await import('./config.js');
    configCommand(sources, makeOutput({ quiet, json }));
  });
}
