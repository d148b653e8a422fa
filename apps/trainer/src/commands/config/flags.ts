import type { Command } from 'commander';
import type { RawSettings } from '@llm101/runs';
import { settingSources } from '../../run-folder/settings.js';
import { addSettingFlags, configOption, withoutDefaults } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

interface ConfigFlags extends RawSettings, OutputFlags {
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
