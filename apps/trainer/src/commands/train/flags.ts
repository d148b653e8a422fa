import { type Command, InvalidArgumentError, Option } from 'commander';
import { resolveSettings, type RawSettings } from '@llm101/runs';
import { settingsOfRun, settingSources } from '../../run-folder/settings.js';
import {
  addSettingFlags,
  configOption,
  type ExitWith,
  notEmpty,
  runDirOption,
  withoutDefaults,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { extraLogNames, type ExtraLogName } from '../../run-folder/extra-logs.js';
import { untilStopped } from '../../terminal/stop-signal.js';

const RUN_DIR = 'runs/<model>';

interface TrainFlags extends RawSettings, OutputFlags {
  readonly config?: string;
  readonly runDir?: string;
  readonly resume?: string;
  readonly log?: readonly ExtraLogName[];
  readonly plot?: boolean;
}

export function addTrain(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('train')
    .summary('train a model, save it and draw names from it')
    .description(
      "Trains a model, saves it and draws names from it. The defaults are the lecture's.",
    );
  addSettingFlags(command)
    .addOption(
      runDirOption(`where the run is kept; an earlier one is moved aside (default: ${RUN_DIR})`),
    )
    .addOption(configOption())
    .addOption(
      new Option('--resume <folder>', 'resume a run that was cut short, with its own settings')
        .helpGroup('Run:')
        .argParser(notEmpty('the path of a folder'))
        .conflicts(['config', 'runDir']),
    )
    .addOption(
      new Option('--log <kinds>', `more logs, such as ${extraLogNames.join(',')}`)
        .helpGroup('Run:')
        .argParser(parseLogs),
    )
    .addOption(new Option('--plot', 'draw the losses live, in a terminal').helpGroup('Run:'));
  addOutputFlags(command)
    .addHelpText(
      'after',
      "\nThe lecture's run, to PyTorch's digits:\n" +
        '  llm101 train --data makemore-names --context-size 8 --d-embed 16',
    )
    .action(
      async ({
        config,
        runDir,
        resume,
        log = [],
        plot = false,
        quiet,
        json,
        ...given
      }: TrainFlags) => {
        const flags = withoutDefaults(command, given);
        const isResumed = resume !== undefined;
        const settings = isResumed
          ? settingsOfRun(resume, flags)
          : resolveSettings(settingSources(flags, config));
        const output = makeOutput({ quiet, json });
        const where = { runDir: resume ?? runDir ?? `runs/${settings.model}`, isResumed };
        const { trainCommand } = await import('./train.js');
        const options = { ...where, log, plot, output };
        exitWith(
          await untilStopped((stop) => trainCommand(settings, { ...options, stop }), output),
        );
      },
    );
}

/** `csv,tensorboard`, each counted once. */
function parseLogs(written: string): ExtraLogName[] {
  const names = written.split(',').map((name) => {
    const known = extraLogNames.find((log) => log === name.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`The kinds are ${extraLogNames.join(', ')}.`);
    }
    return known;
  });
  return [...new Set(names)];
}
