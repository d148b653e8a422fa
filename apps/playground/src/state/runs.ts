/** The runs of the page: open ones, each with a worker, and those that this browser keeps. */
import { batch, computed, signal } from '@preact/signals';
import type { OwnText, RunRequest } from '../protocol.js';
import type { Brought } from '../run-requests.js';
import type { Fingerprint } from '../happenings.js';
import { t } from '../strings/index.js';
import { nextColor } from './colors.js';
import { keepRun, type KeptRun, keptRun, keptRuns } from './library.js';
import { basis, choose, flags, text } from './next-run.js';
import { claim, openInTabs, type Release, takeOver } from './ownership.js';
import { PageRun, type RunPast } from './run.js';
import { takeSpare } from './spare.js';

/** Runs that are open at most when another begins. */
const MOST_RUNS = 6;

/** All runs of the page, the newest last. */
export const runs = signal<readonly PageRun[]>([]);

/** Runs that this browser keeps, and that aren't open here; the oldest first. */
export const kept = signal<readonly KeptRun[]>([]);

/** Those of them that another tab has open. */
export const elsewhere = signal<ReadonlySet<string>>(new Set());

/** The run that was removed last: it can come back. */
export const removed = signal<KeptRun | undefined>(undefined);

const selectedId = signal<string | undefined>(undefined);

/** The run that is looked at. */
export const run = computed(
  () => runs.value.find(({ id }) => id === selectedId.value) ?? runs.value.at(-1),
);

/** Selects a run to look at. */
export function select(id: string): void {
  selectedId.value = id;
}

/** Starts a run of the settings as they are. It has the machine for itself: others that train pause, and of many the oldest is closed. */
export function startRun(expected?: Fingerprint): PageRun {
  for (const other of runs.value) {
    if (['loading', 'running'].includes(other.state.value)) other.pause();
  }
  if (runs.value.length >= MOST_RUNS) void closeRun(runs.value[0]);
  const name = t.runName(numberOfNext());
  const parts = { name, flags: flags.value, text: text.value, basis: basis.value };
  const started = new PageRun({ ...parts, ...newRun() }, takeSpare());
  void claim(started.id).then((release) => started.onClose(release));
  open(started);
  started.start({ paused: false, expected });
  return started;
}

/** Starts a run like another, but for some settings. */
export function startLike(
  { flags: before, text: own, basis: begun }: PageRun,
  changed: Readonly<Record<string, string | number | undefined>>,
): void {
  text.value = own;
  basis.value = begun;
  flags.value = before;
  for (const [key, value] of Object.entries(changed)) choose(key, value);
  startRun();
}

/** A run that comes from elsewhere. */
export interface RunFromElsewhere extends Pick<KeptRun, 'name' | 'flags' | 'text' | 'basis'> {
  readonly brought: Brought;
  readonly history: RunPast;
}

/** Goes on with a run that comes from elsewhere; it waits until someone says so. */
export function bringRun({ brought, history, ...parts }: RunFromElsewhere): PageRun {
  const come = new PageRun({ ...parts, ...newRun() }, takeSpare(), history);
  void claim(come.id).then((release) => come.onClose(release));
  open(come);
  come.start({ paused: true, brought });
  flags.value = parts.flags;
  text.value = parts.text;
  basis.value = parts.basis;
  return come;
}

/** Opens a run that this browser has kept: where it trained it trains, where it waited it waits, and what is over is over. */
export function reopenRun(found: KeptRun, release: Release, options: ReopenOptions = {}): PageRun {
  const { expected, paused = found.state === 'paused' } = options;
  const reopened = new PageRun(found, takeSpare(), found);
  reopened.onClose(release);
  open(reopened);
  kept.value = kept.value.filter(({ id }) => id !== found.id);
  reopened.start({ paused, expected, ended: endOf(found) });
  return reopened;
}

/** How {@link reopenRun} opens a run. */
export interface ReopenOptions {
  readonly expected?: Fingerprint | undefined;
  /** Default: as it was. */
  readonly paused?: boolean;
}

/** How a run ended, where it has. */
function endOf({ state, step }: KeptRun): RunRequest['ended'] {
  if (state === 'loading' || state === 'running' || state === 'paused') return undefined;
  return { reason: state, step };
}

/** Opens a run of the list, as it is kept now; where another tab has it that one closes it first. */
export async function openKept(id: string): Promise<void> {
  const release = elsewhere.value.has(id) ? await takeOver(id) : await claim(id);
  const found = release && (await keptRun(id).catch(() => undefined));
  if (release === undefined || found === undefined) {
    release?.();
    return list();
  }
  reopenRun(found, release);
  return list();
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

function open(run: PageRun): void {
  runs.value = [...runs.value, run];
  select(run.id);
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
  const found = await keptRun(id).catch(() => undefined); // a browser may keep nothing
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
  const found = await keptRun(id);
  if (found !== undefined) await keepRun({ ...found, name });
  await list();
}

/** Lists what this browser keeps besides the runs that are open. */
export async function list(open: readonly PageRun[] = runs.value): Promise<void> {
  const all = await keptRuns().catch(() => []); // a browser may keep nothing
  const inTabs = await openInTabs(all.map(({ id }) => id));
  const isOpen = new Set(open.map(({ id }) => id));
  batch(() => {
    runs.value = open;
    elsewhere.value = new Set([...inTabs].filter((id) => !isOpen.has(id)));
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
