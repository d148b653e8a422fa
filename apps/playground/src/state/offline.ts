/** The service worker of the page: it keeps the page for when there is no network, and isolates it, so that threads share memory. */
import { signal } from '@preact/signals';

/** Whether the page works without a network. */
export const offline = signal<'none' | 'loading' | 'ready'>('none');

/** Whether there is a newer page than the one that is shown; it comes when the page is loaded again. */
export const isOutdated = signal(false);

/** Has the browser keep the page; where it can't, nothing happens. */
export async function keepOffline(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  offline.value = 'loading';
  try {
    const registration = await navigator.serviceWorker.register('./sw.js', { scope: './' });
    registration.addEventListener('updatefound', () => {
      isOutdated.value = navigator.serviceWorker.controller !== null;
    });
    await navigator.serviceWorker.ready;
    offline.value = 'ready';
  } catch {
    offline.value = 'none'; // as on a page that isn't https
  }
}
