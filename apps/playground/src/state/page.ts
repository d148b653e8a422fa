/** What the page shows: its runs, the settings of the next one, and where one is. */
import { batch, computed, effect, signal } from '@preact/signals';
import type {
  CheckOutput,
  Flags,
  OwnText,
  RequestName,
  Requests,
  Surroundings,
} from '../protocol.js';
import type { Basis, Brought } from '../run-requests.js';
import { formatAddress, parseAddress } from './address.js';
import { language, languageOf, t } from '../strings/index.js';
import { Client } from './client.js';
import { nextColor } from './colors.js';
import type { Fingerprint } from '../happenings.js';
import { FIRST_LINE } from '../looks.js';
import { forgetRun, keepRun, type KeptRun, keptRuns, openElsewhere } from './library.js';
import { PageRun, type RunPast } from './run.js';

/** What the address said when the page was opened. */
export const opened = parseAddress(globalThis.location.hash);

/** Runs that a page opens again by itself: each has a worker. */
const MOST_OPEN = 4;

/** Runs that are open at most when another begins. */
const MOST_RUNS = 6;

/** The rooms of the page. */
export const rooms = ['train', 'inside', 'use', 'runs', 'about'] as const;

/** A room's name. */
export type RoomName = (typeof rooms)[number];

const isRoom = (name: string): name is RoomName => rooms.some((room) => room === name);

/** The language that the page is to begin in. */
export const firstLanguage = languageOf(opened.language);

/** Where one is. */
export const room = signal<RoomName>(isRoom(opened.room) ? opened.room : 'train');

/** The settings of the next run, as far as they were chosen. */
export const flags = signal<Flags>(opened.flags);

/** A text of one's own that it learns from, instead of the data set that the settings name. */
export const text = signal<OwnText | undefined>(undefined);

/** What the next run begins with besides: weights of another. */
export const basis = signal<Basis | undefined>(undefined);

/** The line that rooms look at. */
export const line = signal(opened.line ?? FIRST_LINE);

/** Where one is in the tour, `3.2`; nothing where it isn't shown. */
export const tour = signal(opened.tour);

/** Parts that whoever shared the address left out. */
export const hidden = signal(opened.hidden);

/** All runs of the page, the newest last. */
export const runs = signal<readonly PageRun[]>([]);

/** Runs that this browser keeps, and that aren't open here; the oldest first. */
export const kept = signal<readonly KeptRun[]>([]);

/** The run that was removed last: it can come back. */
export const removed = signal<KeptRun | undefined>(undefined);

const selectedId = signal<string | undefined>(undefined);

/** The run that is looked at. */
export const run = computed(
  () => runs.value.find(({ id }) => id === selectedId.value) ?? runs.value.at(-1),
);

/** What is wrong with the settings, and what they make. */
export const checked = signal<CheckOutput | undefined>(undefined);

/** What the engine has here. */
export const surroundings = signal<Surroundings | undefined>(undefined);

/** Why there is no engine. */
export const unusable = signal<string | undefined>(undefined);

/** A text that a run needs that isn't here. */
export interface MissingText {
  readonly name: string;
  readonly sha256: string;
  /** Starts the run, once the text is there. */
  readonly start: (text: OwnText) => void;
}

/** A text that isn't here, and that a run waits for. */
export const missingText = signal<MissingText | undefined>(undefined);

/** The step under the pointer, in all charts. */
export const cursor = signal<number | undefined>(undefined);

/** Whether steps are drawn by their logarithm. */
export const logSteps = signal(false);

/** The line that rooms look at where nobody chose one: of the run's text where its model can't read this one. */
const givenLine = computed(() => run.value?.facts.value?.text.line ?? FIRST_LINE);

/** The line where someone chose it. */
export const ownLine = computed(() => (line.value === givenLine.value ? '' : line.value));

let lastGiven = FIRST_LINE;
effect(() => {
  if (line.peek() === lastGiven) line.value = givenLine.value;
  lastGiven = givenLine.value;
});

/** A worker whose engine runs already: it checks settings, and takes the next run. */
let spare = new Client();

/** Selects a run to look at. */
export function select(id: string): void {
  selectedId.value = id;
}

/** Starts a run of the settings as they are. It has the machine for itself: others that train pause, and of many the oldest is closed. */
export function startRun(expected?: Fingerprint): PageRun {
  for (const other of runs.value) if (other.state.value === 'running') other.pause();
  if (runs.value.length >= MOST_RUNS) void closeRun(runs.value[0]);
  const name = t.runName(numberOfNext());
  const parts = { name, flags: flags.value, text: text.value, basis: basis.value };
  const started = new PageRun({ ...parts, ...newRun() }, takeSpare());
  open(started);
  started.start({ paused: false, expected });
  return started;
}

/** A run that comes from elsewhere. */
export interface RunFromElsewhere extends Pick<KeptRun, 'name' | 'flags' | 'text' | 'basis'> {
  readonly brought: Brought;
  readonly history: RunPast;
}

/** Goes on with a run that comes from elsewhere; it waits until someone says so. */
export function bringRun({ brought, history, ...parts }: RunFromElsewhere): PageRun {
  const come = new PageRun({ ...parts, ...newRun() }, takeSpare(), history);
  open(come);
  come.start({ paused: true, brought });
  flags.value = parts.flags;
  text.value = parts.text;
  basis.value = parts.basis;
  return come;
}

/** Goes on with a run that this browser has kept: where it trained it trains, where it waited it waits. */
export function reopenRun(found: KeptRun, expected?: Fingerprint): PageRun {
  const reopened = new PageRun(found, takeSpare(), found);
  open(reopened);
  kept.value = kept.value.filter(({ id }) => id !== found.id);
  reopened.start({ paused: found.state === 'paused' || found.state === 'stopped', expected });
  return reopened;
}

const newRun = (): Pick<KeptRun, 'id' | 'color' | 'createdMs'> => ({
  id: crypto.randomUUID().slice(0, 8),
  color: nextColor([...runs.value, ...kept.value].map(({ color }) => color)),
  createdMs: Date.now(),
});

/** The first number that no run's name has. */
function numberOfNext(): number {
  const names = new Set([
    ...runs.value.map(({ name }) => name.value),
    ...kept.value.map(({ name }) => name),
  ]);
  let number = 1;
  while (names.has(t.runName(number))) number += 1;
  return number;
}

function takeSpare(): Client {
  const taken = spare;
  spare = new Client();
  return taken;
}

function open(opened: PageRun): void {
  runs.value = [...runs.value, opened];
  select(opened.id);
}

/** Ends a run's worker; the browser still keeps what it has of it. */
export async function closeRun(closed: PageRun): Promise<void> {
  await closed.saved();
  await closed.keep({ isOpen: false });
  closed.close();
  await list(runs.value.filter((one) => one !== closed));
}

/** Removes a run, for as long as the page is open with a way back. */
export async function removeRun(id: string): Promise<void> {
  const one = runs.value.find((run) => run.id === id);
  await one?.saved();
  await one?.keep({ isOpen: false });
  const found = (await keptRuns().catch(() => [])).find((run) => run.id === id); // a browser may keep nothing
  if (found !== undefined) await keepRun({ ...found, isRemoved: true });
  one?.close();
  removed.value = found;
  await list(runs.value.filter((run) => run !== one));
}

/** Takes back what {@link removeRun} did last. */
export async function takeBack(): Promise<void> {
  if (removed.value === undefined) return;
  await keepRun({ ...removed.value, isRemoved: false });
  removed.value = undefined;
  await list();
}

/** Gives a run another name. */
export async function renameRun(id: string, name: string): Promise<void> {
  const one = runs.value.find((run) => run.id === id);
  if (one !== undefined) return one.rename(name);
  const found = kept.value.find((run) => run.id === id);
  if (found !== undefined) await keepRun({ ...found, name });
  await list();
}

/** Lists what this browser keeps besides the runs that are open. */
async function list(open: readonly PageRun[] = runs.value): Promise<void> {
  const all = await keptRuns().catch(() => []); // a browser may keep nothing
  const isOpen = new Set(open.map(({ id }) => id));
  batch(() => {
    runs.value = open;
    kept.value = all.filter(({ id, isRemoved }) => !isRemoved && !isOpen.has(id));
  });
}

/** Takes another text, and starts a run on it: what was chosen for the text before doesn't fit it. */
export function chooseText(chosen: OwnText | string): void {
  const { data: _, alphabet: __, ...others } = flags.value;
  text.value = typeof chosen === 'string' ? undefined : chosen;
  flags.value = typeof chosen === 'string' ? { ...others, data: chosen } : others;
  startRun();
}

/** Chooses a value of a setting, or nothing, so that it has its default. */
export function choose(key: string, value: string | number | boolean | undefined): void {
  const { [key]: _, ...others } = flags.value;
  flags.value = value === undefined ? others : { ...others, [key]: value };
}

/** Asks a worker that has no run. */
export function askSpare<Name extends RequestName>(
  name: Name,
  input: Requests[Name]['input'],
): Promise<Requests[Name]['output']> {
  return spare.ask(name, input);
}

let checks = 0;

/** Has the settings checked; an older check that comes late counts no more. */
export async function checkFlags(): Promise<void> {
  const number = ++checks;
  const { facts } = run.value ?? {};
  const { initial } = basis.value ?? {};
  const vocabSize = facts?.value?.vocabSize ?? 27;
  const found = await spare.ask('check', {
    flags: flags.value,
    text: text.value && { name: text.value.name },
    initial: initial && { name: initial.name, settings: initial.settings },
    vocabSize,
  });
  if (number === checks) checked.value = found;
}

/** The text of one's own, by its hash, once a run has read it. */
const ownText = computed(() => {
  const facts = runs.value.find((one) => one.text === text.value)?.facts.value;
  return facts && { text: { sha256: facts.text.sha256, name: facts.text.name } };
});

/** The page's address as it is now. */
export const address = computed(() =>
  formatAddress({
    flags: flags.value,
    ...(text.value !== undefined && ownText.value),
    room: room.value,
    line: ownLine.value,
    ...(tour.value !== undefined && { tour: tour.value }),
    ...(language.value !== 'en' && { language: language.value }),
    ...(run.value?.expected !== undefined && { expected: run.value.expected }),
    hidden: hidden.value,
  }),
);

/** Starts the page: the engine, the form, and a run: that of the address, those that were open, or a new one. */
export async function openPage(): Promise<void> {
  const first = spare;
  void first.ready.then((answer) => {
    if (answer.type === 'ready') surroundings.value = answer.surroundings;
    else if (answer.type === 'problem') unusable.value = answer.problem.message;
  });
  await openRuns();
  await checkFlags();
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') for (const one of runs.value) one.save();
  });
}

async function openRuns(): Promise<void> {
  const all = await keptRuns().catch(() => []); // a browser may keep nothing
  for (const { id } of all.filter(({ isRemoved }) => isRemoved)) void forgetRun(id);
  const there = all.filter(({ isRemoved }) => !isRemoved);
  const elsewhere = await openElsewhere(there.map(({ id }) => id));
  kept.value = there;
  if (opened.served !== undefined) return; // it is what is looked at
  const free = there.filter(({ id }) => !elsewhere.includes(id));
  const asked = JSON.stringify(flags.value);
  const isPlain = asked === '{}' && opened.text === undefined && opened.expected === undefined;
  const isAsked = (one: KeptRun): boolean =>
    JSON.stringify(one.flags) === asked &&
    one.basis === undefined &&
    one.facts?.text.sha256 === (opened.text?.sha256 ?? one.facts?.text.sha256);
  const found = isPlain ? free.filter((one) => one.isOpen) : free.filter(isAsked).slice(-1);
  for (const one of found.slice(-MOST_OPEN)) reopenRun(one, opened.expected);
  const last = found.at(-1);
  if (last !== undefined) {
    flags.value = last.flags;
    text.value = last.text;
    basis.value = last.basis;
  } else if (opened.text === undefined) startRun(opened.expected);
  else missingText.value = { ...opened.text, start: startOnText };
}

function startOnText(own: OwnText): void {
  text.value = own;
  startRun(opened.expected);
}
