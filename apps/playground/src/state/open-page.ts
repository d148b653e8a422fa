/** What happens when the page is opened: the run of the address, those that were open, or a new one. */
import type { OwnText } from '../protocol.js';
import { checkFlags } from './check.js';
import { forgetRun, type KeptRun, keptRuns, openElsewhere } from './library.js';
import { missingText } from './missing-text.js';
import { basis, flags, text } from './next-run.js';
import { opened } from './place.js';
import { kept, reopenRun, runs, startRun } from './runs.js';

/** Runs that a page opens again by itself: each has a worker. */
const MOST_OPEN = 4;

/** Starts the page: its runs, and the form. */
export async function openPage(): Promise<void> {
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
