import { Command, Help, type Option } from 'commander';
import { addCode } from './commands/code/flags.js';
import { addCompletion } from './commands/completion/flags.js';
import { addCompress, addDecompress } from './commands/compress/flags.js';
import { addConfig } from './commands/config/flags.js';
import { addData } from './commands/data/flags.js';
import { addDenoise } from './commands/denoise/flags.js';
import { addEntropy } from './commands/entropy/flags.js';
import { addEvaluate } from './commands/evaluate/flags.js';
import { addExport } from './commands/export/flags.js';
import { addHelp } from './commands/help/flags.js';
import { addLrFind } from './commands/lr-find/flags.js';
import { addPlay } from './commands/play/flags.js';
import { addReport } from './commands/report/flags.js';
import { addRuns } from './commands/runs/flags.js';
import { addSample } from './commands/sample/flags.js';
import { addScalingLaws } from './commands/scaling-laws/flags.js';
import { addSweep } from './commands/sweep/flags.js';
import { addTokenize } from './commands/tokenize/flags.js';
import { addTrain } from './commands/train/flags.js';
import { addVerify } from './commands/verify/flags.js';
import { addWandb } from './commands/wandb/flags.js';
import { addWorker } from './commands/worker/flags.js';
import type { ExitWith } from './terminal/options.js';
import { addSources } from './terminal/sources.js';
import { versions } from './versions.js';

/** Every command, in the order of the help. A new one is a folder in `commands` and a row here. */
const COMMANDS: readonly ((program: Command, exitWith: ExitWith) => void)[] = [
  addTrain,
  addSweep,
  addWorker,
  addLrFind,
  addEvaluate,
  addSample,
  addEntropy,
  addDenoise,
  addVerify,
  addConfig,
  addCode,
  addData,
  addTokenize,
  addPlay,
  addRuns,
  addReport,
  addScalingLaws,
  addExport,
  addCompress,
  addDecompress,
  addWandb,
  addSources, // for those above
  addHelp,
  addCompletion, // completes those above
];

/** Columns of a flag in the help; with more, the texts beside it would not be broken into lines. */
const MOST_COLUMNS = 34;

/** The names that a flag may have for its value, where they are too long to stand in it. */
const namesOf = ({ flags }: Option): string | undefined =>
  flags.length > MOST_COLUMNS ? /<([^>]*\|[^>]*)>/.exec(flags)?.[1] : undefined;

function optionTerm(option: Option): string {
  const names = namesOf(option);
  return names === undefined ? option.flags : option.flags.replace(names, 'name');
}

function optionDescription(option: Option): string {
  const [names, text] = [namesOf(option), new Help().optionDescription(option)];
  return names === undefined ? text : `${names.replaceAll('|', ', ')}: ${text}`;
}

/**
 * The command line. A command's code is loaded when it is called, so that `--help` answers at once.
 *
 * @param exitWith - takes the exit status of a command that ended by itself
 */
export function makeProgram(exitWith: ExitWith): Command {
  const program = new Command('llm101')
    .description('Train small language models, on SIMD WebAssembly.')
    .version(versions.llm101, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp({ optionTerm, optionDescription })
    .showHelpAfterError(false);
  for (const add of COMMANDS) add(program, exitWith);
  return program;
}
