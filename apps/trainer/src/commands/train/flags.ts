import { type Command, InvalidArgumentError, Option } from 'commander';
import { layerOf, settingKeys, settingLayers, UsageError } from '@llm101/runs';
import type { RawSettings, Settings, SettingSources } from '@llm101/runs';
import { settingsOfResumed } from '../../run-folder/settings.js';
import {
  addSettingFlags,
  CommandLineOption,
  type ExitWith,
  notEmpty,
  runDirOption,
} from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { namesIn, settingSources } from '../../terminal/sources.js';
import { warn } from '../../terminal/streams.js';
import { extraLogNames, type ExtraLogName } from '../../run-folder/extra-logs.js';
import { untilStopped } from '../../terminal/stop-signal.js';

const RUN_DIR = 'runs/<model>';

interface TrainFlags extends RawSettings, OutputFlags {
  readonly runDir?: string;
  readonly resume?: string;
  readonly log?: readonly ExtraLogName[];
  readonly logModel?: boolean;
  readonly tokenFile?: boolean;
  readonly plot?: boolean;
}

export function addTrain(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('train')
    .summary('train a model, save it and draw samples from it')
    .description(
      "Trains a model, saves it and draws samples from it. The defaults are the lecture's.",
    );
  addSettingFlags(command)
    .addOption(
      runDirOption(`where the run is kept; an earlier one is moved aside (default: ${RUN_DIR})`),
    )
    .addOption(
      new CommandLineOption(
        '--resume <folder>',
        'resume a run that was cut short, with its own settings, or train it longer: --max-steps',
      )
        .helpGroup('Run:')
        .argParser(notEmpty('the path of a folder'))
        .conflicts(['config', 'runDir']),
    )
    .addOption(logOption())
    .addOption(
      new Option('--log-model', 'with --log wandb, send the model too, as an artifact').helpGroup(
        'Run:',
      ),
    )
    .addOption(
      new Option(
        '--token-file',
        'keep the tokens of blocks in a file of the run, as those of a long text are: it resumes without the text',
      ).helpGroup('Run:'),
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
        runDir,
        resume,
        log = [],
        logModel = false,
        tokenFile = false,
        plot = false,
        quiet,
        json,
        ...given
      }: TrainFlags) => {
        const output = makeOutput({ quiet, json });
        const sources = settingSources(command, given);
        const { data, ...changes } = sources.flags;
        const resumed = resume === undefined ? undefined : settingsOfResumed(resume, changes);
        if (resumed !== undefined) warnOfUnread(resumed.settings, sources);
        const { settingsOfNew } = await import('../../run-folder/initial.js');
        const { settings, initial } = resumed ?? settingsOfNew(sources);
        if (tokenFile && settings.examples !== 'blocks') {
          throw new UsageError(
            `${namesIn(command)('tokenFile')} is for --examples blocks; got --examples lines`,
          );
        }
        if (logModel && resume === undefined && !log.includes('wandb')) {
          throw new UsageError('--log-model is for --log wandb; add it, or leave --log-model out');
        }
        const options = {
          runDir: resume ?? runDir ?? `runs/${settings.model}`,
          before: resumed?.before,
          initial,
          data: resumed && (data as string | undefined),
          config: sources.file?.path,
          log,
          logModel,
          tokenFile,
          plot,
          output,
        };
        const { trainCommand } = await import('./train.js');
        exitWith(
          await untilStopped((stop) => trainCommand(settings, { ...options, stop }), output),
        );
      },
    );
}

/** A run that resumes reads flags alone; what other sources would have changed is said. */
function warnOfUnread(settings: Settings, sources: SettingSources): void {
  const layers = settingLayers({ ...sources, flags: {} });
  const own: RawSettings = settings;
  for (const key of settingKeys) {
    const layer = key === 'preset' ? undefined : layerOf(layers, key);
    if (layer === undefined || layer.origin(key) === 'default') continue;
    if (layer.settings[key] === own[key]) continue;
    warn(
      `${layer.nameOf(key)} isn't read: a run resumes with its own settings, and flags alone change them`,
    );
  }
}

/** `--log csv,tensorboard` */
export const logOption = (): Option =>
  new Option('--log <kinds>', `more logs, such as ${extraLogNames.join(',')}`)
    .helpGroup('Run:')
    .argParser(parseLogs);

/** `csv,tensorboard`, each counted once. */
function parseLogs(written: string, before: readonly ExtraLogName[] = []): ExtraLogName[] {
  const names = written.split(',').map((name) => {
    const known = extraLogNames.find((log) => log === name.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`The kinds are ${extraLogNames.join(', ')}.`);
    }
    return known;
  });
  return [...new Set([...before, ...names])];
}
