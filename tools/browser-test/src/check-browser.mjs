import { exportCheckpoint, importCheckpoint } from '@llm101/training';
import { fileStore } from '@llm101/training/node';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { longRun, programNames } from './pages/programs.mjs';
import { serve } from './server.mjs';

/** @import { Browser, Page } from 'puppeteer-core' */
/** @import { Result } from './pages/programs.mjs' */
/** @import { Task } from './pages/tasks.mjs' */

/**
 * What a browser is compared with.
 *
 * @typedef {object} Context
 * @property {Readonly<Record<string, Result>>} expected - what Node has got, by program
 * @property {Readonly<Record<string, number[]>>} losses - what it has got by `firstLosses`
 * @property {string} pages - the folder of the bundled pages
 */

/** @typedef {(name: string, work: () => Promise<string>) => Promise<void>} Step */

/** Where a task is done: functions of the page. */
const PLACES = /** @type {const} */ ([
  ['onPage', 'on a page'],
  ['inWorker', 'in a worker'],
]);

/**
 * What all is tried in one browser.
 *
 * @param {Browser} browser
 * @param {Context} context
 * @param {Step} step
 */
export async function checkBrowser(browser, { expected, losses, pages }, step) {
  const site = await serve(pages);
  const page = await open(browser, site.address);
  for (const [place, where] of PLACES) {
    for (const name of programNames) {
      await step(`${name} ${where}`, async () =>
        compare(await train(page, place, { task: 'program', name }), expected[name]),
      );
    }
    await step(`checkpoints across a reload, ${where}`, () => reload(page, place, expected));
    await step(`Node, ${where}, Node`, () => move(page, { place, expected, pages }));
  }
  await step('a second writer', () => secondWriter(browser, site.address));
  await step('frames while a page trains', () => frames(page));
  await step('memory', () => memory(page));
  await page.close();
  const version = await browser.version();
  for (const check of backendChecks.filter(({ only = '' }) => version.includes(only))) {
    await step(check.name, () => onBackend(browser, { address: site.address, losses, check }));
  }
  site.stop();
  for (const check of Object.values(headerChecks)) {
    await step(check.name, () => withHeaders(browser, pages, check));
  }
}

/**
 * @param {Browser} browser
 * @param {string} address
 */
async function open(browser, address) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.log(`     ${String(error)}`));
  await page.goto(address);
  await ready(page);
  return page;
}

/**
 * Waits for the page's script. Not by `waitForFunction`, which needs an `eval` that a page's policy may forbid.
 *
 * @param {Page} page
 */
async function ready(page) {
  while ((await page.title()) !== 'ready') await setTimeout(100);
}

/**
 * Has a task done in a page or its worker.
 *
 * @param {Page} page
 * @param {string} place
 * @param {Task} task
 * @returns {Promise<Result>}
 */
const train = (page, place, task) =>
  page.evaluate((place, task) => /** @type {any} */ (globalThis)[place](task), place, task);

/**
 * The same for a task that isn't to train.
 *
 * @type {(page: Page, place: string, task: Task) => Promise<unknown>}
 */
const ask = train;

/**
 * Leaves the page in the midst of a run, twice: once after a stop, once without warning.
 *
 * @param {Page} page
 * @param {string} place
 * @param {Context['expected']} expected
 */
async function reload(page, place, expected) {
  const database = `reload ${place}`;
  const stopped = await train(page, place, { task: 'long run', database, until: 130 });
  if (stopped.steps !== 130) throw new Error(`must stop at step 130; got ${stopped.steps}`);
  await page.reload();
  await ready(page);
  void train(page, place, { task: 'long run', database }).catch(() => undefined); // its page is left
  while ((await ask(page, 'onPage', { task: 'give', database })) === 'step 130') {
    await setTimeout(50);
  }
  await page.reload();
  await ready(page);
  return compare(await train(page, place, { task: 'long run', database }), expected['long run']);
}

/**
 * A run begins in a folder, goes on in the browser, and ends in another folder.
 *
 * @param {Page} page
 * @param {{ place: string, expected: Context['expected'], pages: string }} context - the server gives and takes files in `pages`
 */
async function move(page, { place, expected, pages }) {
  const database = `moved ${place}`;
  const folder = mkdtempSync(join(pages, 'moved-'));
  const first = fileStore(join(folder, 'first'));
  await longRun({ store: first, until: 150 });
  writeFileSync(join(folder, 'to-page'), (await exportCheckpoint(first))?.bytes ?? '');
  const at = new URL(`${basename(folder)}/`, page.url()).href;
  await ask(page, place, { task: 'take', database, from: `${at}to-page` });
  await ask(page, place, { task: 'long run', database, until: 450 });
  await ask(page, place, { task: 'give', database, to: `${at}from-page` });
  const last = fileStore(join(folder, 'last'));
  const { step } = await importCheckpoint(
    last,
    new Uint8Array(readFileSync(join(folder, 'from-page'))),
  );
  if (step !== 450) throw new Error(`the page must give step 450; got ${step}`);
  return compare(await longRun({ store: last }), expected['long run']);
}

/**
 * @param {Browser} browser
 * @param {string} address
 */
async function secondWriter(browser, address) {
  const tabs = [await open(browser, address), await open(browser, address)];
  try {
    const task = /** @type {Task} */ ({ task: 'long run', database: 'two tabs' });
    const [first, second] = await Promise.allSettled(tabs.map((tab) => ask(tab, 'inWorker', task)));
    const refused = [first, second].filter(({ status }) => status === 'rejected');
    const [reason] = refused.map((one) =>
      String(/** @type {PromiseRejectedResult} */ (one).reason),
    );
    if (refused.length !== 1 || !reason.includes('are in use by another run')) {
      throw new Error(`one of two tabs must be refused; got ${refused.length}: ${reason}`);
    }
    return 'refused, the first trains on';
  } finally {
    for (const tab of tabs) await tab.close();
  }
}

/** @param {Page} page */
async function frames(page) {
  const task = { task: 'some seconds' };
  const { frames, held } = await page.evaluate(
    (task) => /** @type {any} */ (globalThis).watched(task),
    task,
  );
  const share = `${(held * 100).toFixed()} % of the time in pieces of more than 40 ms`;
  if (frames === 0) throw new Error('must draw while it trains'); // how often depends on the machine
  return `${frames.toFixed()} a second; ${share}`;
}

/** @param {Page} page */
async function memory(page) {
  const said = await ask(page, 'inWorker', { task: 'memory' });
  if (said !== '0 tensors left, MemoryError') throw new Error(String(said));
  return said;
}

/**
 * Another backend of tfjs, and what training on it gives: the losses, unless an error is named.
 *
 * @typedef {object} BackendCheck
 * @property {string} name
 * @property {Extract<Task, { task: 'backend' }>} task
 * @property {RegExp} [says]
 * @property {string} [only] - of the version of browsers that can
 */

/** @type {readonly BackendCheck[]} */
const backendChecks = [
  { name: 'cpu after startBackend', task: { task: 'backend', name: 'cpu', start: true } },
  {
    name: 'webgl after startBackend',
    task: { task: 'backend', name: 'webgl', start: true },
    only: 'Chrome',
  },
  {
    name: 'cpu without startBackend',
    task: { task: 'backend', name: 'cpu', start: false },
    says: /gradient function not found for \w+; await startBackend\(\) of @llm101\/wasm before training/,
  },
  {
    name: 'cpu, compiled',
    task: { task: 'backend', name: 'cpu', start: true, compiled: true },
    says: /compile: the wasm backend must be the current one; it is not/,
  },
];

/**
 * @param {Browser} browser
 * @param {{ address: string, losses: Context['losses'], check: BackendCheck }} options
 */
async function onBackend(browser, { address, losses, check: { task, says } }) {
  const page = await open(browser, address);
  try {
    if (says === undefined) return compareLosses(await ask(page, 'onPage', task), losses);
    const said = await ask(page, 'onPage', task).then(
      () => 'nothing',
      (error) => String(error),
    );
    if (!says.test(said)) throw new Error(`must say ${String(says)}; got ${said}`);
    return String(says);
  } finally {
    await page.close();
  }
}

/**
 * A page with other headers, and what startBackend says there.
 *
 * @typedef {object} HeaderCheck
 * @property {string} name
 * @property {Record<string, string>} headers
 * @property {RegExp} says
 * @property {string} [wasmPaths]
 * @property {Record<string, string>} [elsewhere] - the `.wasm` file is of another origin, which answers with these
 * @property {boolean} [isolated] - what the page must be
 */

const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const STARTS = /^wasm, SIMD, 1 thread/;
const SELF = "default-src 'self'; img-src data:";

/** @type {readonly HeaderCheck[]} */
const headerChecks = [
  { name: 'a page that is not isolated', headers: {}, says: STARTS, isolated: false },
  {
    name: 'a cross-origin-isolated page',
    headers: ISOLATED,
    says: STARTS,
    isolated: true,
  },
  ...[{}, ISOLATED].flatMap((headers) => [
    {
      name: `${headers === ISOLATED ? 'isolated, ' : ''}a file of another origin with CORS`,
      headers,
      elsewhere: { 'access-control-allow-origin': '*' },
      says: STARTS,
    },
    {
      name: `${headers === ISOLATED ? 'isolated, ' : ''}without CORS`,
      headers,
      elsewhere: { 'cross-origin-resource-policy': 'cross-origin' },
      says: /can't be fetched/,
    },
  ]),
  {
    name: 'a Content-Security-Policy with wasm-unsafe-eval',
    headers: { 'content-security-policy': `${SELF}; script-src 'self' 'wasm-unsafe-eval'` },
    says: STARTS,
  },
  {
    name: 'one without',
    headers: { 'content-security-policy': SELF },
    says: /its Content-Security-Policy forbids it; add 'wasm-unsafe-eval' to its script-src/,
  },
  {
    name: 'a file that is not there',
    headers: {},
    wasmPaths: '/nowhere/',
    says: /\/nowhere\/tfjs-backend-wasm-simd\.wasm answers 404/,
  },
  {
    name: 'a page in its place',
    headers: {},
    wasmPaths: '/index.html?simd.wasm',
    says: /is no WebAssembly but text\/html/,
  },
  {
    name: 'a policy that forbids to fetch it',
    headers: {
      'content-security-policy': `${SELF}; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'`,
    },
    says: /can't be fetched \(.+connect-src/,
  },
];

/**
 * @param {Browser} browser
 * @param {string} pages
 * @param {HeaderCheck} check
 */
async function withHeaders(browser, pages, { headers, says, isolated, elsewhere, ...check }) {
  const site = await serve(pages, headers);
  const other = await serve(join(pages, 'assets'), elsewhere);
  const wasmPaths = elsewhere === undefined ? check.wasmPaths : other.address + wasmFile(pages);
  const page = await open(browser, site.address);
  try {
    for (const [place] of PLACES) {
      const task = /** @type {Task} */ ({ task: 'start', ...(wasmPaths && { wasmPaths }) });
      const said = String(await ask(page, place, task).catch(String));
      if (!says.test(said)) throw new Error(`${place}: must say ${String(says)}; got ${said}`);
    }
    const isIsolated = await page.evaluate(() => globalThis.crossOriginIsolated);
    if (isolated !== undefined && isIsolated !== isolated) {
      throw new Error(`crossOriginIsolated must be ${isolated}; got ${isIsolated}`);
    }
    return String(says);
  } finally {
    await page.close();
    site.stop();
    other.stop();
  }
}

/** @param {string} pages */
function wasmFile(pages) {
  const found = readdirSync(join(pages, 'assets')).find((name) => name.endsWith('.wasm'));
  if (found === undefined) throw new Error('the pages must have a .wasm file');
  return found;
}

/**
 * @param {unknown} found - as `firstLosses` gives it on another backend
 * @param {Context['losses']} expected
 * @returns {string} that they are nearly the same
 */
export function compareLosses(found, expected) {
  const losses = /** @type {Context['losses']} */ (found);
  for (const [name, values] of Object.entries(expected)) {
    const isNear = values.every((loss, i) => Math.abs(loss - losses[name][i]) < 0.001);
    if (!isNear)
      throw new Error(`${name}: must be near ${values.join(', ')}; got ${losses[name].join(', ')}`);
  }
  return `${Object.keys(expected).join(', ')}: losses of wasm to 0.001`;
}

/**
 * @param {Result} found
 * @param {Result} expected
 * @returns {string} that they are the same
 */
export function compare(found, expected) {
  const [a, b] = [found, expected].map((result) => JSON.stringify(result));
  if (a !== b) throw new Error(`must give Node's ${b}; got ${a}`);
  return `${found.steps} steps, Node's bytes`;
}
