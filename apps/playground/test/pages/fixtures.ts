import { fileURLToPath } from 'node:url';
import * as playwright from 'playwright-core';
import { test as base, type Browser, type Page } from '@playwright/test';
import {
  type BrowserName,
  chromiumArguments,
  firefoxPreferences,
  pathOf,
} from '@tools/browsers/installed';
import { serve, type Site } from '@tools/browsers/serve';

const built = fileURLToPath(new URL('../../dist/site', import.meta.url));

/** The texts beside the repository, where they are. */
export const sharedTexts = fileURLToPath(new URL('../../../../../shared', import.meta.url));

/**
 * Starts a browser as it is installed. Firefox is driven by WebDriver BiDi, as Playwright's own build of it would have to be downloaded.
 *
 * @throws Error where it isn't installed
 */
function launch(name: BrowserName): Promise<Browser> {
  const executablePath = pathOf(name);
  if (name === 'chromium') {
    return playwright.chromium.launch({ executablePath, args: chromiumArguments });
  }
  // oxlint-disable-next-line no-underscore-dangle -- that is its name
  return playwright.default._bidiFirefox.launch({
    channel: 'moz-firefox',
    executablePath,
    firefoxUserPrefs: firefoxPreferences,
  });
}

/** What every test of a page has. */
interface PageFixtures {
  /** The built page's server. */
  readonly site: Site;
  /** Addresses that the page has asked for, other than its own. */
  readonly strangers: string[];
}

/** Tests of the built page. Each fails where the page asks another host for something, or an error isn't caught. */
export const test = base.extend<PageFixtures, { browser: Browser }>({
  browser: [
    async ({}, use, { project }) => {
      const browser = await launch(project.name === 'firefox' ? 'firefox' : 'chromium');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  // Firefox 140 doesn't know how to take another language.
  locale: async ({}, use) => use(undefined),
  site: async ({}, use) => {
    const site = await serve(built, { folders: { '/texts/': sharedTexts } });
    await use(site);
    await site.stop();
  },
  strangers: async ({}, use) => {
    await use([]);
  },
  page: async ({ browser, site, strangers }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = watch(page, site, strangers);
    await use(page);
    await context.close();
    base.expect(strangers, 'the page asks no other host').toEqual([]);
    base.expect(errors, 'the page has no uncaught error').toEqual([]);
  },
});

/** @returns errors that come */
function watch(page: Page, site: Site, strangers: string[]): string[] {
  const errors: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(site.address) && !/^(data|blob):/.test(url)) strangers.push(url);
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return errors;
}

export { expect } from '@playwright/test';
