import {
  checkSettings,
  modelKinds,
  positive,
  type RawSettings,
  settingHelp,
  settingKeys,
  UsageError,
  whole,
} from '@llm101/runs';
import type { Command } from 'commander';
import { z } from 'zod';
import { addSettingFlags, numberOption } from '../../terminal/options.js';
import type { ExitWith } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { namesIn, settingSources } from '../../terminal/sources.js';
import { untilStopped } from '../../terminal/stop-signal.js';

/** What `llm101 lr-find` tries. */
const lrFindSettingsSchema = z.strictObject({
  from: positive().default(1e-5),
  to: positive().default(10),
  steps: whole(2).default(200),
});

/** The settings that a search for a learning rate reads. */
const lrFindKeys = settingKeys.filter((key) => {
  const { group } = settingHelp(key);
  const isBatch = Object.values(modelKinds).some(({ reads }) => key in reads);
  return (
    ['Data', 'Model'].includes(group) ||
    (group === 'Optimizer' && key !== 'lr') ||
    isBatch ||
    ['compile', 'relaxedSimd', 'seed'].includes(key)
  );
});

interface LrFindFlags extends RawSettings, OutputFlags {}

export function addLrFind(program: Command, exitWith: ExitWith): void {
  const defaults = lrFindSettingsSchema.parse({});
  const command = program
    .command('lr-find')
    .summary('find a learning rate')
    .description(
      'Trains with a growing learning rate, draws the losses, and says which rate is worth trying. Nothing is saved.',
    );
  addSettingFlags(command, lrFindKeys)
    .addOption(numberOption('--from <rate>', 'the first rate', defaults.from))
    .addOption(numberOption('--to <rate>', 'the last rate', defaults.to))
    .addOption(numberOption('--steps <n>', 'steps in all', defaults.steps));
  addOutputFlags(command).action(
    async ({ from, to, steps, quiet, json, ...given }: LrFindFlags) => {
      const written = Object.entries({ from, to, steps }).filter(
        ([, value]) => value !== undefined,
      );
      const range = checkSettings(
        lrFindSettingsSchema,
        Object.fromEntries(written),
        namesIn(command),
      );
      if (range.from >= range.to) {
        throw new UsageError(`--to must be above --from, ${range.from}; got ${range.to}`);
      }
      const sources = settingSources(command, given);
      const { settingsOfNew } = await import('../../run-folder/initial.js');
      const { settings, initial } = settingsOfNew(sources);
      const output = makeOutput({ quiet, json });
      const { lrFindCommand } = await import('./lr-find.js');
      exitWith(
        await untilStopped(
          (stop) =>
            lrFindCommand(settings, {
              range,
              config: sources.file?.path,
              initial,
              output,
              stop,
            }),
          output,
        ),
      );
    },
  );
}
