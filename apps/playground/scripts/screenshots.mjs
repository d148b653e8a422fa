#!/usr/bin/env node
/** Pictures of the built page for docs/figures: every room, at the width of a desk and of a phone, light and dark. Needs Chromium. */
import { chromiumArguments, findOrInstall } from '@tools/browsers/installed';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const figures = join(folder, '../../docs/figures');

/** What is shown: a name, an address, and what to wait for. */
const SHOTS = [
  { name: 'train', hash: '#maxSteps=3000' },
  { name: 'inside', hash: '#model=cnn&maxSteps=1500&room=inside&line=georgia' },
  { name: 'use', hash: '#maxSteps=3000&room=use&line=mar' },
  { name: 'runs', hash: '#maxSteps=2000&room=runs' },
];

const server = await preview({ root: folder, preview: { port: 0, host: '127.0.0.1' } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: findOrInstall('chromium'),
  args: chromiumArguments,
});
try {
  for (const { name, hash } of SHOTS) {
    for (const [device, width, height] of /** @type {const} */ ([
      ['desk', 1280, 860],
      ['phone', 390, 844],
    ])) {
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        const context = await browser.newContext({
          viewport: { width, height },
          colorScheme,
          reducedMotion: 'reduce',
          serviceWorkers: 'block',
        });
        const page = await context.newPage();
        await page.goto(`${address}${hash}`);
        await page.locator('.state', { hasText: 'finished' }).waitFor({ timeout: 120_000 });
        await page.locator('.loading-room').waitFor({ state: 'detached' });
        await page.waitForTimeout(1500); // what a room asks for comes
        const path = join(figures, `playground-${name}-${device}-${colorScheme}.png`);
        await page.screenshot({ path });
        console.log(path);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
}
