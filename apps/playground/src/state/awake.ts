/** The screen stays on while a run trains in sight: a phone that sleeps stops it. */
import { effect, signal } from '@preact/signals';
import { runs } from './runs.js';

/** Watches runs for as long as the page is there; a browser that doesn't know how, or may not, lets the screen sleep. */
export function keepAwake(): void {
  const { wakeLock } = navigator as { readonly wakeLock?: WakeLock };
  if (wakeLock === undefined) return;
  const isSeen = signal(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', () => {
    isSeen.value = document.visibilityState === 'visible'; // what is hidden loses its lock
  });
  effect(() => {
    const isWanted = isSeen.value && runs.value.some(({ state }) => state.value === 'running');
    if (!isWanted) return undefined;
    const lock = wakeLock.request('screen').catch(() => {});
    return () => void lock.then(async (held) => held?.release()).catch(() => {});
  });
}
