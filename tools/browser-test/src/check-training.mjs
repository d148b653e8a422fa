// Runs in a page: across reloads, to and fro, two at once.
import { exportCheckpoint, importCheckpoint } from '@llm101/training';
import { fileStore } from '@llm101/training/node';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ask, open, ready, train } from './page.mjs';
import { longRun } from './pages/programs.mjs';
import { compare } from './results.mjs';

/** @import { Browser, Page } from 'puppeteer-core' */
/** @import { Task } from './pages/tasks.mjs' */
/** @import { Context } from './results.mjs' */

/**
 * Leaves the page in the midst of a run, twice: once after a stop, once without warning.
 *
 * @param {Page} page
 * @param {string} place
 * @param {Context['expected']} expected
 */
export async function reload(page, place, expected) {
  const database = `reload ${place}`;
  const stopped = await train(page, place, { task: 'long run', database, until: 130 });
  if (stopped.steps !== 130) throw new Error(`must stop at step 130; got ${stopped.steps}`);
  await page.reload();
  await ready(page);
  void train(page, place, { task: 'long run', database }).catch(() => undefined); // its page is left
  while ((await ask(page, 'onPage', { task: 'give', database })) === 'step 130') {
    await setTimeout(50);
  }
  await page.reload();
  await ready(page);
  return compare(await train(page, place, { task: 'long run', database }), expected['long run']);
}

/**
 * A run begins in a folder, goes on in the browser, and ends in another folder.
 *
 * @param {Page} page
 * @param {{ place: string, expected: Context['expected'], pages: string }} context - the server gives and takes files in `pages`
 */
export async function move(page, { place, expected, pages }) {
  const database = `moved ${place}`;
  const folder = mkdtempSync(join(pages, 'moved-'));
  const first = fileStore(join(folder, 'first'));
  await longRun({ store: first, until: 150 });
  writeFileSync(join(folder, 'to-page'), (await exportCheckpoint(first))?.bytes ?? '');
  const at = new URL(`${basename(folder)}/`, page.url()).href;
  await ask(page, place, { task: 'take', database, from: `${at}to-page` });
  await ask(page, place, { task: 'long run', database, until: 450 });
  await ask(page, place, { task: 'give', database, to: `${at}from-page` });
  const last = fileStore(join(folder, 'last'));
  const { step } = await importCheckpoint(
    last,
    new Uint8Array(readFileSync(join(folder, 'from-page'))),
  );
  if (step !== 450) throw new Error(`the page must give step 450; got ${step}`);
  return compare(await longRun({ store: last }), expected['long run']);
}

/**
 * @param {Browser} browser
 * @param {string} address
 */
export async function secondWriter(browser, address) {
  const tabs = [await open(browser, address), await open(browser, address)];
  try {
    const task = /** @type {Task} */ ({ task: 'long run', database: 'two tabs' });
    const [first, second] = await Promise.allSettled(tabs.map((tab) => ask(tab, 'inWorker', task)));
    const refused = [first, second].filter(({ status }) => status === 'rejected');
    const [reason] = refused.map((one) =>
      String(/** @type {PromiseRejectedResult} */ (one).reason),
    );
    if (refused.length !== 1 || !reason.includes('are in use by another run')) {
      throw new Error(`one of two tabs must be refused; got ${refused.length}: ${reason}`);
    }
    return 'refused, the first trains on';
  } finally {
    for (const tab of tabs) await tab.close();
  }
}

/** @param {Page} page */
export async function frames(page) {
  const task = { task: 'some seconds' };
  const { frames, held } = await page.evaluate(
    (task) => /** @type {any} */ (globalThis).watched(task),
    task,
  );
  const share = `${(held * 100).toFixed()} % of the time in pieces of more than 40 ms`;
  if (frames === 0) throw new Error('must draw while it trains'); // how often depends on the machine
  return `${frames.toFixed()} a second; ${share}`;
}

/** @param {Page} page */
export async function memory(page) {
  const said = await ask(page, 'inWorker', { task: 'memory' });
  if (said !== '0 tensors left, MemoryError') throw new Error(String(said));
  return said;
}
