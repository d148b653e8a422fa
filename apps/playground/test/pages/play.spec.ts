// llm101 play RUN: the page takes the run as it is, on threads that share memory, and goes on with it.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.js';

const command = fileURLToPath(new URL('../../../trainer/bin/llm101.js', import.meta.url));

/** Starts the command, and waits for what it says first, or for its end. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [command, ...args]);
  const first = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.stderr.once('data', (chunk: Buffer) => reject(new Error(chunk.toString())));
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, first, ended };
}

test('a run of the command is opened with its text, and goes on to its figures', async ({
  browser,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'llm101-play-'));
  try {
    const [text, run, straight] = ['my text.txt', 'run', 'straight'].map((name) =>
      join(folder, name),
    );
    await writeFile(text, 'anna\nemma\nmaria\nmartha\nsophia\n'.repeat(12));
    const train = ['train', '--data', text, '--d-hidden', '16', '--quiet', '--json'];
    for (const own of [
      ['--max-steps', '40', '--run-dir', run],
      ['--max-steps', '90', '--run-dir', straight],
    ]) {
      await start([...train, ...own]).ended;
    }
    const config = JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as object;
    await writeFile(join(run, 'config.json'), JSON.stringify({ ...config, maxSteps: 90 }));
    const { child, first, ended } = start(['play', run, '--no-open', '--port', '0']);
    const [address] = (await first).split('\n');
    const context = await browser.newContext();
    const page = await context.newPage();
    const strangers: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL('/', address).href)) strangers.push(request.url());
    });
    await page.goto(address);
    await expect(page.locator('[data-figure="step"]')).toContainText(/^(?:40|90) of 90$/);
    const resume = page.getByRole('button', { name: 'Resume' });
    if (await resume.isVisible()) await resume.click();
    await expect(page.locator('.state')).toHaveText('finished');
    const fingerprint = await readFile(join(straight, 'fingerprint.json'), 'utf8');
    const { weights } = JSON.parse(fingerprint) as { weights: { sha256: string } };
    await expect(page.locator('[data-figure="fingerprint"]')).toHaveText(
      weights.sha256.slice(0, 8),
    );
    await page.getByRole('navigation').getByRole('button', { name: 'About' }).click();
    await expect(page.getByText('share memory: all cores train together')).toBeVisible();
    await context.close();
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(strangers).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
