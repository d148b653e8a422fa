// The page of llm101 export --format html, opened as a file: it computes what the packages compute, and asks nobody for anything.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { exportHtml } from '@llm101/export';
import { drawTexts, planTexts, Predictor } from '@llm101/inference';
import { Generator } from '@llm101/random';
import { openModel, type RawSettings, resolveSettings, runTraining } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import checker from 'axe-core';
import { expect, test } from './fixtures.js';

const built = fileURLToPath(new URL('../../dist/site/model-page.html', import.meta.url));

const SHORT = { maxSteps: 30, valInterval: 0, sampleInterval: 0 };

const lines: readonly RawSettings[] = [
  { model: 'bigram' },
  { model: 'mlp', dHidden: 16 },
  { model: 'cnn', dHidden: 8 },
  { model: 'wavenet', dHidden: 8 },
  { model: 'gru', dHidden: 8 },
  { model: 'lstm', dHidden: 8 },
  { model: 'gpt', dEmbed: 8, heads: 2, layers: 1, contextSize: 16 },
];

const blocks: readonly RawSettings[] = [
  {
    model: 'gpt',
    dEmbed: 8,
    heads: 2,
    layers: 1,
    contextSize: 16,
    tokenizer: 'bpe',
    vocabSize: 300,
  },
  { model: 'megabyte', tokenizer: 'bytes', patchSize: 4, contextSize: 16 },
];

test.beforeAll(() => startBackend().then(() => {}));

/** A page with a model that was trained, opened as a file. */
async function openExported(
  browser: Browser,
  { name = 'a model', ...flags }: RawSettings & { readonly name?: string },
) {
  const settings = resolveSettings({ flags: { ...SHORT, ...flags } });
  const { model: file } = await runTraining(settings, { compile });
  const folder = await mkdtemp(join(tmpdir(), 'llm101-page-'));
  const path = join(folder, 'model.html');
  await writeFile(path, exportHtml(file, { page: await readFile(built, 'utf8'), name }));
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('request', (request) => {
    if (!/^(?:file|blob):/.test(request.url())) problems.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  await expect(page.locator('.tagline')).toContainText(`${settings.model}, `);
  const saved = openModel(file);
  const close = async (): Promise<void> => {
    saved.model.dispose();
    await context.close();
    await rm(folder, { recursive: true });
    expect(problems).toEqual([]);
  };
  return { page, saved, close };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

async function expectLikeNode(page: Page, saved: ReturnType<typeof openModel>): Promise<void> {
  const predictor = new Predictor(saved, { compile });
  try {
    await page.getByLabel('Text so far').fill('an');
    await page.getByLabel('Top k').fill('5');
    await page.getByLabel('Seed').fill('7');
    const drawing = { temperature: 1, topK: 5, topP: 1 };
    const [first] = predictor.next('an', drawing);
    const row = page
      .getByRole('table', { name: 'Probabilities of the next token' })
      .getByRole('row')
      .nth(1);
    await expect(row).toContainText(percent(first.probability));
    await expect(row).toContainText(percent(first.drawn));
    await page.getByLabel('Texts').fill('3');
    await page.getByLabel('Tokens at most').fill('20');
    await page.getByRole('button', { name: 'Generate' }).click();
    const plan = planTexts(saved, { prompt: 'an', maxLength: 20, ...drawing });
    const texts = drawTexts(plan, { count: 3, generator: Generator.seeded(7), compile });
    for (const [i, { text }] of texts.entries()) {
      const shown = page.getByRole('group', { name: `text ${i + 1}`, exact: true });
      await expect.poll(async () => (await shown.textContent()) ?? '').toBe(text);
    }
    await page.getByLabel('A text').fill('anna\nemma\n');
    const { bits, characters } = await predictor.surprise('anna\nemma\n');
    const figure = page.locator('[data-figure="bits-a-character"]');
    await expect(figure).toHaveText((bits / characters).toFixed(3));
  } finally {
    predictor.dispose();
  }
}

for (const flags of lines) {
  test(`${String(flags['model'])} of lines gives the figures of Node`, async ({ browser }) => {
    const { page, saved, close } = await openExported(browser, flags);
    await expectLikeNode(page, saved);
    await close();
  });
}

for (const flags of blocks) {
  test(`${String(flags['model'])} of a text, by ${String(flags['tokenizer'])}, gives the figures of Node`, async ({
    browser,
  }) => {
    const { page, saved, close } = await openExported(browser, { examples: 'blocks', ...flags });
    await expectLikeNode(page, saved);
    await close();
  });
}

test('a run of the playground is taken home as such a page', async ({ page, site }, {
  project,
}) => {
  test.skip(project.name === 'firefox', 'the driver of Firefox hands no downloads over');
  await page.goto(`${site.address}#maxSteps=30&valInterval=0`);
  await expect(page.locator('.state')).toHaveText('finished');
  await page.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'The model as a web page (HTML)' }).click(),
  ]);
  const { model } = await runTraining(
    resolveSettings({ flags: { maxSteps: 30, valInterval: 0 } }),
    { compile },
  );
  const expected = exportHtml(model, { page: await readFile(built, 'utf8'), name: 'run-1' });
  expect(download.suggestedFilename()).toBe('run-1-page.html');
  expect((await readFile(await download.path())).equals(expected)).toBe(true);
});

test('a page without a model says so', async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(built).href);
  await expect(page.getByRole('alert')).toContainText('there must be a model in this page');
  await page.close();
});

test('a name is a name, whatever it holds', async ({ browser }) => {
  const name = '</script></title><script>document.title="!"</script><!-- $& %llm101:model% "\'';
  const { page, close } = await openExported(browser, { model: 'bigram', name });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page).toHaveTitle(name);
  await close();
});

test('a text that the model knows nothing of has no figures, and a number out of range counts nowhere', async ({
  browser,
}) => {
  const { page, close } = await openExported(browser, { model: 'bigram', examples: 'blocks' });
  await page.getByLabel('A text').fill('日本語');
  for (const id of ['bits-a-character', 'perplexity', 'first-guesses']) {
    await expect(page.locator(`[data-figure="${id}"]`)).toHaveText('–');
  }
  const topK = page.getByLabel('Top k');
  await topK.fill('2');
  const drawn = page
    .getByRole('table', { name: 'Probabilities of the next token' })
    .locator('td:last-child');
  await expect(drawn.nth(2)).toHaveText('0.0%');
  await topK.fill('0');
  await expect(topK).toHaveAccessibleDescription(/must be a whole number of at least 1/);
  await expect(topK).toHaveAttribute('aria-invalid', 'true');
  await expect(drawn.nth(2)).toHaveText('0.0%');
  await topK.fill('');
  await expect(topK).toHaveAttribute('aria-invalid', 'false');
  await expect(drawn.nth(2)).not.toHaveText('0.0%');
  await close();
});

test('it is in order for an accessibility checker, light and dark, and fits a phone', async ({
  browser,
}, { project }) => {
  test.skip(project.name === 'firefox', 'scripts can’t be evaluated in it under a policy');
  const { page, saved, close } = await openExported(browser, { model: 'mlp', dHidden: 16 });
  await expectLikeNode(page, saved);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(checker.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  const { width = 0 } = (await page.locator('main').boundingBox()) ?? {};
  expect(width).toBeLessThanOrEqual(360);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await close();
});
