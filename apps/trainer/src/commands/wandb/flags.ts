import type { Command } from 'commander';
import { addOutputFlags, makeOutput, type OutputFlags } from '../../terminal/output.js';

export function addWandb(program: Command): void {
  const command = program
    .command('wandb')
    .summary('send runs to Weights & Biases that were kept on the disk')
    .description('Weights & Biases. WANDB_API_KEY says who you are, WANDB_BASE_URL where it is.')
    .helpCommand(false)
    .command('sync')
    .description('Sends runs that were trained with --log wandb, as far as W&B lacks them.')
    .argument('<folders...>', 'folders of runs');
  addOutputFlags(command).action(async (folders: string[], flags: OutputFlags) => {
    const { wandbSyncCommand } = await import('./sync.js');
    await wandbSyncCommand(folders, makeOutput(flags));
  });
}
