import { activationTree, attentionWeights, CNN } from '@llm101/models';
import { prepareData, resolveSettings, Run } from '@llm101/runs';
import { loadText } from '@llm101/data';
import { compile, startBackend } from '@llm101/wasm';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';

const STEPS = { maxSteps: 200, valInterval: 0 } as const;

/** The address of a run that is over soon, looked into. */
const addressOf = (flags: Record<string, string | number>): string =>
  `#${Object.entries({ ...STEPS, ...flags, room: 'inside' })
    .map(([key, value]) => `${key}=${value}`)
    .join('&')}`;

/** The same run, here. */
async function trainedHere(flags: Record<string, string | number>): Promise<Run> {
  await startBackend();
  const settings = resolveSettings({ flags: { ...STEPS, ...flags } });
  const run = new Run(settings, await prepareData(settings, await loadText('names')), compile);
  await run.train();
  return run;
}

async function over(page: Page, step: string): Promise<void> {
  await expect(page.locator('.state')).toHaveText('finished');
  await expect(page.locator('.tab-panel .at-step')).toHaveText(`at step ${step}`);
}

test('the tree of a CNN has the values of the model, and how a node comes to one', async ({
  page,
  site,
}) => {
  await page.goto(site.address + addressOf({ model: 'cnn' }));
  await over(page, '200');
  await expect(page.locator('.tab-panel')).toContainText('16 → 8 → 4 → 2 → 1');
  await expect(page.locator('.window .token')).toHaveCount(17);
  const run = await trainedHere({ model: 'cnn' });
  if (!(run.model instanceof CNN)) throw new Error('no CNN');
  const window = [...Array.from({ length: 11 }, () => 0), 0, 5, 13, 13, 1].slice(-16);
  const { levels } = activationTree(run.model, [window]);
  const picture = page.getByRole('group', { name: 'Activations of the cnn, level by level' });
  await picture.press('ArrowUp');
  for (const channel of [0, 9]) {
    await page.getByRole('spinbutton', { name: 'Channel' }).fill(String(channel));
    const value = String(Number(levels[4].values[channel].toPrecision(7)));
    await expect(page.locator('[data-figure="node-value"]')).toHaveText(value);
  }
  run.dispose();
});

test('weights are shown with their values, by the keyboard alone', async ({ page, site }) => {
  await page.goto(site.address + addressOf({ model: 'bigram' }));
  await over(page, '200');
  await page.getByRole('tab', { name: 'Bigram table' }).press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Weights' })).toBeFocused();
  const run = await trainedHere({ model: 'bigram' });
  const own = run.model.parameters()[0].dataSync();
  const picture = page.getByRole('group', { name: /^table.weight/ });
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await picture.press(key);
  const value = String(Number(own[27 + 1].toPrecision(7)));
  await expect(page.locator('.tab-panel .cell')).toHaveText(`row 1, column 1: ${value}`);
  run.dispose();
});

test('attention is shown by layer and head, of the line that one types', async ({ page, site }) => {
  const flags = { model: 'gpt', layers: 2, heads: 2, dEmbed: 16, contextSize: 16, maxSteps: 20 };
  await page.goto(site.address + addressOf(flags));
  await over(page, '20');
  await page.getByRole('textbox', { name: 'A line to look at' }).fill('eve');
  await expect(page.locator('.tokens .token')).toHaveText(['.', 'e', 'v', 'e']);
  await expect(page.locator('.heads figure')).toHaveCount(4);
  const run = await trainedHere(flags);
  const own = attentionWeights(run.model, [0, 5, 22, 5]);
  const picture = page.getByRole('group', { name: 'Layer 2, head 1' });
  for (const key of ['ArrowUp', 'ArrowDown', 'ArrowDown']) await picture.press(key);
  const share = `${(own[1][0][2][0] * 100).toFixed(1)}%`;
  await expect(picture.locator('.cell')).toHaveText(`v attends to .: ${share}`);
  run.dispose();
});

test('embeddings move while the model learns, and layers and the batch are shown', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#maxSteps=100000000&valInterval=0&room=inside`);
  await page.getByRole('tab', { name: 'Embedding' }).click();
  await page.getByText('As a table').click();
  const first = page.locator('.tab-panel tbody td').first();
  const before = await first.innerText();
  await expect(first).not.toHaveText(before);
  await page.getByRole('tab', { name: 'Activations' }).click();
  await expect(page.locator('[data-figure="node-value"]')).toHaveText(/^-?\d/);
  await page.getByRole('tab', { name: 'Layers' }).click();
  await expect(page.locator('.activity').first()).toContainText('relu');
  await expect(page.locator('.activity').last()).toContainText('embedding.weight');
  await page.getByRole('tab', { name: 'Batch' }).click();
  await expect(page.locator('.batch tbody tr')).toHaveCount(16);
  await page.getByRole('textbox', { name: 'A line to look at' }).fill('Émma');
  await expect(page.getByRole('alert')).toContainText('the line must be made of characters');
});

test('the line is one that the model can read, until someone types another', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#data=parity&maxSteps=100&room=inside`);
  const line = page.getByRole('textbox', { name: 'A line to look at' });
  await expect(line).toHaveValue(/^[01]+=/);
  await expect(page.locator('.seen-panel .token').first()).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page).toHaveURL(/^(?!.*line=)/);
  await line.fill('01=1');
  await page.getByRole('button', { name: 'New run' }).click();
  await expect(line).toHaveValue('01=1');
});

test('a node that a shorter line has no more leaves the page whole', async ({ page, site }) => {
  await page.goto(site.address + addressOf({ model: 'wavenet', maxSteps: 20 }));
  await over(page, '20');
  const picture = page.getByRole('group', { name: 'Activations of the wavenet, level by level' });
  for (let i = 0; i < 2; i++) await picture.press('ArrowRight');
  await picture.press('ArrowDown');
  await page.getByRole('textbox').first().fill('e');
  await expect(page.locator('.seen-panel .tokens .token')).toHaveCount(2);
  await expect(page.locator('.tab-panel .at-step')).toHaveText('at step 20');
  await expect(picture).toBeVisible();
});
