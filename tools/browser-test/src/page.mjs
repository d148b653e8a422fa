// A page that is open in a browser, and what it is told to do.
import { setTimeout } from 'node:timers/promises';

/** @import { Browser, Page } from 'puppeteer-core' */
/** @import { Result } from './pages/programs.mjs' */
/** @import { Task } from './pages/tasks.mjs' */

/** Where a task is done: functions of the page. */
export const PLACES = /** @type {const} */ ([
  ['onPage', 'on a page'],
  ['inWorker', 'in a worker'],
]);

/**
 * @param {Browser} browser
 * @param {string} address
 */
export async function open(browser, address) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.log(`     ${String(error)}`));
  await page.goto(address);
  await ready(page);
  return page;
}

/**
 * Waits for the page's script. Not by `waitForFunction`, which needs an `eval` that a page's policy may forbid.
 *
 * @param {Page} page
 */
export async function ready(page) {
  while ((await page.title()) !== 'ready') await setTimeout(100);
}

/**
 * Has a task done in a page or its worker.
 *
 * @param {Page} page
 * @param {string} place
 * @param {Task} [task] - of the page of runs
 * @returns {Promise<unknown>}
 */
export const ask = (page, place, task) =>
  page.evaluate((place, task) => /** @type {any} */ (globalThis)[place](task), place, task);

/**
 * The same for a task that is to train.
 *
 * @param {Page} page
 * @param {string} place
 * @param {Task} task
 */
export const train = async (page, place, task) =>
  /** @type {Result} */ (await ask(page, place, task));
