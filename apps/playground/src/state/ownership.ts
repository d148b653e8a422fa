/**
 * Which tab has a run: one at a time, by a Web Lock that it holds as long as the run is open there. Another tab neither trains it nor writes
 * down anything of it. A browser without locks can't tell; its tabs still don't write the same checkpoints, which the store of these sees to.
 */
import { CHANNEL, databaseOf, lockOf } from '../databases.js';

/** Lets go of a run. */
export type Release = () => void;

const { locks } = navigator as { readonly locks?: LockManager };

/** Whether tabs can tell what others have open. */
export const hasLocks = locks !== undefined;

/** Milliseconds that a tab has to hand a run over. */
const HAND_OVER_MS = 10_000;

/** Takes a run for this tab. @returns nothing where another tab has it */
export function claim(id: string): Promise<Release | undefined> {
  return hold(id, { ifAvailable: true });
}

/**
 * Has the tab that has a run save and close it, and takes it.
 *
 * @returns nothing where that tab doesn't let go of it
 */
export async function takeOver(id: string): Promise<Release | undefined> {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(id); // oxlint-disable-line unicorn/require-post-message-target-origin -- a channel is of one origin
  channel.close();
  const release = await hold(id, { signal: AbortSignal.timeout(HAND_OVER_MS) }).catch(() => {});
  return release ?? undefined;
}

/** Hears which runs other tabs ask for. */
export function onAsked(give: (id: string) => void): void {
  if (locks === undefined) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => give(String(data)));
}

/** Which runs tabs have open, this one among them. */
export async function openInTabs(ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locks?.query()) ?? {};
  const names = new Set(held.map(({ name }) => name));
  return new Set(ids.filter((id) => names.has(lockOf(id))));
}

function hold(id: string, options: LockOptions): Promise<Release | undefined> {
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const done = locks.request(lockOf(id), options, async (lock) => {
      if (lock === null) return resolve(undefined);
      await storeFree(id);
      return new Promise<void>((letGo) => resolve(letGo));
    });
    done.catch(reject);
  });
}

/** A worker that was ended lets go of its checkpoints a moment later. */
async function storeFree(id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { held = [] } = (await locks?.query()) ?? {};
    if (!held.some(({ name = '' }) => name.endsWith(databaseOf(id)))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
