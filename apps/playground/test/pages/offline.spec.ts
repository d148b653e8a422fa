import { expect, test } from './fixtures.js';

test('a page that was loaded once opens without a network, isolated, and trains', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#maxSteps=300&valInterval=100&room=about`);
  await expect(page.locator('.about')).toContainText('works: the page is kept in this browser');
  await site.stop();
  await page.reload();
  await expect(page.locator('.state')).toHaveText('all steps done');
  await expect(page.locator('.about')).toContainText('share memory: all cores train together');
});
