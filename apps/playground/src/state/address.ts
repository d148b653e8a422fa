/**
 * The address of the page holds the whole configuration after its `#`, so that it goes to no server: settings by their names, the text, and
 * what of the page is shown. Opened elsewhere it gives the same numbers.
 */
import type { Flags } from '../protocol.js';
import { isLanguage } from '../strings/index.js';

/** What an address says. */
export interface Address {
  /** As it stands there: a worker makes numbers of what must be numbers. */
  readonly flags: Flags;
  /** A text of one's own, by its hash and name: whoever opens the address has to have it. */
  readonly text?: { readonly sha256: string; readonly name: string };
  readonly room: RoomName;
  /** The line that is looked at. */
  readonly line?: string;
  /** The fingerprint that the run has at a step, where whoever shared it had come so far: `300:1a2b3c4d`. */
  readonly expected?: { readonly step: number; readonly sha256: string };
  /** Where one is in the tour, `3.2`: its chapter and step. */
  readonly tour?: string;
  /** The language of the page, where it isn't English. */
  readonly language?: string;
  /** Where `llm101 play` has the run that the page is opened with: `./run/`, beside the page and nowhere else. */
  readonly served?: string;
  /** Parts of the page that aren't shown, for teachers: `form,tour`. */
  readonly hidden: readonly string[];
  /** What of it makes no sense, as it stands there. */
  readonly ignored: readonly string[];
}

/** The rooms of the page. */
export const rooms = ['train', 'inside', 'use', 'runs', 'about'] as const;

/** A room's name. */
export type RoomName = (typeof rooms)[number];

/** Parts that an address can leave out. */
const HIDEABLE: ReadonlySet<string> = new Set(['form', 'tour']);

/** Keys that aren't settings. */
const OWN = ['room', 'line', 'text', 'text-name', 'expect', 'run', 'tour', 'lang', 'hide'] as const;

/** Settings that no address may have: they name files and machines. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'initFrom',
  'tokenizerFile',
  'workers',
  'device',
  'dataSha256',
  'initSha256',
]);

/** A data set: its name, and sizes where it is a toy task, `sort:length=5,lines=2000`. */
const DATA = /^[\w-]+(?::[\w=,]*)?$/;

/** The only place that a run is taken from. */
const SERVED = './run/';

const isOwn = (key: string): key is (typeof OWN)[number] => OWN.some((own) => own === key);

/** Settings of an address at most: there are fewer. */
const MOST_SETTINGS = 100;

/** Characters of a line to look at, and of a name, at most. */
const [MOST_LINE, MOST_NAME] = [1000, 200];

/** Whether the page can do something with a value, for each key that is no setting. */
const isRight: Readonly<Record<(typeof OWN)[number], (value: string) => boolean>> = {
  room: (value) => rooms.some((room) => room === value),
  line: (value) => value.length <= MOST_LINE,
  text: (value) => /^[0-9a-f]{64}$/.test(value),
  'text-name': (value) => value !== '' && value.length <= MOST_NAME,
  expect: (value) => /^\d{1,15}:[0-9a-f]{8,64}$/.test(value),
  run: (value) => value === SERVED,
  tour: (value) => /^\d{1,3}\.\d{1,3}$/.test(value),
  lang: isLanguage,
  hide: (value) => value.split(',').every((part) => HIDEABLE.has(part)),
};

/** Whether it is a setting that an address may have; one that doesn't exist is refused where settings are chosen. */
const isSetting = (key: string, value: string): boolean =>
  !FORBIDDEN.has(key) &&
  /^[a-zA-Z][a-zA-Z0-9-]*$/.test(key) &&
  key.length <= MOST_NAME &&
  (key !== 'data' || DATA.test(value)); // a name, never an address of elsewhere

/** Reads what stands after `#`; what makes no sense, or is there twice, is left out. */
export function parseAddress(hash: string): Address {
  const own = new Map<string, string>();
  const flags = new Map<string, string>();
  const ignored: string[] = [];
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    const found = isOwn(key) ? own : flags;
    const isGood = isOwn(key) ? isRight[key](value) : isSetting(key, value);
    if (isGood && !found.has(key) && flags.size < MOST_SETTINGS) found.set(key, value);
    else ignored.push(`${key}=${value}`);
  }
  const sha256 = own.get('text');
  const [step, fingerprint] = own.get('expect')?.split(':') ?? [];
  const [room, line, tour, language] = ['room', 'line', 'tour', 'lang'].map((key) => own.get(key));
  return {
    flags: Object.fromEntries(flags),
    ...(sha256 !== undefined && { text: { sha256, name: own.get('text-name') ?? 'text.txt' } }),
    room: rooms.find((one) => one === room) ?? 'train',
    ...(line !== undefined && { line }),
    ...(tour !== undefined && { tour }),
    ...(language !== undefined && { language }),
    ...(step !== undefined && { expected: { step: Number(step), sha256: fingerprint } }),
    ...(own.has('run') && { served: SERVED }),
    hidden: own.get('hide')?.split(',') ?? [],
    ignored,
  };
}

/** What {@link parseAddress} reads, with a `#` before it; nothing for a page as it comes. */
export function formatAddress(address: Omit<Address, 'ignored'>): string {
  const { flags, text, room, line, expected, tour, language, hidden } = address;
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(flags)) query.set(key, String(value));
  if (text !== undefined) {
    query.set('text', text.sha256);
    query.set('text-name', text.name);
  }
  if (room !== 'train') query.set('room', room);
  if (line !== undefined && line !== '') query.set('line', line);
  if (expected !== undefined) query.set('expect', `${expected.step}:${expected.sha256}`);
  if (tour !== undefined) query.set('tour', tour);
  if (language !== undefined) query.set('lang', language);
  if (hidden.length > 0) query.set('hide', hidden.join(','));
  const written = query.toString();
  return written === '' ? '' : `#${written}`;
}
