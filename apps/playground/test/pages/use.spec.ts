import { readFile } from 'node:fs/promises';
import {
  codecNetwork,
  compressFile,
  drawTexts,
  makeChannel,
  networkPrior,
  planTexts,
  Predictor,
  correctNoisy,
  decodeNoisy,
} from '@llm101/inference';
import { loadText } from '@llm101/data';
import { Generator } from '@llm101/random';
import {
  openModel,
  prepareData,
  resolveSettings,
  Run,
  runTraining,
  type SavedModel,
} from '@llm101/runs';
import { findLearningRate } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import checker from 'axe-core';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';

const SETTINGS = { maxSteps: 600, valInterval: 200 };
const ADDRESS = '#maxSteps=600&valInterval=200&room=use';

/** The model that the page has trained, by the packages in Node. */
let trained: { readonly file: Uint8Array<ArrayBuffer>; readonly saved: SavedModel };

test.beforeAll(async () => {
  await startBackend();
  const { model: file } = await runTraining(resolveSettings({ flags: SETTINGS }), { compile });
  trained = { file, saved: openModel(file) };
});

/** The room, its run done. */
async function open(page: Page, address: string, part: string): Promise<void> {
  await page.goto(`${address}${ADDRESS}`);
  await expect(page.locator('.state')).toHaveText('finished');
  await page.getByRole('tab', { name: part }).click();
}

test('what may come next has the model’s probabilities, and is drawn by a seed', async ({
  page,
  site,
}) => {
  const predictor = new Predictor(trained.saved, { compile });
  const [first, second] = predictor.next('oliv', { temperature: 1 });
  predictor.dispose();
  await open(page, site.address, 'Next character');
  await page.getByRole('textbox', { name: 'Text so far' }).fill('oliv');
  const rows = page
    .getByRole('table', { name: 'Probabilities of the next token' })
    .locator('tbody tr');
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  await expect(rows.nth(0)).toHaveText(
    `${first.text}${percent(first.probability)}${percent(first.drawn)}`,
  );
  const name = second.isEnd ? 'end of line' : second.text;
  await expect(rows.nth(1)).toContainText(`${name}${percent(second.probability)}`);
  const plan = planTexts(trained.saved, { prompt: 'oliv' });
  const [{ tokens }] = drawTexts(plan, { count: 1, generator: Generator.seeded(101), compile });
  for (const [i, token] of tokens.slice(0, 2).entries()) {
    await page.getByRole('button', { name: 'Sample one' }).click();
    await expect(page.locator('.kept mark')).toHaveCount(i + 1);
    await expect(page.locator('.kept mark').last()).toHaveText(token === '.' ? '⏎' : token);
  }
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.locator('.kept mark')).toHaveCount(0);
});

test('texts are those of llm101 sample', async ({ page, site }) => {
  const plan = planTexts(trained.saved, { prompt: 'ma', temperature: 1 });
  const texts = drawTexts(plan, { count: 5, generator: Generator.seeded(101), compile });
  await open(page, site.address, 'Generate');
  await page.getByRole('textbox', { name: 'Prompt' }).fill('ma');
  await page.getByRole('button', { name: 'Generate', exact: true }).click();
  await expect(page.locator('.written li')).toHaveText(texts.map(({ text }) => text));
});

test('surprise is coloured, and its figures are the model’s', async ({ page, site }) => {
  const predictor = new Predictor(trained.saved, { compile });
  const { bits, characters, parts } = await predictor.surprise('emma\nq7');
  predictor.dispose();
  await open(page, site.address, 'Surprise');
  await page.getByRole('textbox', { name: 'A text' }).fill('emma\nq7');
  await expect(page.locator('[data-figure="bits-a-character"]')).toHaveText(
    (bits / characters).toFixed(3),
  );
  await expect(page.locator('.hint')).toContainText('1 characters that the model doesn’t know');
  await page.locator('.surprised span').nth(2).hover();
  const third = `${parts[2].bits?.toFixed(2)} bits, ${parts[2].entropyBits.toFixed(2)} expected`;
  await expect(page.locator('.pointed')).toContainText(`“m”: ${third}`);
  await page.getByText('The figures as a table').click();
  await expect(page.getByRole('row')).toHaveCount(parts.length + 1);
});

test('a text is compressed to the file of llm101 compress, and comes back', async ({ page, site }, {
  project,
}) => {
  const text = 'emma\nolivia\nava\n'.repeat(40);
  const network = codecNetwork(trained.saved, { file: trained.file, compile });
  const expected = compressFile(new TextEncoder().encode(text), { network }).file;
  await open(page, site.address, 'Compress');
  await page.getByRole('textbox', { name: 'Your text' }).fill(text);
  await page.getByRole('button', { name: 'Compress', exact: true }).click();
  const headline = `Your text in ${expected.length} bytes instead of ${text.length}`;
  await expect(page.getByRole('heading', { name: headline })).toBeVisible();
  await expect(page.getByRole('row', { name: /gzip, this browser’s own/ })).toBeVisible();
  await page.getByRole('button', { name: 'Decompress and compare' }).click();
  await expect(page.getByRole('status')).toContainText([/^The same 640 bytes came back/]);
  // The driver of Firefox hands no downloads over.
  if (project.name === 'chromium') {
    expect((await downloaded(page, 'Download the compressed file')).equals(expected)).toBe(true);
    const model = await downloaded(page, 'Download the model, which it needs');
    expect(model.equals(trained.file)).toBe(true);
  }
  const picked = { name: 'text.l101', mimeType: '', buffer: Buffer.from(expected) };
  await page.getByLabel('Open a compressed file').setInputFiles(picked);
  await expect(page.locator('pre')).toHaveText(text);
});

async function downloaded(page: Page, button: string): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFile(await (await download).path());
}

test('noisy lines are put right as the model expects them', async ({ page, site }) => {
  const { tokenizer } = trained.saved;
  const size = tokenizer.vocabSize;
  const channel = makeChannel({ channel: 'erasure', size, rate: 0.3 });
  const sent = ['isabella', 'alexander'].map((name) => Array.from(tokenizer.encode(name)));
  const random = Generator.seeded(101);
  const received = sent.map((symbols) => channel.transmit(symbols, random));
  const prior = networkPrior(trained.saved, { compile });
  const corrected = correctNoisy(received, { channel, prior, beam: 32, decode: 'letters' });
  prior.dispose();
  await open(page, site.address, 'Denoise');
  await page.getByRole('textbox', { name: 'Lines to send' }).fill('isabella\nalexander');
  await page.getByRole('radio', { name: 'loses characters' }).check();
  await page.getByRole('slider', { name: 'Rate' }).fill('0.3');
  const cells = page.locator('.noisy tbody td');
  await expect(cells).toHaveText(
    sent.flatMap((symbols, i) =>
      [symbols, received[i], corrected[i]].map((one) => decodeNoisy(one, tokenizer)),
    ),
  );
  await page.getByRole('slider', { name: 'Rate' }).fill('0');
  await expect(page.locator('.summary')).toHaveText(/^0 of 17 characters arrived wrong/);
});

test('a learning rate is found as by llm101 lr-find, and taken', async ({ page, site }) => {
  const settings = { ...resolveSettings({ flags: SETTINGS }), shards: 1, accumulate: 1 };
  const run = new Run(settings, await prepareData(settings, await loadText('names')), compile);
  const { trained: model, optimizer, batches } = run;
  const { suggestion = NaN } = await findLearningRate({ model, optimizer, batches, compile });
  run.dispose();
  const rate = String(Number(suggestion.toPrecision(2)));
  await open(page, site.address, 'Learning rate');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.locator('.finding')).toHaveText(`The loss falls fastest at ${rate}.`);
  await page.getByRole('button', { name: `Use ${rate} in the settings` }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.locator('[data-setting="lr"]').getByRole('textbox')).toHaveValue(rate);
  await expect(page.locator('[data-figure="step"]')).toHaveText('600 of 600');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an accessibility checker finds nothing in any part, ${colorScheme}`, async ({
    page,
    site,
  }, { project }) => {
    test.skip(project.name === 'firefox', 'its driver evaluates scripts, which the page forbids');
    await page.emulateMedia({ colorScheme });
    await open(page, site.address, 'Next character');
    await page.getByRole('button', { name: 'Sample one' }).click();
    await expect(page.locator('.kept mark')).toHaveCount(1);
    await page.evaluate(checker.source);
    const names = [
      'Next character',
      'Generate',
      'Surprise',
      'Compress',
      'Denoise',
      'Learning rate',
    ];
    for (const [i, name] of names.entries()) {
      if (i > 0) await page.keyboard.press('ArrowRight');
      else await page.getByRole('tab', { name }).focus();
      await expect(page.getByRole('tab', { name, selected: true })).toBeFocused();
      if (name === 'Generate' || name === 'Compress') {
        await page.getByRole('button', { name, exact: true }).click();
        await page.getByRole('tab', { name }).focus();
      }
      const made = {
        Surprise: '.surprised',
        Compress: '.made',
        Denoise: '.noisy',
        Write: '.written',
      };
      const shown = made[name as keyof typeof made] as string | undefined;
      if (shown !== undefined) await expect(page.locator(shown).first()).toBeVisible();
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      const found = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`,
      );
      expect(found, name).toEqual([]);
    }
  });
}
