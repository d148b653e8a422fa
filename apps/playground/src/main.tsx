import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.js';
import { openPage } from './incoming/open-page.js';
import { keepAwake } from './state/awake.js';
import { keepOffline } from './state/offline.js';
import { checkFlags } from './state/check.js';
import { basis, flags, text } from './state/next-run.js';
import { address } from './state/page-address.js';
import { firstLanguage, opened } from './state/place.js';
import { speak } from './strings/index.js';
import './style.css';

/** Runs are named in the language of the page. */
const spoken = firstLanguage === 'en' ? Promise.resolve() : speak(firstLanguage);
void spoken.then(openPage).then(showServed).then(keepOffline);
keepAwake();
void show();

async function showServed(): Promise<void> {
  const { served } = opened;
  if (served !== undefined) await (await import('./incoming/served.js')).openServed(served);
}

async function show(): Promise<void> {
  await spoken;
  const page = document.querySelector('#page');
  if (page !== null) render(<App />, page);
}

/** Milliseconds after which what was typed counts. */
const SETTLED_MS = 200;

let timer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  void [address.value, flags.value, text.value, basis.value];
  clearTimeout(timer);
  timer = setTimeout(() => {
    history.replaceState(null, '', address.value === '' ? location.pathname : address.value);
    void checkFlags();
  }, SETTLED_MS);
});
