import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { syncRun, type SyncedRun } from '@llm101/wandb';
import { UserError } from '@llm101/runs';
import { describeFileError } from '../../terminal/errors.js';
import type { Output } from '../../terminal/output.js';
import { extraLogs } from '../../run-folder/extra-logs.js';

/** `llm101 wandb sync`: sends runs that were kept in their folders. */
export async function wandbSyncCommand(folders: readonly string[], output: Output): Promise<void> {
  const runs: { folder: string; url: string; sentLines: number }[] = [];
  const progress = output.progress('sending');
  try {
    const note = (message: string): void => output.note(`llm101: ${message}`);
    for (const folder of folders.map(keptRun)) {
      progress.update(runs.length, folders.length);
      const { url, sentLines } = await send(folder, note);
      runs.push({ folder, url, sentLines });
    }
  } finally {
    progress.end();
  }
  output.answer(
    runs.map(({ folder, url, sentLines }) =>
      sentLines === 0 ? `${folder} was sent before: ${url}` : `${folder} is sent: ${url}`,
    ),
    { runs },
  );
}

async function send(folder: string, onMessage: (message: string) => void): Promise<SyncedRun> {
  try {
    return await syncRun(folder, { onMessage });
  } catch (cause) {
    throw new UserError(`${folder} could not be sent: ${describeFileError(cause)}`, { cause });
  }
}

/** The folder of a W&B log: this one, or the one in a run's folder. */
function keptRun(folder: string): string {
  const path = [folder, join(folder, extraLogs.wandb.path)].find((candidate) =>
    existsSync(join(candidate, 'run.json')),
  );
  if (path === undefined) {
    throw new UserError(
      `${folder} must be a run that was trained with --log wandb; there is no wandb/run.json in it`,
    );
  }
  return path;
}
