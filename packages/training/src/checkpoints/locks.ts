/** A name that one run has, in all tabs and workers of a site. */
export interface NamedLock {
  /** Of this run, written into what is locked. */
  readonly id: string;
  release(): Promise<void>;
}

/** What is locked, where the run that has it last left its id. */
interface Locked {
  /** The id of the last run that had it, whether it still lives or not. */
  writer(): Promise<unknown>;
  /** Writes an id, if that of the last run is still `before`. @returns whether it did */
  take(id: string, before: unknown): Promise<boolean>;
}

/** What a run leaves that has let go, so that nobody waits for its answer. */
const NOBODY = '';

const isId = (writer: unknown): writer is string => typeof writer === 'string' && writer !== NOBODY;

/** @returns nothing when another run has it */
export async function lockByName(name: string, locked: Locked): Promise<NamedLock | undefined> {
  const id = newId();
  const locks = typeof navigator === 'undefined' ? undefined : webLocks(navigator);
  if (locks !== undefined) {
    const release = await webLock(locks, name);
    if (release === undefined) return undefined;
    try {
      while (!(await locked.take(id, await locked.writer())));
      return { id, release };
    } catch (error) {
      await release();
      throw error;
    }
  }
  // Those who find the same dead run at once: one of them takes it, and the other then finds that one alive.
  const stop = answer(name, id);
  for (;;) {
    const writer = await locked.writer();
    if (isId(writer) && (await isAnswered(name, writer))) {
      stop();
      return undefined;
    }
    if (await locked.take(id, writer)) {
      const release = async (): Promise<void> => {
        stop();
        await locked.take(NOBODY, id);
      };
      return { id, release };
    }
  }
}

/** Pages that aren't secure have none, nor have old engines. */
const webLocks = (from: { readonly locks?: LockManager }): LockManager | undefined => from.locks;

/** @returns a function that lets go of it; nothing when it is taken */
function webLock(locks: LockManager, name: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const done = locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(undefined);
      return new Promise<void>((letGo) =>
        resolve(async () => {
          letGo();
          await done;
        }),
      );
    });
    done.catch(reject);
  });
}

/** For how long an answer is waited for. A run that trains lets the event loop run every 8 ms, between two steps. */
const ANSWER_MS = 1500;

/** Says that a run is there whenever it is asked for. @returns a function that ends it */
function answer(name: string, id: string): () => void {
  const channel = openChannel(name);
  channel?.addEventListener('message', ({ data }: MessageEvent) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
    if (data === `${id}?`) channel.postMessage(`${id}!`);
  });
  return () => channel?.close();
}

/** Asks all tabs and workers whether a run is there. */
function isAnswered(name: string, id: string): Promise<boolean> {
  const channel = openChannel(name);
  if (channel === undefined) return Promise.resolve(false); // its writes will fail, as another id is there
  return new Promise((resolve) => {
    const end = (isLive: boolean): void => {
      clearTimeout(timer);
      channel.close();
      resolve(isLive);
    };
    const timer = setTimeout(() => end(false), ANSWER_MS);
    channel.addEventListener('message', ({ data }: MessageEvent) => {
      if (data === `${id}!`) end(true);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
    channel.postMessage(`${id}?`);
  });
}

function openChannel(name: string): BroadcastChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined;
  const channel = new BroadcastChannel(name);
  // In Node an open channel would keep the process alive.
  if ('unref' in channel && typeof channel.unref === 'function') channel.unref();
  return channel;
}

/** Of no use but to differ from all others; nothing that a run computes depends on it. */
function newId(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
}
