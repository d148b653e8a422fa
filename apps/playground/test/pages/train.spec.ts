import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadText } from '@llm101/data';
import { decidedSettings, prepareData, resolveSettings } from '@llm101/runs';
import { pytorchOf, textFacts, typescriptOf } from '@llm101/runs/code';
import type { Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, sharedTexts, test } from './fixtures.js';
import { inNode } from './in-node.js';

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`);

/** A run that is over soon. */
const SHORT = { maxSteps: 600, valInterval: 200 };

const addressOf = (flags: Readonly<Record<string, string | number>>): string =>
  `#${new URLSearchParams(Object.entries(flags).map(([key, value]) => [key, String(value)])).toString()}`;

test('a page that is opened trains, without a click, to the figures of the command', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}${addressOf(SHORT)}`);
  await expect(page.locator('.state')).toHaveText('finished');
  await expect(figure(page, 'step')).toHaveText('600 of 600');
  const { metrics, evaluation, fingerprint } = await inNode(SHORT);
  await expect(figure(page, 'train-loss')).toHaveText(metrics.trainLoss.toFixed(4));
  await expect(figure(page, 'val-loss')).toContainText(evaluation.loss.toFixed(4));
  await expect(figure(page, 'fingerprint')).toHaveText(
    fingerprint.weights?.sha256.slice(0, 8) ?? '',
  );
});

test('the lecture’s 2.4206 comes out, by a click', async ({ page, site }) => {
  test.skip(
    !existsSync(join(sharedTexts, 'names.txt')),
    'the lecture’s names are not beside the repository',
  );
  await page.goto(`${site.address}#maxSteps=1&valInterval=0`);
  await page.getByRole('link', { name: 'the lecture’s run' }).click();
  await expect(figure(page, 'step')).toHaveText('8,299 of 8,299');
  await expect(figure(page, 'train-loss')).toHaveText('2.4206');
});

test('a run waits, goes on step by step, and to its end', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100000000`);
  await expect(figure(page, 'step')).toContainText(/^[1-9]/);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('.state')).toHaveText('paused');
  const before = await stepOf(page);
  await page.getByRole('button', { name: 'One step' }).click();
  await expect.poll(() => stepOf(page)).toBe(before + 1);
  await page.getByRole('button', { name: '100 steps' }).click();
  await expect.poll(() => stepOf(page)).toBe(before + 101);
  await expect(page.locator('.state')).toHaveText('paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => stepOf(page)).toBeGreaterThan(before + 101);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('.state')).toHaveText('stopped');
});

test('a tab that was closed goes on where it was', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100000000`);
  await expect(figure(page, 'val-loss')).toContainText(/^\d/);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('.state')).toHaveText('paused');
  const [step, fingerprint] = [await stepOf(page), await figure(page, 'fingerprint').innerText()];
  await expect(page.locator('.kept')).toContainText('saved in this browser');
  await page.reload();
  await expect(page.locator('.state')).toHaveText('paused');
  expect(await stepOf(page)).toBe(step);
  await expect(figure(page, 'rate')).toHaveText('0.01');
  await page.getByRole('button', { name: 'One step' }).click();
  await expect.poll(() => stepOf(page)).toBe(step + 1);
  await expect(figure(page, 'fingerprint')).not.toHaveText(fingerprint);
});

test('a text of one’s own is trained on', async ({ page, site }) => {
  await page.goto(site.address);
  await page.getByRole('button', { name: 'Write or paste a text' }).click();
  const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n');
  await page.getByRole('textbox', { name: 'Write or paste a text' }).fill(lines);
  await page.getByRole('button', { name: 'Use this text' }).click();
  await expect(page.locator('.text-choice')).toContainText('pasted.txt: 469 characters');
  await expect(figure(page, 'step')).toContainText(/^[1-9]/);
});

test('a text that is dropped on the page is trained on', async ({ page, site }, { project }) => {
  test.skip(project.name === 'firefox', 'its driver makes no files to drop');
  await page.goto(site.address);
  await expect(figure(page, 'step')).toContainText(/^[1-9]/);
  const dataTransfer = await page.evaluateHandle(() => {
    const given = new DataTransfer();
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n');
    given.items.add(new File([lines], 'mine.txt', { type: 'text/plain' }));
    return given;
  });
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await expect(page.locator('.drop-area')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer });
  await expect(page.locator('.text-choice')).toContainText('mine.txt: 469 characters');
  await expect(page.locator('.drop-area')).toHaveCount(0);
});

test('a run that begins has the machine for itself: others wait', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100000000`);
  await expect(figure(page, 'step')).toContainText(/^[1-9]/);
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByRole('button', { name: 'New run' }).click(); // the one before may still be loading
  await expect(page.locator('.state')).toHaveText('training');
  await page.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  const progress = page.locator('.progress-of');
  await expect(progress.filter({ hasText: 'paused' })).toHaveCount(2);
  await expect(progress.filter({ hasText: 'training' })).toHaveCount(1);
});

test('what the command refuses is refused at its field, in the same words', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}${addressOf(SHORT)}`);
  const field = page.locator('[data-setting="lr"]');
  await field.getByRole('textbox').fill('0');
  await expect(field.locator('.problem')).toHaveText(/^--lr must be a number above 0; got 0/);
  await expect(field.getByRole('textbox')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: 'Train with these settings' })).toBeDisabled();
  await field.getByRole('button').click();
  await expect(page.getByRole('button', { name: 'Train with these settings' })).toBeEnabled();
});

test('a run that doesn’t fit into memory is refused at its field', async ({ page, site }) => {
  await page.goto(`${site.address}${addressOf(SHORT)}`);
  const field = page.locator('[data-setting="dHidden"]');
  await field.getByRole('textbox').fill('90000000');
  await expect(page.locator('.settings .problem').first()).toContainText(
    'must fit into the memory of WebAssembly',
  );
  await expect(page.getByRole('button', { name: 'Train with these settings' })).toBeDisabled();
});

test('the loss stands beside what n-grams come to, as the command measures it', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}${addressOf(SHORT)}`);
  await page.getByText('The figures as a table').click();
  const levels = page.getByRole('table', { name: 'Losses of n-grams on the validation text' });
  await expect(levels.getByRole('row')).toHaveCount(5);
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('../../../trainer/dist/main.js', import.meta.url)),
    'entropy',
    '--unit',
    'nats',
    '--order',
    '4',
    '--json',
  ]);
  const { orders } = JSON.parse(stdout) as {
    readonly orders: readonly { readonly kneserNey?: number; readonly counted: number }[];
  };
  const [uniform, ...learned] = orders;
  const figures = [uniform.counted, ...[1, 2, 4].map((order) => learned[order - 1].kneserNey)];
  await expect(levels.locator('td')).toHaveText(figures.map((value) => value?.toFixed(4) ?? ''));
  const losses = page.getByRole('table', { name: 'Loss by step, in nats a token' });
  await expect(losses.getByRole('row').last()).toContainText('600');
});

test('the code of a run is what the packages write for it', async ({ page, site }, { project }) => {
  await page.goto(`${site.address}${addressOf(SHORT)}`);
  await expect(page.locator('.state')).toHaveText('finished');
  await page.getByRole('button', { name: 'Show the code' }).click();
  const dialog = page.getByRole('dialog', { name: 'Code of run 1' });
  const settings = resolveSettings({ flags: SHORT });
  const data = await prepareData(settings, await loadText(settings.data));
  const [decided, facts] = [decidedSettings(settings, data), textFacts(data)];
  const shown = dialog.getByRole('region');
  await expect(shown).toHaveText(typescriptOf(decided, facts));
  await dialog.getByRole('tab', { name: 'PyTorch' }).click();
  await expect(shown).toHaveText(pytorchOf(decided, facts));
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  if (project.name === 'firefox') return; // its driver hands no downloads over
  await page.getByRole('button', { name: 'Show the code' }).click();
  const saved = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as train.ts' }).click();
  expect((await saved).suggestedFilename()).toBe('train.ts');
});

test('a run that diverges says so, and trains anew with a lower learning rate', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}${addressOf({ ...SHORT, lr: 1e9 })}`);
  await expect(page.locator('.state')).toHaveText('failed');
  await expect(page.locator('.run-bar').getByRole('alert')).toContainText(
    /the loss must be finite; got NaN at step \d+; lower the learning rate/,
  );
  await page.getByRole('button', { name: 'New run with a learning rate of 100000000' }).click();
  await expect(page.locator('[data-setting="lr"]').getByRole('textbox')).toHaveValue('100000000');
});

test('a browser without room says so, and the run goes on', async ({ page, site }, { project }) => {
  test.skip(project.name === 'firefox', 'only Chromium can be told how much it may keep');
  const devTools = await page.context().newCDPSession(page);
  const { origin } = new URL(site.address);
  await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  await page.goto(`${site.address}${addressOf(SHORT)}`);
  await expect(page.locator('.state')).toHaveText('finished');
  await expect(page.getByRole('status', { name: 'Warnings' })).toContainText(
    'the storage that this browser gives the page is full',
  );
});

async function stepOf(page: Page): Promise<number> {
  const text = await figure(page, 'step').innerText();
  return Number(text.split(' ')[0].replaceAll(',', ''));
}

/** A small run of each kind of model, with what could round differently: other optimizers and schedules, dropout, shards, blocks. */
const KINDS = {
  bigram: { optimizer: 'adam', schedule: 'cosine' },
  mlp: { optimizer: 'adamw', schedule: 'one-cycle', dHidden: 32 },
  cnn: { momentum: 0.9, schedule: 'step' },
  wavenet: {
    dHidden: 16,
    depth: 2,
    dropout: 0.2,
    packedSize: 64,
    optimizer: 'adamw',
    averageWeights: 0.9,
  },
  gru: { optimizer: 'adamw', dHidden: 16, batchSize: 8 },
  lstm: { optimizer: 'schedule-free', dHidden: 16, batchSize: 8 },
  gpt: {
    optimizer: 'muon',
    schedule: 'linear',
    dEmbed: 32,
    layers: 2,
    heads: 2,
    contextSize: 16,
    packedSize: 64,
    packedRows: 2,
    shards: 2,
  },
  megabyte: { optimizer: 'adamw', dEmbed: 32, layers: 2, heads: 2, batchSize: 4 },
} as const;

for (const [model, settings] of Object.entries(KINDS)) {
  test(`${model}: the same fingerprint and closing validation as in Node`, async ({
    page,
    site,
  }) => {
    const flags = { model, ...settings, maxSteps: 40, valInterval: 30 };
    await page.goto(`${site.address}${addressOf(flags)}`);
    await expect(page.locator('.state')).toHaveText('finished');
    const { fingerprint, evaluation } = await inNode(flags);
    await expect(figure(page, 'fingerprint')).toHaveText(
      fingerprint.weights?.sha256.slice(0, 8) ?? '',
    );
    await expect(figure(page, 'val-loss')).toContainText(evaluation.loss.toFixed(4));
  });
}

test('what an address has that is no setting is left out by a click', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=100&vocab=1`);
  await expect(page.locator('.settings .problem')).toContainText("--vocab isn't a setting");
  await page.getByRole('button', { name: 'Remove vocab' }).click();
  await page.getByRole('button', { name: 'Train with these settings' }).click();
  await expect(page.locator('.state')).toHaveText('finished');
});
