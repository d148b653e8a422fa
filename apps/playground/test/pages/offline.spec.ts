import { expect, test } from './fixtures.js';

test('a page that was loaded once opens without a network, isolated, and trains', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#maxSteps=300&valInterval=100&room=about`);
  await expect(page.locator('.about')).toContainText('works: the page is saved in this browser');
  await site.stop();
  await page.reload();
  await expect(page.locator('.state')).toHaveText('finished');
  await expect(page.locator('.about')).toContainText('share memory: all cores train together');
});
