import { Command } from 'commander';
import { addCompletion } from './program/add-completion.js';
import { addCompress, addDecompress } from './program/add-compress.js';
import { addConfig } from './program/add-config.js';
import { addData } from './program/add-data.js';
import { addDenoise } from './program/add-denoise.js';
import { addEntropy } from './program/add-entropy.js';
import { addEvaluate } from './program/add-evaluate.js';
import { addHelp } from './program/add-help.js';
import { addLrFind } from './program/add-lr-find.js';
import { addReport } from './program/add-report.js';
import { addSample } from './program/add-sample.js';
import { addTrain } from './program/add-train.js';
import { addVerify } from './program/add-verify.js';
import { addWandb } from './program/add-wandb.js';
import type { ExitWith } from './program/option-helpers.js';
import { versions } from './versions.js';

/**
 * The command line. Each command's code is loaded when it is called, so that `--help` answers at once.
 *
 * @param exitWith - told the exit status of a command that ended by itself
 */
export function makeProgram(exitWith: ExitWith): Command {
  const program = new Command('llm101')
    .description('Train small language models, on SIMD WebAssembly.')
    .version(versions.llm101, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError(false);
  addTrain(program, exitWith);
  addLrFind(program, exitWith);
  addEvaluate(program);
  addSample(program);
  addEntropy(program);
  addDenoise(program);
  addVerify(program, exitWith);
  addConfig(program);
  addData(program);
  addReport(program);
  addCompress(program);
  addDecompress(program);
  addWandb(program);
  addHelp(program);
  addCompletion(program);
  return program;
}
