import { setTimeout as sleep } from 'node:timers/promises';
import { Sender } from './sender.js';
import { Spool } from './spool.js';
import { WandbApi, WandbError, type ServerRun } from './wandb-api.js';
import { resolveServer, type WandbServer } from './settings.js';

/** How often a request is repeated. */
const ATTEMPTS = 5;

/** What a run that has no end is given: its process was killed. */
const EXIT_OF_KILLED = 1;

/** What {@link syncRun} did. */
export interface SyncedRun extends ServerRun {
  /** Rows of the history that were sent; 0 when the server had them all. */
  readonly sentLines: number;
}

/**
 * Sends a run that was kept in a folder, as far as the server doesn't have it. Sending it again does no harm.
 *
 * @throws WandbError when the server can't be reached, or refuses
 * @throws Error when there is no run in the folder
 * @throws RangeError without a key
 */
export async function syncRun(folder: string, server: WandbServer = {}): Promise<SyncedRun> {
  const { apiKey, baseUrl, timings } = resolveServer(server);
  if (apiKey === undefined) {
    throw new RangeError('wandb: WANDB_API_KEY must be set for a run to be sent; got none');
  }
  const spool = Spool.open(folder);
  const before = spool.state.sentLines;
  if (spool.state.exitCode === undefined) spool.end(EXIT_OF_KILLED);
  const sender = new Sender(spool, new WandbApi({ baseUrl, apiKey, timeoutMs: timings.timeoutMs }));
  for (let attempt = 1; ; attempt++) {
    try {
      await sender.sendNews(false);
      break;
    } catch (error) {
      const isPassing = error instanceof WandbError && error.isPassing;
      if (!isPassing || attempt === ATTEMPTS) throw error;
      await sleep(error.retryAfterMs ?? timings.retryMs * 2 ** (attempt - 1));
    }
  }
  const { run } = sender;
  if (run === undefined) throw new WandbError('the server did not answer', { isPassing: true });
  return { ...run, sentLines: spool.state.sentLines - before };
}
