import { serve } from '@tools/browsers/serve';
import {
  backendChecks,
  headerChecks,
  onBackend,
  onThreads,
  withHeaders,
} from './check-surroundings.mjs';
import { frames, memory, move, reload, secondWriter } from './check-training.mjs';
import { open, PLACES, train } from './page.mjs';
import { programNames } from './pages/programs.mjs';
import { compare } from './results.mjs';

/** @import { Browser } from 'puppeteer-core' */
/** @import { Context } from './results.mjs' */

/** @typedef {(name: string, work: () => Promise<string>) => Promise<void>} Step */

/**
 * What all is tried in one browser.
 *
 * @param {Browser} browser
 * @param {Context} context
 * @param {Step} step
 */
export async function checkBrowser(browser, { expected, losses, pages }, step) {
  const site = await serve(pages, { writable: true });
  const page = await open(browser, site.address);
  for (const [place, where] of PLACES) {
    for (const name of programNames) {
      await step(`${name} ${where}`, async () =>
        compare(await train(page, place, { task: 'program', name }), expected[name]),
      );
    }
    await step(`checkpoints across a reload, ${where}`, () => reload(page, place, expected));
    await step(`Node, ${where}, Node`, () => move(page, { place, expected, pages }));
  }
  await step('a second writer', () => secondWriter(browser, site.address));
  await step('frames while a page trains', () => frames(page));
  await step('memory', () => memory(page));
  await page.close();
  const version = await browser.version();
  for (const check of backendChecks.filter(({ only = '' }) => version.includes(only))) {
    await step(check.name, () => onBackend(browser, { address: site.address, losses, check }));
  }
  await site.stop();
  for (const isolated of [true, false]) {
    const memory = isolated ? 'shared memory, in an isolated page' : 'messages, in another page';
    await step(`threads by ${memory}`, () => onThreads(browser, { pages, isolated, expected }));
  }
  for (const check of Object.values(headerChecks)) {
    await step(check.name, () => withHeaders(browser, pages, check));
  }
}
