import checker from 'axe-core';
import { expect, test } from './fixtures.js';

declare global {
  /** The checker, once it runs in the page. */
  var axe: typeof checker;
}

/** Why some tests are for Chromium alone. */
const NO_SCRIPTS = 'the driver of Firefox evaluates scripts in the page, whose policy forbids that';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every room is found in order by an accessibility checker, ${colorScheme}`, async ({
    page,
    site,
  }, { project }) => {
    test.skip(project.name === 'firefox', NO_SCRIPTS);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${site.address}#maxSteps=300&valInterval=100`);
    await expect(page.locator('.state')).toHaveText('finished');
    await page.evaluate(checker.source);
    const names = await page.getByRole('navigation').getByRole('button').allInnerTexts();
    for (const name of names) {
      await page.getByRole('navigation').getByRole('button', { name }).click();
      await expect(page.locator('.loading-room')).toHaveCount(0);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      expect(
        violations.map(
          ({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join('\n')}`,
        ),
      ).toEqual([]);
    }
  });
}

test('all is reached by the keyboard alone', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100000000`);
  await expect(page.locator('[data-figure="step"]')).toContainText(/^[1-9]/);
  const focused = page.locator(':focus');
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      if (name.test(await focused.innerText())) return;
    }
    throw new Error(`no ${String(name)} within 60 steps of Tab`);
  };
  await tabTo(/^Pause$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.state')).toHaveText('paused');
  await tabTo(/^One step$/);
  await page.keyboard.press('Enter');
  await tabTo(/^Train with these settings$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.state')).toHaveText('training');
});

test('a phone shows all of it without scrolling sideways', async ({ page, site }, { project }) => {
  test.skip(project.name === 'firefox', NO_SCRIPTS);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${site.address}#maxSteps=300&valInterval=100`);
  await expect(page.locator('.state')).toHaveText('finished');
  const rooms = page.getByRole('navigation').getByRole('button');
  for (let i = 0; i < (await rooms.count()); i++) {
    await rooms.nth(i).click();
    await expect(page.locator('.loading-room')).toHaveCount(0);
    const { width = 0 } = (await page.locator('main').boundingBox()) ?? {};
    expect(width, `room ${i + 1}`).toBeLessThanOrEqual(360);
  }
});

test('the long names of a Transformer’s weights fit a phone', async ({ page, site }, {
  project,
}) => {
  test.skip(project.name === 'firefox', NO_SCRIPTS);
  await page.setViewportSize({ width: 360, height: 740 });
  const settings = 'model=gpt&contextSize=8&dEmbed=8&layers=1&heads=1&maxSteps=20&valInterval=20';
  await page.goto(`${site.address}#${settings}&room=inside`);
  await page.getByRole('tab', { name: 'Weights' }).click();
  await expect(page.getByRole('combobox', { name: 'Weights' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('a page that opens says nothing wrong, and its form stays where it is', async ({
  page,
  site,
}, { project }) => {
  test.skip(project.name === 'firefox', NO_SCRIPTS);
  await page.addInitScript(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      const presets = document.querySelector('.settings select');
      const text = document.querySelector('.text-choice');
      if (presets === null || text === null) return;
      seen.add(`text at ${Math.round(text.getBoundingClientRect().top)}`);
      seen.add(document.querySelector('.makes')?.textContent.replaceAll(/\d.*/g, '') ?? '');
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(`${site.address}#maxSteps=100&valInterval=100`);
  await expect(page.locator('.makes')).toContainText('10,227 parameters');
  const said = await page.evaluate(() => [...((globalThis as { seen?: Set<string> }).seen ?? [])]);
  expect(said.filter((one) => one.startsWith('These settings'))).toEqual([]);
  expect(said.filter((one) => one.startsWith('text at'))).toHaveLength(1);
});

test('beside a title the rooms stand in one row', async ({ page, site }, { project }) => {
  test.skip(project.name === 'firefox', NO_SCRIPTS);
  await page.goto(`${site.address}#maxSteps=1&lang=de`);
  await expect(page.locator('.legend')).toContainText('Lauf 1, Batches');
  for (const width of [700, 1024, 1440]) {
    await page.setViewportSize({ width, height: 768 });
    const buttons = page.getByRole('navigation').getByRole('button');
    await expect(buttons.nth(4)).toBeVisible();
    const tops = await buttons.evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect().top),
    );
    expect(new Set(tops).size, `${width} pixels`).toBe(1);
  }
});

test('what colours say is said with forced colours too', async ({ page, site }, { project }) => {
  test.skip(project.name === 'firefox', NO_SCRIPTS);
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(`${site.address}#maxSteps=20&valInterval=20`);
  const look = (selector: string, property: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);
  expect(await look('nav [aria-current]', 'border-top-width')).toBe('3px');
  expect(await look('nav :not([aria-current])', 'border-top-width')).toBe('1px');
  await expect(page.locator('.legend .line')).toHaveCount(2);
  expect(await look('.legend .line', 'background-color')).toBe('rgb(31, 87, 195)');
});

test('checkboxes are large enough for a finger', async ({ page, site }, { project }) => {
  test.skip(project.name === 'firefox', NO_SCRIPTS);
  await page.goto(`${site.address}#maxSteps=20&valInterval=20`);
  const { width = 0, height = 0 } =
    (await page.getByRole('checkbox', { name: 'Steps on a log scale' }).boundingBox()) ?? {};
  expect(Math.min(width, height) + 2 * 3, 'with its margin').toBeGreaterThanOrEqual(24);
});
