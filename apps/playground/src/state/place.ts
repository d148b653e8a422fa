/** Where one is on the page: as the address says, until someone goes elsewhere. */
import { signal } from '@preact/signals';
import { languageOf } from '../strings/index.js';
import { parseAddress } from './address.js';

/** What the address said when the page was opened. */
export const opened = parseAddress(globalThis.location.hash);

/** The rooms of the page. */
export const rooms = ['train', 'inside', 'use', 'runs', 'about'] as const;

/** A room's name. */
export type RoomName = (typeof rooms)[number];

const isRoom = (name: string): name is RoomName => rooms.some((room) => room === name);

/** The language that the page is to begin in. */
export const firstLanguage = languageOf(opened.language);

/** Where one is. */
export const room = signal<RoomName>(isRoom(opened.room) ? opened.room : 'train');

/** Where one is in the tour, `3.2`; nothing where it isn't shown. */
export const tour = signal(opened.tour);

/** Parts that whoever shared the address left out. */
export const hidden = signal(opened.hidden);
