import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.js';
import { keepOffline } from './state/offline.js';
import { address, checkFlags, flags, openPage, text } from './state/page.js';
import './style.css';

void openPage().then(keepOffline);
const page = document.querySelector('#page');
if (page !== null) render(<App />, page);

/** Milliseconds after which what was typed counts. */
const SETTLED_MS = 200;

let timer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  void [address.value, flags.value, text.value];
  clearTimeout(timer);
  timer = setTimeout(() => {
    history.replaceState(null, '', address.value === '' ? location.pathname : address.value);
    void checkFlags();
  }, SETTLED_MS);
});
