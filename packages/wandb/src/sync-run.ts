import { setTimeout as sleep } from 'node:timers/promises';
import { Sender } from './server/sender.js';
import { Spool } from './spool/spool.js';
import { resolveServer, type WandbServer } from './settings/settings.js';
import { waitMs } from './settings/timings.js';
import { WandbApi, type ServerRun } from './server/wandb-api.js';
import { WandbError } from './server/wandb-error.js';

/** How often a request is made, at most. */
const ATTEMPTS = 5;

/** What a run that has no end is given: its process was killed. */
const EXIT_OF_KILLED = 1;

/** What {@link syncRun} did. */
export interface SyncedRun extends ServerRun {
  /** Rows of the history that were sent; 0 when the server had them all. */
  readonly sentLines: number;
}

/** Settings of {@link syncRun}. */
export interface SyncOptions extends WandbServer {
  /** Called with a line about a request that failed and is made again. Default: nothing. */
  readonly onMessage?: (message: string) => void;
}

/**
 * Sends a run that was kept in a folder, as far as the server doesn't have it. Sending it again does no harm.
 *
 * @throws WandbError when the server can't be reached, or refuses
 * @throws Error when there is no run in the folder
 * @throws RangeError without a key
 */
export async function syncRun(folder: string, options: SyncOptions = {}): Promise<SyncedRun> {
  const { onMessage = () => {} } = options;
  const { apiKey, baseUrl, timings } = resolveServer(options);
  if (apiKey === undefined) {
    throw new RangeError(
      'wandb: WANDB_API_KEY must be set for a run to be sent, or ~/.netrc have a key for the server; got none',
    );
  }
  const { timeoutMs, uploadMs } = timings;
  const spool = Spool.open(folder);
  const before = spool.state.sent.history.lines;
  if (spool.state.exitCode === undefined) spool.end(EXIT_OF_KILLED);
  const sender = new Sender(
    spool,
    new WandbApi({ baseUrl, apiKey, timeoutMs, uploadMs }),
    onMessage,
  );
  let sent = before;
  for (let attempt = 1; ; attempt++) {
    try {
      await sender.sendNews(false);
      break;
    } catch (error) {
      if (spool.state.sent.history.lines > sent) attempt = 1;
      sent = spool.state.sent.history.lines;
      const isPassing = error instanceof WandbError && error.isPassing;
      if (!isPassing || attempt === ATTEMPTS) throw error;
      const ms = waitMs(timings, attempt - 1, error.retryAfterMs);
      onMessage(
        `W&B: ${error.message}; tried again in ${ms / 1000} s, ${ATTEMPTS - attempt} times at most`,
      );
      await sleep(ms);
    }
  }
  const { run } = sender;
  if (run === undefined) throw new WandbError('the server did not answer', { isPassing: true });
  return { ...run, sentLines: spool.state.sent.history.lines - before };
}
