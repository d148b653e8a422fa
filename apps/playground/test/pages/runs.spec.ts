import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type Files,
  initialSettings,
  memoryLogs,
  readModel,
  resolveSettings,
  runFolderFiles,
  runTraining,
  type Settings,
  settingsOfConfig,
} from '@llm101/runs';
import { type CheckpointStore, exportCheckpoint } from '@llm101/training';
import { compile, startBackend } from '@llm101/wasm';
import type { Page } from '@playwright/test';
import { unzipSync, zipSync } from 'fflate';
import { expect, test } from './fixtures.js';
import { inNode } from './in-node.js';

const command = fileURLToPath(new URL('../../../trainer/dist/main.js', import.meta.url));

/** Runs the command. */
const llm101 = async (cwd: string, ...args: string[]): Promise<unknown> =>
  promisify(execFile)(process.execPath, [command, ...args], { cwd });

const TEXT = Array.from({ length: 120 }, (_, i) => `${'ab'.repeat(i % 5)}${'cde'[i % 3]}`).join(
  '\n',
);

const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`);

const openRoom = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name }).click();

const fileOf = (name: string, bytes: Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm101-page-'));
});

test.afterEach(() => rm(folder, { recursive: true }));

test('a run of Node goes on in a tab, and at home ends with the bytes of one that stayed', async ({
  page,
  site,
}, { project }) => {
  await writeFile(join(folder, 'own.txt'), TEXT);
  const flags = '--data own.txt --optimizer adamw --d-hidden 16 --reshuffle --max-steps 300';
  const intervals = '--val-interval 50 --log-interval 10 --sample-interval 100';
  const all = `${flags} ${intervals}`.split(' ');
  await llm101(folder, 'train', ...all, '--run-dir', 'stayed', '--quiet');
  const config = JSON.parse(
    await readFile(join(folder, 'stayed', 'config.json'), 'utf8'),
  ) as object;
  const file = { path: 'config.json', settings: settingsOfConfig({ ...config }) };
  const files = await filesAfter(100, resolveSettings({ flags: {}, file }));

  await page.goto(`${site.address}#maxSteps=200&valInterval=100&room=runs`);
  await page
    .getByLabel('Pick files')
    .setInputFiles([fileOf('some.zip', zipSync(Object.fromEntries(files)))]);
  await expect(page.locator('.notice')).toContainText('at step 100');
  await expect(page.locator('.state')).toHaveText('paused');
  await expect(figure(page, 'step')).toHaveText('100 of 300');
  await page.getByRole('button', { name: '100 steps' }).click();
  await expect(figure(page, 'step')).toHaveText('200 of 300');
  await expect(page.locator('.state')).toHaveText('paused');
  test.skip(project.name === 'firefox', 'the driver of Firefox hands no downloads over');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Run folder (zip)' }).click();
  const zip = await readFile(await (await download).path());
  const [name] = Object.keys(unzipSync(zip))[0].split('/');
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await llm101(folder, 'train', '--resume', name, '--quiet');
  const pathOf = (run: string, file: string): string => join(folder, run, file);
  for (const file of ['model.safetensors', 'samples.jsonl', 'fingerprint.json']) {
    const [stayed, came] = await Promise.all(
      ['stayed', name].map((run) => readFile(pathOf(run, file))),
    );
    expect(came.equals(stayed), file).toBe(true);
  }
  const [stayed, came] = await Promise.all(
    ['stayed', name].map(async (run) =>
      rowsOf(await readFile(pathOf(run, 'metrics.jsonl'), 'utf8')),
    ),
  );
  expect(came).toEqual(stayed);
});

/** The files of a run folder as Node has it after some steps, its text among them. */
async function filesAfter(step: number, settings: Settings): Promise<Files> {
  await startBackend();
  const stop = new AbortController();
  const logs = memoryLogs();
  const store = memoryStore();
  const own = new TextEncoder().encode(TEXT);
  const { fingerprint, ...run } = await runTraining(settings, {
    compile,
    store,
    signal: stop.signal,
    loadText: async () => ({
      name: 'own.txt',
      text: TEXT,
      characters: TEXT.length,
      sha256: createHash('sha256').update(TEXT).digest('hex'),
    }),
    listeners: [
      logs.listener,
      (event) => {
        if (event.type === 'step' && event.step === step) stop.abort();
      },
    ],
  });
  return runFolderFiles({
    settings: run.settings,
    versions: { llm101: '0.1.0' },
    checkpoint: await exportCheckpoint(store),
    text: own,
    logs: logs.texts(),
    model: run.model,
    fingerprint,
  });
}

function memoryStore(): CheckpointStore {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    list: async () => [...files.keys()],
    read: async (name) => {
      const found = files.get(name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found;
    },
    write: async (name, bytes) => void files.set(name, bytes),
    remove: async (name) => void files.delete(name),
  };
}

/** Lines of a log, without the speed, which is another each time. */
const rowsOf = (log: string): unknown[] =>
  log
    .trim()
    .split('\n')
    .map((line) => Object.assign(JSON.parse(line) as object, { stepsPerSecond: 0 }));

test('a checkpoint that comes without its text waits for that', async ({ page, site }) => {
  const flags = { data: 'own.txt', dHidden: 16, maxSteps: 60, valInterval: 20 };
  const files = await filesAfter(40, resolveSettings({ flags }));
  const [, checkpoint = new Uint8Array()] =
    [...files].find(([path]) => path.startsWith('checkpoints/')) ?? [];
  await page.goto(`${site.address}#maxSteps=200&valInterval=100&room=runs`);
  const pick = page.getByLabel('Pick files');
  await pick.setInputFiles([fileOf('what I took (1).txt', checkpoint)]);
  await expect(page.locator('.notice')).toContainText("needs a text that isn't here: own.txt");
  await pick.setInputFiles([fileOf('own.txt', Buffer.from('another\ntext\n'))]);
  await expect(page.getByRole('alert')).toContainText('this is another one');
  await pick.setInputFiles([fileOf('renamed.txt', Buffer.from(TEXT))]);
  await expect(figure(page, 'step')).toHaveText('40 of 60');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.locator('.state')).toHaveText('finished');
});

test('whoever opens a shared address sees whether the weights are the same', async ({
  page,
  site,
  browser,
}) => {
  await page.goto(`${site.address}#maxSteps=300&valInterval=100&room=runs`);
  await expect(page.locator('.state')).toHaveText('finished');
  await expect(page.getByLabel('Link to this run')).toHaveValue(/expect=300%3A[0-9a-f]{16}/);
  const address = await page.getByLabel('Link to this run').inputValue();
  const other = address.replace(/expect=300%3A[0-9a-f]{8}/, 'expect=300%3A00000000');
  for (const [shared, sentence] of [
    [address, 'Same weights at step 300'],
    [other, 'The weights at step 300 differ'],
  ]) {
    const context = await browser.newContext();
    const elsewhere = await context.newPage();
    await elsewhere.goto(shared);
    await expect(elsewhere.locator('[data-verdict]')).toContainText(sentence);
    await context.close();
  }
});

test('runs are compared, named, closed and removed, with a way back', async ({ page, site }) => {
  await page.goto(`${site.address}#maxSteps=200&valInterval=100`);
  await expect(page.locator('.state')).toHaveText('finished');
  await page.locator('[data-setting="lr"]').getByRole('textbox').fill('0.05');
  await page.getByRole('button', { name: 'Train with these settings' }).click();
  await openRoom(page, 'Runs');
  await expect(page.locator('.state')).toHaveText('finished');
  const [slow, fast] = [await inNode(SHORT), await inNode({ ...SHORT, lr: 0.05 })];
  const cell = (row: number, measure: string) =>
    page.locator('.results tbody tr').nth(row).locator(`[data-measure="${measure}"]`);
  await expect(cell(0, 'valLoss')).toHaveText(slow.evaluation.loss.toFixed(4));
  await expect(cell(1, 'valLoss')).toHaveText(`${fast.evaluation.loss.toFixed(4)} best`);
  await expect(page.locator('.differences tbody tr')).toHaveCount(1);
  await expect(page.locator('.differences [data-setting="lr"]')).toContainText('0.05');

  const name = page.getByLabel('Name of run 2');
  await name.fill('faster');
  await name.press('Enter');
  await page.getByRole('button', { name: 'Close: faster' }).click();
  await expect(page.getByRole('button', { name: 'Open: faster' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete: faster' }).click();
  await expect(page.getByLabel('Name of faster')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Open: faster' }).click();
  await expect(figure(page, 'step')).toHaveText('200 of 200');
  await page.getByRole('button', { name: 'Delete: faster' }).click();
  await expect(page.getByLabel('Name of faster')).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel('Name of run 1')).toBeVisible();
  await expect(page.getByLabel('Name of faster')).toHaveCount(0);
});

/** A run that is over soon. */
const SHORT = { maxSteps: 200, valInterval: 100 } as const;

test('another run begins with the weights of one, to the figures of Node', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#maxSteps=200&valInterval=100&room=runs`);
  await expect(page.locator('.state')).toHaveText('finished');
  await page.getByRole('button', { name: 'Start a run from these weights' }).click();
  await expect(page.locator('.settings')).toContainText('the weights of run 1 at step 200');
  await expect(page.locator('[data-setting="model"]')).toHaveCount(0);
  await page.locator('[data-setting="lr"]').getByRole('textbox').fill('0.002');
  await page.getByRole('button', { name: 'Train with these settings' }).click();
  await expect(page.locator('.state')).toHaveText('finished');
  const first = await inNode(SHORT);
  const initial = readModel(first.model);
  const settings = resolveSettings({
    flags: { ...SHORT, lr: 0.002, initFrom: 'run 1' },
    initial: { path: 'run 1', settings: initialSettings(first.settings) },
  });
  const { tokenizer } = initial;
  const second = await runTraining(settings, { compile, initial, tokenizer });
  await expect(figure(page, 'fingerprint')).toHaveText(
    second.fingerprint.weights?.sha256.slice(0, 8) ?? '',
  );
});

test('what is no text and no run is refused in a sentence, and nothing is lost', async ({
  page,
  site,
}) => {
  await page.goto(`${site.address}#maxSteps=200&valInterval=100&room=runs`);
  await expect(page.locator('.state')).toHaveText('finished');
  const pick = page.getByLabel('Pick files');
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (const [file, sentence] of [
    [fileOf('notes.txt', bytes('%PDF-1.7')), 'notes.txt must be a text, or a run'],
    [fileOf('some.zip', zipSync({ 'word/document.xml': bytes('<w/>') })), 'there is none in word/'],
    [fileOf('some.zip', bytes('PK\u0003\u0004 and no more')), 'some.zip must be a whole zip'],
    [
      fileOf('names.txt', Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, ...bytes('{      }'))),
      'names.txt must be a checkpoint or a model of llm101',
    ],
    [fileOf('config.txt', bytes('{"model": "no", "maxSteps": 3}')), 'config.json'],
  ] as const) {
    await pick.setInputFiles([file]);
    await expect(page.getByRole('alert')).toContainText(sentence);
    await page.getByRole('alert').getByRole('button').click();
  }
  await expect(page.locator('.run-list li')).toHaveCount(1);
  await expect(figure(page, 'step')).toHaveText('200 of 200');
});
