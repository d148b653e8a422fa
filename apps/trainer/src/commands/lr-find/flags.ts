import type { Command } from 'commander';
import { lrFindSettingsSchema } from './settings.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { check, resolveSettings } from '../../settings/resolve-settings.js';
import type { WrittenSettings } from '../../settings/written-settings.js';
import { addSettingFlags, LR_FIND_SETTINGS } from '../../terminal/setting-flags.js';
import { settingSources } from '../../run-folder/setting-sources.js';
import { type StopSignal, untilStopped } from '../../terminal/stop-signal.js';
import { type ExitWith, numberOption, withoutDefaults } from '../../terminal/option-helpers.js';

interface LrFindFlags extends WrittenSettings, OutputFlags {}

export function addLrFind(program: Command, exitWith: ExitWith): void {
  const defaults = lrFindSettingsSchema.parse({});
  const command = program
    .command('lr-find')
    .summary('find a learning rate')
    .description(
      'Trains with a growing learning rate, draws the losses, and says which rate is worth trying. Nothing is saved.',
    );
  addSettingFlags(command, LR_FIND_SETTINGS)
    .addOption(numberOption('--from <rate>', 'the first rate', defaults.from))
    .addOption(numberOption('--to <rate>', 'the last rate', defaults.to))
    .addOption(numberOption('--steps <n>', 'steps in all', defaults.steps));
  addOutputFlags(command).action(
    async ({ from, to, steps, quiet, json, ...given }: LrFindFlags) => {
      const flags = withoutDefaults(command, given);
      const written = Object.entries({ from, to, steps }).filter(
        ([, value]) => value !== undefined,
      );
      const range = check(lrFindSettingsSchema, Object.fromEntries(written));
      const settings = resolveSettings(settingSources(flags));
      const output = makeOutput({ quiet, json });
      const { lrFindCommand } = await import('./lr-find.js');
      const work = (stop: StopSignal) => lrFindCommand(settings, { range, output, stop });
      exitWith(await untilStopped(work, output));
    },
  );
}
