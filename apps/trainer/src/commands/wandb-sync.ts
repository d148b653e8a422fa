import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { wandb } from '@llm101/training/node';
import { describeFileError } from '../describe-file-error.js';
import { print } from '../print.js';
import { runFolder } from '../run-folder.js';
import { UserError } from '../user-error.js';

/** `llm101 wandb sync`: sends runs that were kept in their folders. */
export async function wandbSyncCommand(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const kept = keptRun(folder);
    try {
      const { url, sentLines } = await wandb.syncRun(kept);
      print(sentLines === 0 ? `${kept} was sent before: ${url}` : `${kept} is sent: ${url}`);
    } catch (cause) {
      throw new UserError(`${kept} could not be sent: ${describeFileError(cause)}`, { cause });
    }
  }
}

/** The run's folder, or that which W&B's log has in it. */
function keptRun(folder: string): string {
  const place = [folder, runFolder(folder).wandb].find((path) =>
    existsSync(join(path, 'run.json')),
  );
  if (place === undefined) {
    throw new UserError(
      `${folder} must be a run that was trained with --log wandb; there is no wandb/run.json in it`,
    );
  }
  return place;
}
