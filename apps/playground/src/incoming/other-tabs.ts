/** Runs that other tabs have come here once these are closed. */
import { lockOf } from '../databases.js';
import { keptRun } from '../state/library.js';
import { claim, type Release } from '../state/ownership.js';
import { elsewhere, list, reopenRun, runs } from '../state/runs.js';

/** Milliseconds that a tab has to load again before another takes its runs. */
const RELOAD_MS = 2000;

/** Another tab trains: its runs go on here once it is closed, and nothing begins beside them by itself. */
export function waitForOthers(): void {
  for (const id of elsewhere.value) {
    void whenFree(id).then(async (release) => {
      const found = await keptRun(id).catch(() => undefined);
      const isWanted = found?.isOpen === true && !found.isRemoved;
      if (isWanted && !runs.value.some((one) => one.id === id)) {
        const isBusy = runs.value.some(({ state }) => state.value === 'running');
        reopenRun(found, release, isBusy ? { paused: true } : {});
      } else release();
      await list();
    });
  }
}

/** Waits until the tab that has a run is closed, or has closed it; one that is only loaded again keeps it. */
async function whenFree(id: string): Promise<Release> {
  for (;;) {
    await navigator.locks.request(lockOf(id), () => {});
    await new Promise((resolve) => setTimeout(resolve, RELOAD_MS));
    const release = await claim(id);
    if (release !== undefined) return release;
  }
}
