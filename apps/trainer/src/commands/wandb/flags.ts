import type { Command } from 'commander';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

export function addWandb(program: Command): void {
  const command = program
    .command('wandb')
    .summary('send runs that were kept on the disk to Weights & Biases')
    .description(
      'Weights & Biases. WANDB_API_KEY is the key of your account, WANDB_BASE_URL the address of the server.',
    )
    .helpCommand(false)
    .command('sync')
    .description('Sends runs that were trained with --log wandb, or what W&B still lacks of them.')
    .argument('<folders...>', 'folders of runs');
  addOutputFlags(command).action(async (folders: string[], flags: OutputFlags) => {
    const { wandbSyncCommand } = await import('./sync.js');
    await wandbSyncCommand(folders, makeOutput(flags));
  });
}
