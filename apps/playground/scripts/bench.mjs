#!/usr/bin/env node
/**
 * What the built page takes: its size, the time to the first step, frames a second and the longest gap between two while the MLP trains, its
 * steps a second against Node's, and with `--minutes 10` memory over time. In Chromium.
 */
import { resolveSettings, runTraining } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import { chromiumArguments, findOrInstall } from '@tools/browsers/installed';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '10' },
  },
});
const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const site = join(folder, 'dist/site');
const FLAGS = { maxSteps: 10_000_000 };

const server = await preview({ root: folder, preview: { port: 0, host: '127.0.0.1' } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({
  executablePath: findOrInstall('chromium'),
  args: [...chromiumArguments, '--enable-precise-memory-info'],
});

try {
  /** @type {Map<string, number>} */
  const fetched = new Map();
  const firsts = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    context.on('response', (response) => record(response.url()));
    await page.goto(`${address}#maxSteps=${FLAGS.maxSteps}`);
    firsts.push(await page.evaluate(firstStep));
    await context.close();
  }
  const total = [...fetched.values()].reduce((a, b) => a + b, 0);
  console.log(`before the first step, beside tfjs' binary: ${kilobytes(total)} kB compressed`);
  for (const [file, bytes] of fetched) console.log(`  ${kilobytes(bytes).padStart(7)} kB  ${file}`);
  console.log(
    `first step ${firsts.map((ms) => `${Math.round(ms)} ms`).join(', ')} from navigation`,
  );

  const page = await (await browser.newContext()).newPage();
  await page.goto(`${address}#maxSteps=${FLAGS.maxSteps}`);
  await page.evaluate(firstStep);
  await page.waitForTimeout(3000); // compiled, warm
  const ms = Number(values.seconds) * 1000;
  const before = await step(page);
  const { frames, longest } = await page.evaluate(watchFrames, ms);
  const rate = ((await step(page)) - before) / (ms / 1000);
  console.log(`frames a second ${frames.toFixed(1)}, longest gap ${longest.toFixed(0)} ms`);
  for (let minute = 0; minute <= Number(values.minutes) && values.minutes !== '0'; minute++) {
    const [bytes, resident] = [await page.evaluate(usedBytes), await residentBytes()];
    console.log(
      `minute ${minute}: the page's objects ${megabytes(bytes)} MB, its process with all workers ${megabytes(resident)} MB resident, step ${await step(page)}`,
    );
    await page.waitForTimeout(60_000);
  }
  await browser.close();
  const inNode = await stepsInNode(ms);
  const share = (rate / inNode).toFixed(2);
  console.log(
    `steps a second ${Math.round(rate)}, in Node ${process.versions.node} ${Math.round(inNode)}: ${share} of it`,
  );

  /** @param {string} url */
  function record(url) {
    const file = new URL(url).pathname.slice(1) || 'index.html';
    if (!file.endsWith('.wasm') && !url.startsWith('data:')) fetched.set(file, gzipped(file));
  }
} finally {
  await browser.close();
  await server.close();
}

/** What the renderers take, by Linux. */
async function residentBytes() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8')))
    .reduce((sum, found) => sum + Number(found?.[1] ?? 0) * 1024, 0);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** @param {string} file */
function gzipped(file) {
  return gzipSync(readFileSync(join(site, file)), { level: 9 }).length;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}

/** @param {import('playwright-core').Page} page */
async function step(page) {
  const text = await page.locator('[data-figure="step"]').innerText();
  return Number(text.split(' ')[0].replaceAll(',', ''));
}

/** @param {number} ms */
async function stepsInNode(ms) {
  await startBackend();
  const abort = new AbortController();
  let [steps, sinceMs] = [0, 0];
  await runTraining(resolveSettings({ flags: FLAGS }), {
    compile,
    samples: 0,
    signal: abort.signal,
    listeners: [
      (event) => {
        if (event.type !== 'step') return;
        if (event.step === 3000) sinceMs = performance.now();
        if (event.step > 3000) steps += 1;
        if (sinceMs > 0 && performance.now() - sinceMs > ms) abort.abort();
      },
    ],
  });
  return steps / (ms / 1000);
}

// In the page:

/** @returns {Promise<number>} milliseconds from navigation to the first step */
async function firstStep() {
  while (performance.now() < 60_000) {
    const [mark] = performance.getEntriesByName('first step');
    if (mark !== undefined) return mark.startTime;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('no step within a minute of navigation');
}

/** @param {number} ms */
async function watchFrames(ms) {
  const start = performance.now();
  let [last, frames, longest] = [start, 0, 0];
  while (last - start < ms) {
    const now = await new Promise(requestAnimationFrame);
    longest = Math.max(longest, now - last);
    last = now;
    frames += 1;
  }
  return { frames: (frames / (last - start)) * 1000, longest };
}

/** @returns {number} */
function usedBytes() {
  const { memory } = /** @type {{ memory?: { usedJSHeapSize: number } }} */ (Object(performance));
  return memory?.usedJSHeapSize ?? 0;
}
