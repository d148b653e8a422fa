import { existsSync } from 'node:fs';
import * as playwright from 'playwright-core';
import { test as base, type Browser, type Page } from '@playwright/test';
import { serve, type Site } from './server.js';

/** Where Debian and others put a browser. */
const PATHS = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
} as const;

/** A browser that the page is tried in. */
type BrowserName = keyof typeof PATHS;

/**
 * Starts a browser as it is installed. Firefox is driven by WebDriver BiDi, as Playwright's own build of it would have to be downloaded; on
 * some virtual machines its WebAssembly is a hundred times slower with AVX than without, to the same results.
 *
 * @throws Error where it isn't installed
 */
function launch(name: BrowserName): Promise<Browser> {
  const executablePath = PATHS[name].find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      `${name} must be installed to try the page in it; looked for ${PATHS[name].join(', ')}`,
    );
  }
  if (name === 'chromium') {
    // Chromium's sandbox needs name spaces, which a container and root don't have; /dev/shm is small there.
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    return playwright.chromium.launch({ executablePath, args });
  }
  const firefoxUserPrefs = { 'javascript.options.wasm_simd_avx': false };
  // oxlint-disable-next-line no-underscore-dangle -- that is its name
  return playwright.default._bidiFirefox.launch({
    channel: 'moz-firefox',
    executablePath,
    firefoxUserPrefs,
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
    const site = await serve();
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
