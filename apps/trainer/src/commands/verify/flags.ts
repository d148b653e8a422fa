import type { Command } from 'commander';
import { latestRun } from '../../run-folder/latest-run.js';
import { type ExitWith, LATEST, textOption } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { untilStopped } from '../../terminal/stop-signal.js';

interface VerifyFlags extends OutputFlags {
  readonly data?: string;
}

export function addVerify(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('verify')
    .summary('check that a run gives the same losses here')
    .description(
      'Repeats the first hundred steps of a run by its config.json, and says whether this machine gives the recorded losses.',
    )
    .argument('[folder]', `of the run (default: ${LATEST})`)
    .addOption(textOption());
  addOutputFlags(command).action(async (folder: string | undefined, flags: VerifyFlags) => {
    const output = makeOutput(flags);
    const runDir = folder ?? latestRun('fingerprint', output);
    const { verifyCommand } = await import('./verify.js');
    const options = { data: flags.data, output };
    exitWith(await untilStopped((stop) => verifyCommand(runDir, { ...options, stop }), output));
  });
}
