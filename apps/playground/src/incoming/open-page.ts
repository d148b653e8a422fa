/** What happens when the page is opened: the run of the address, those that were open, or a new one. */
import type { OwnText } from '../protocol.js';
import { checkFlags } from '../state/check.js';
import { forgetRun, type KeptRun, keptRuns } from '../state/library.js';
import { missingText } from '../state/missing-text.js';
import { basis, flags, text } from '../state/next-run.js';
import { opened } from '../state/place.js';
import { claim, onAsked } from '../state/ownership.js';
import { closeRun, elsewhere, kept, list, reopenRun, runs, startRun } from '../state/runs.js';

/** Runs that a page opens again by itself: each has a worker. */
const MOST_OPEN = 4;

/** Starts the page: its runs, and the form. */
export async function openPage(): Promise<void> {
  onAsked((id) => {
    const asked = runs.value.find((one) => one.id === id);
    if (asked !== undefined) void closeRun(asked);
  });
  await openRuns();
  await checkFlags();
  addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') void list();
    else for (const one of runs.value) one.save();
  });
}

async function openRuns(): Promise<void> {
  await list();
  const isAlone = elsewhere.value.size === 0;
  const removedOnes = (await keptRuns().catch(() => [])).filter(({ isRemoved }) => isRemoved); // a browser may keep nothing
  if (isAlone) for (const { id } of removedOnes) void forgetRun(id); // another tab may take them back
  if (opened.served !== undefined) return; // it is what is looked at
  const free = kept.value.filter(({ id }) => !elsewhere.value.has(id));
  const asked = JSON.stringify(flags.value);
  const isPlain = asked === '{}' && opened.text === undefined && opened.expected === undefined;
  const isAsked = (one: KeptRun): boolean =>
    JSON.stringify(one.flags) === asked &&
    one.basis === undefined &&
    one.facts?.text.sha256 === (opened.text?.sha256 ?? one.facts?.text.sha256);
  if (isPlain && !isAlone) {
    return void import('./other-tabs.js').then(({ waitForOthers }) => waitForOthers());
  }
  const found = isPlain ? free.filter((one) => one.isOpen) : free.filter(isAsked).slice(-1);
  for (const one of found.slice(-MOST_OPEN)) {
    const release = await claim(one.id);
    if (release !== undefined) reopenRun(one, release, { expected: opened.expected });
  }
  const last = runs.value.at(-1);
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
