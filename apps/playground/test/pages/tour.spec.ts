import type { Page } from '@playwright/test';
import { resolveSettings, runTraining } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import checker from 'axe-core';
import { expect, test } from './fixtures.js';

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`);

const tour = (page: Page) => page.getByRole('complementary', { name: 'Tour' });

test('the tour sees what one does on the page, and keeps it', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100&valInterval=100`);
  await page.getByRole('link', { name: 'the tour' }).click();
  await expect(tour(page)).toContainText('A model in which they don’t');
  await expect(tour(page)).toContainText('Not done yet');
  await tour(page).getByRole('link', { name: 'Train a bigram model' }).click();
  await expect(figure(page, 'parameters')).toHaveText('729');
  await expect(tour(page)).toContainText('Done.');
  await tour(page).getByRole('button', { name: 'Next' }).click();
  await expect(tour(page).getByRole('heading', { name: 'Three tokens' })).toBeFocused();
  await expect(page).toHaveURL(/tour=1\.2/);
  await page.reload();
  await expect(tour(page)).toContainText('Three tokens');
  const first = tour(page).getByRole('button', { name: /^Step 1: .*, done$/ });
  await first.click();
  await expect(tour(page)).toContainText('Done.');
  await tour(page).getByRole('button', { name: 'Close the tour' }).click();
  await expect(tour(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/tour=/);
});

test('a step leads to the place where it is done, beside the tour', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100&valInterval=100&tour=1.4`);
  await expect(page.locator('.state')).toHaveText('finished');
  await tour(page).getByRole('button', { name: 'Step 3: Where they meet' }).click();
  await tour(page).getByRole('link', { name: 'Look inside' }).click();
  await expect(page.getByRole('tab', { name: 'Activations' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(tour(page)).toContainText('Done.');
});

test(
  'the head that looks one back is found by what the heads attend to',
  { tag: '@chromium' },
  async ({ page, site }) => {
    const settings = 'model=gpt&contextSize=8&dEmbed=8&layers=1&heads=2&maxSteps=60&valInterval=60';
    await page.goto(`${site.address}#${settings}&tour=5.3&line=olivia`);
    await expect(page.locator('.state')).toHaveText('finished');
    const say = async (head: string): Promise<string> => {
      await tour(page).getByRole('spinbutton', { name: 'Head' }).fill(head);
      await tour(page).getByRole('button', { name: 'Is it this one?' }).click();
      const answer = tour(page).locator('form').getByRole('status');
      await expect(answer).not.toBeEmpty();
      return answer.innerText();
    };
    expect(await say('3')).toBe('This model has no such head.');
    const answers = [await say('1'), await say('2')];
    expect(answers.some((answer) => answer.startsWith('Yes'))).toBe(true);
    await expect(tour(page)).toContainText('Done.');
  },
);

test(
  'a toy task of some sizes has the right answers that the packages count',
  { tag: '@chromium' },
  async ({ page, site }) => {
    const flags = { preset: 'toy-mlp', maxSteps: 200, valInterval: 100 };
    await page.goto(
      `${site.address}#${new URLSearchParams(Object.entries(flags).map(([key, value]) => [key, String(value)])).toString()}`,
    );
    const texts = page.getByRole('combobox', { name: 'Text' });
    await texts.selectOption({ label: 'Sort: cab=abc' });
    await page.getByRole('spinbutton', { name: 'Length of the longest question' }).fill('3');
    await page.getByRole('spinbutton', { name: 'Lines' }).fill('400');
    await page.getByRole('spinbutton', { name: 'Seed' }).focus();
    await expect(page).toHaveURL(/data=sort%3Alength%3D3%2Clines%3D400/);
    await page.getByRole('button', { name: 'Train with these settings' }).click();
    await expect(page.locator('.text-choice')).toContainText('sort:length=3,lines=400:');
    await expect(page.locator('.state')).toHaveText('finished');
    await startBackend();
    const settings = resolveSettings({ flags: { ...flags, data: 'sort:length=3,lines=400' } });
    const { evaluation } = await runTraining(settings, { compile });
    const share = `${(100 * (evaluation?.answerAccuracy ?? NaN)).toFixed(1)}%`;
    await expect(figure(page, 'answers')).toHaveText(share);
    await expect(
      page.getByRole('img', { name: 'Correct answers by step, in percent' }),
    ).toBeVisible();
    await expect(page.locator('.answer').first()).toContainText('=');
    await page.getByRole('spinbutton', { name: 'Length of the shortest question' }).fill('9');
    await page.getByRole('spinbutton', { name: 'Seed' }).focus();
    await expect(page.locator('.toy-sizes').getByRole('alert')).toContainText(
      'sort whose shortest is at most its length, 3',
    );
  },
);

test('what is in a text is seen line by line, token by token', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100&valInterval=100`);
  await page.getByRole('button', { name: 'Inspect the text' }).click();
  const view = page.locator('.text-view');
  await view.locator('.lines button').nth(1).click();
  const line = await view.locator('.lines button').nth(1).innerText();
  await expect(view.locator('.token-ids code')).toHaveText(line.split(''));
  await expect(view).toContainText('8,403 of 8,403 lines are distinct.');
  await expect(view).toContainText('0 of the 841 validation lines are training lines, too.');
});

test('the page is in another language when one chooses it, and stays so', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#maxSteps=100&valInterval=100&tour=1.1`);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('.state')).toHaveText('alle Schritte getan');
  await expect(page.getByRole('complementary', { name: 'Führung' })).toContainText('Bigramm');
  await expect(page.locator('.settings')).toContainText('mit denselben Worten wie im Befehl');
  await expect(figure(page, 'parameters')).toHaveText('10\u{202f}227');
  await expect(page).toHaveURL(/lang=de/);
  await page.reload();
  await expect(page.locator('.state')).toHaveText('alle Schritte getan');
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
  await expect(page.locator('.state')).toHaveText('finished');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an accessibility checker finds the tour and a text in order, ${colorScheme}`, async ({
    page,
    site,
  }, { project }) => {
    test.skip(project.name === 'firefox', 'the driver of Firefox evaluates scripts in the page');
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(
      `${site.address}#preset=toy-mlp&data=copy&maxSteps=200&valInterval=100&tour=5.3`,
    );
    await expect(page.locator('.state')).toHaveText('finished');
    await page.getByRole('button', { name: 'Inspect the text' }).click();
    await expect(page.locator('.token-ids')).toBeVisible();
    await page.evaluate(checker.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`),
    ).toEqual([]);
    const { width = 0 } = (await page.locator('.stage').boundingBox()) ?? {};
    expect(width).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Look inside' }).click();
    await page.getByRole('tab', { name: 'Layers' }).click();
    await expect(page.locator('.activity').first()).toBeVisible();
    const inside = await page.locator('main').boundingBox();
    expect(inside?.width).toBeLessThanOrEqual(360);
  });
}
