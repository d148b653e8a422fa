// The page of llm101 report, opened as a file: its plots answer to pointer and keyboard, it asks nobody for anything, and it is whole without its script.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { renderReport, type RunData } from '@llm101/report';
import checker from 'axe-core';
import { expect, test } from './fixtures.js';

/** Runs with names that are markup; number 3 is the best. */
const runs: readonly RunData[] = Array.from({ length: 12 }, (_, i) => ({
  name: `<b>run-${i}`,
  config: { model: 'mlp', lr: (i + 1) / 10, seed: i % 2 },
  metrics: Array.from({ length: 20 }, (_, row) => ({
    step: 50 * (row + 1),
    trainLoss: 3 - row / 20,
    valLoss: 2 + Math.abs(i - 3) / 10 + 1 / (row + 1),
    learningRate: (i + 1) / 10,
  })),
  samples: [],
  statistics: [],
  model: undefined,
}));

/** The page, opened as a file; what it asks for, and what goes wrong in it. */
async function open(
  browser: Browser,
  { hasPolicy = true, ...options }: BrowserContextOptions & { readonly hasPolicy?: boolean } = {},
): Promise<{ page: Page; faults: string[]; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'llm101-report-page-'));
  const file = join(folder, 'report.html');
  const html = await renderReport(runs);
  await writeFile(file, hasPolicy ? html : html.replace('Content-Security-Policy', 'x-none'));
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => request.isNavigationRequest() || faults.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  const close = async (): Promise<void> => {
    await context.close();
    await rm(folder, { recursive: true });
  };
  return { page, faults, close };
}

test('answers to pointer and keyboard, and asks nobody for anything', async ({ browser }, {
  project,
}) => {
  const isFirefox = project.name === 'firefox'; // the test's own scripts can't be evaluated in it under a policy
  const { page, faults, close } = await open(browser, { hasPolicy: !isFirefox });
  const figure = page.locator('[data-size=whole]');
  const plot = figure.locator('.canvas > svg');
  const lines = plot.locator('svg path');
  await expect(lines).toHaveCount(12);
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the plot has no place');
  const at = (x: number, y: number): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];

  await page.mouse.move(...at(0.5, 0.5));
  await expect(figure.locator('.tip')).toContainText(/step [45]\d0/);
  await expect(figure.locator('.tip')).toContainText('<b>run-');

  const ticks = async (): Promise<string[]> => plot.locator('> text').allTextContents();
  const before = await ticks();
  await page.mouse.down();
  await page.mouse.move(...at(0.8, 0.5), { steps: 4 });
  await page.mouse.up();
  expect(await ticks()).not.toEqual(before);
  await figure.getByRole('button', { name: 'show all' }).click();
  expect(await ticks()).toEqual(before);

  await figure.getByLabel('log steps').check();
  expect(await ticks()).not.toEqual(before);
  await figure.getByLabel('log steps').uncheck();
  const shapes = async (): Promise<(string | null)[]> =>
    lines.evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
  const rough = await shapes();
  await figure.getByLabel('smoothing').fill('0.9');
  expect(await shapes()).not.toEqual(rough);
  await figure.getByLabel('smoothing').fill('0');

  const [first] = await figure.locator('.legend button').all();
  await first.click();
  await expect(first).toHaveAttribute('aria-pressed', 'false');
  await expect(lines).toHaveCount(11);
  await first.click({ modifiers: ['Shift'] });
  await expect(lines).toHaveCount(1);
  await first.click({ modifiers: ['Shift'] });
  await expect(lines).toHaveCount(12);

  await plot.focus();
  await page.keyboard.press('End');
  const said = figure.locator('.said');
  await expect(said).toHaveText(/^<b>run-\d+, step 1,000: 2\.\d{4}$/);
  const [, run] = /run-(\d+)/.exec((await said.textContent()) ?? '') ?? [];
  await page.keyboard.press('ArrowDown');
  await expect(said).toHaveText(new RegExp(`run-${(Number(run) + 1) % 12}, step 1,000`));
  await page.keyboard.press('+');
  expect(await ticks()).not.toEqual(before);
  await page.keyboard.press('Escape');
  expect(await ticks()).toEqual(before);

  const names = page.locator('[data-sortable] tbody th');
  await expect(names.first()).toContainText('<b>run-0');
  await page.getByRole('button', { name: 'Validation loss' }).click();
  await expect(names.first()).toContainText('<b>run-3');
  expect(faults).toEqual([]);
  await close();
});

test('is for everybody, in the dark and on a phone @chromium', async ({ browser }) => {
  for (const options of [
    { colorScheme: 'dark' },
    { viewport: { width: 360, height: 800 } },
  ] as const) {
    const { page, close } = await open(browser, { ...options, hasPolicy: false });
    await page.addScriptTag({ content: checker.source });
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await close();
  }
});

test('is whole without its script @chromium', async ({ browser }) => {
  const { page, close } = await open(browser, { javaScriptEnabled: false });
  await expect(page.locator('[data-size=whole] .wide svg svg path')).toHaveCount(12);
  await expect(page.locator('.best-run h2')).toHaveText('★ <b>run-3');
  await expect(page.locator('.controls, .tip')).toHaveCount(0);
  await close();
});
