import type { Command } from 'commander';
import type { ExitWith } from '../../terminal/options.js';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';
import { untilStopped } from '../../terminal/stop-signal.js';

export function addVerify(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('verify')
    .summary('check that a run gives the same losses here')
    .description(
      'Repeats the first hundred steps of a run by its config.json, and says whether this machine gives the recorded losses.',
    )
    .argument('<folder>', 'of the run');
  addOutputFlags(command).action(async (runDir: string, flags: OutputFlags) => {
    const output = makeOutput(flags);
    const { verifyCommand } = await import('./verify.js');
    exitWith(await untilStopped((stop) => verifyCommand(runDir, { output, stop }), output));
  });
}
