/**
 * The address of the page holds the whole configuration after its `#`, so that it goes to no server: settings by their names, the text, and
 * what of the page is shown. Opened elsewhere it gives the same numbers.
 */
import type { Flags } from '../protocol.js';

/** What an address says. */
export interface Address {
  /** As it stands there: a worker makes numbers of what must be numbers. */
  readonly flags: Flags;
  /** A text of one's own, by its hash and name: whoever opens the address has to have it. */
  readonly text?: { readonly sha256: string; readonly name: string };
  readonly room: string;
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
}

/** Keys that aren't settings. */
const OWN = ['room', 'line', 'text', 'text-name', 'expect', 'run', 'tour', 'lang', 'hide'] as const;

/** Settings that no address may have: they name files and machines. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'initFrom',
  'tokenizerFile',
  'workers',
  'dataSha256',
  'initSha256',
]);

/** A data set: its name, and sizes where it is a toy task, `sort:length=5,lines=2000`. */
const DATA = /^[\w-]+(?::[\w=,]*)?$/;

/** The only place that a run is taken from. */
const SERVED = './run/';

const isOwn = (key: string): boolean => OWN.some((own) => own === key);

/** Reads what stands after `#`; what makes no sense is left out. */
export function parseAddress(hash: string): Address {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const flags: Record<string, string> = {};
  for (const [key, value] of query) {
    if (isOwn(key) || FORBIDDEN.has(key) || !/^[a-zA-Z][a-zA-Z0-9]*$/.test(key)) continue;
    if (key === 'data' && !DATA.test(value)) continue; // a name, never an address of elsewhere
    flags[key] = value;
  }
  const sha256 = query.get('text') ?? '';
  const [step, fingerprint = ''] = (query.get('expect') ?? '').split(':');
  const line = query.get('line');
  const tour = query.get('tour') ?? '';
  const language = query.get('lang');
  return {
    flags,
    ...(/^[0-9a-f]{64}$/.test(sha256) && {
      text: { sha256, name: query.get('text-name') ?? 'text.txt' },
    }),
    room: query.get('room') ?? 'train',
    ...(line !== null && { line }),
    ...(/^\d+\.\d+$/.test(tour) && { tour }),
    ...(language !== null && { language }),
    ...(/^\d+$/.test(step) &&
      /^[0-9a-f]{8,64}$/.test(fingerprint) && {
        expected: { step: Number(step), sha256: fingerprint },
      }),
    ...(query.get('run') === SERVED && { served: SERVED }),
    hidden: (query.get('hide') ?? '').split(',').filter((part) => part !== ''),
  };
}

/** What {@link parseAddress} reads, with a `#` before it; nothing for a page as it comes. */
export function formatAddress(address: Address): string {
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
