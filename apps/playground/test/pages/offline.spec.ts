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

test('a part of the page that can’t be loaded says so, and what to do', async ({ page, site }) => {
  await page.route('**/assets/about-room-*.js', (route) => route.abort());
  await page.goto(`${site.address}#maxSteps=5&valInterval=0`);
  await page.getByRole('button', { name: 'About' }).click();
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.locator('.state')).toHaveText('finished');
  await page.unroute('**/assets/about-room-*.js');
  await page.getByRole('button', { name: 'About' }).click();
  await expect.poll(() => page.url()).toContain('room=about');
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.locator('.about')).toBeVisible();
});
