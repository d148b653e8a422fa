import { checkSettings, type RawSettings, whole } from '@llm101/runs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CommandLineOption, type ExitWith, parseNumber } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { namesIn, settingSources } from '../../terminal/sources.js';

/** How `llm101 play` serves. */
const playSettingsSchema = z.strictObject({
  port: whole(0, 65_535).optional(),
  open: z.boolean().default(true),
});

export function addPlay(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('play')
    .summary('train and look inside in a browser, on a page of your own')
    .description(
      'Serves the playground, a page that trains models and shows their insides, to this machine alone, with a run in it where one is named: it goes on there, on a copy. Ctrl-C ends it.',
    )
    .argument('[folder]', 'of the run (default: none, the page begins a run of its own)')
    .addOption(
      new Option(
        '--port <n>',
        'of 127.0.0.1; 0 takes a free one (default: 10101, or a free one where that is taken)',
      ).argParser(parseNumber),
    )
    .addOption(new CommandLineOption('--no-open', 'print the address, and open no browser'));
  addOutputFlags(command).action(
    async (folder: string | undefined, { quiet, json, ...given }: RawSettings & OutputFlags) => {
      const { flags } = settingSources(command, given);
      const settings = checkSettings(playSettingsSchema, flags, namesIn(command));
      const { playCommand } = await import('./play.js');
      const output = makeOutput({ quiet, json });
      exitWith(await playCommand(settings, { runDir: folder, output }));
    },
  );
}
