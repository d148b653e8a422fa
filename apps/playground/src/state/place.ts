/** Where one is on the page: as the address says, until someone goes elsewhere. */
import { signal } from '@preact/signals';
import { languageOf } from '../strings/index.js';
import { parseAddress } from './address.js';

/** What the address said when the page was opened. */
export const opened = parseAddress(globalThis.location.hash);

/** The language that the page is to begin in. */
export const firstLanguage = languageOf(opened.language);

/** Where one is. */
export const room = signal(opened.room);

/** What of the address made no sense, and was left out. */
export const ignored = signal(opened.ignored);

/** Where one is in the tour, `3.2`; nothing where it isn't shown. */
export const tour = signal(opened.tour);

/** Parts that whoever shared the address left out. */
export const hidden = signal(opened.hidden);
