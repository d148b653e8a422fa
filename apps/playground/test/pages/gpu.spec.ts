// A run on a GPU: on one that is software, and where there is none.
import type { Page } from '@playwright/test';
import { chromiumArguments, pathOf } from '@tools/browsers/installed';
import { chromium } from 'playwright-core';
import { expect, test } from './fixtures.js';

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`);

const SMALL = '#maxSteps=60&valInterval=20&valBatches=2&dHidden=16&batchSize=8';

/** Trains by these settings on wasm, and then by what is chosen. */
async function trainTwice(page: Page, address: string): Promise<string | null> {
  await page.goto(`${address}${SMALL}`);
  await expect(page.locator('.state')).toHaveText('finished');
  const loss = await figure(page, 'train-loss').textContent();
  await page.getByLabel('Device').selectOption('webgpu');
  await page.locator('button[type=submit]').click();
  return loss;
}

test('a GPU that is software trains to the same figures, and says its name @chromium', async ({
  site,
}) => {
  const software = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
  const browser = await chromium.launch({
    executablePath: pathOf('chromium'),
    args: [...chromiumArguments, ...software],
  });
  try {
    const page = await browser.newPage();
    const loss = await trainTwice(page, site.address);
    await expect(figure(page, 'speed')).toContainText('swiftshader');
    await expect(page.locator('.state')).toHaveText('finished');
    await expect(figure(page, 'step')).toHaveText('60 of 60');
    await expect(figure(page, 'train-loss')).toHaveText(loss ?? '');
  } finally {
    await browser.close();
  }
});

test('where there is no GPU the run says so @chromium', async ({ page, site }) => {
  await page.goto(site.address);
  const isThere = page.evaluate(async () => (await navigator.gpu.requestAdapter()) !== null);
  test.skip(await isThere, 'there is one here');
  await trainTwice(page, site.address);
  await expect(page.getByRole('alert')).toContainText('device webgpu: there must be a GPU');
  await expect(page.locator('.state')).toHaveText('failed');
});
