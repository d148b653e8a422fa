// Other backends of tfjs, headers of the page, places of the `.wasm` file.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '@tools/browsers/serve';
import { ask, open, PLACES, train } from './page.mjs';
import { compare, compareLosses } from './results.mjs';

/** Headers of a page that may share memory with its workers. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** @import { Browser } from 'puppeteer-core' */
/** @import { Task } from './pages/tasks.mjs' */
/** @import { Context } from './results.mjs' */

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
export const backendChecks = [
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
export async function onBackend(browser, { address, losses, check: { task, says } }) {
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
 * Training on 1 to 4 threads, with shared memory where the page is isolated.
 *
 * @param {Browser} browser
 * @param {{ pages: string, isolated: boolean, expected: Context['expected'] }} options
 */
export async function onThreads(browser, { pages, isolated, expected }) {
  const site = await serve(pages, { headers: isolated ? ISOLATED : {} });
  const page = await open(browser, site.address);
  const memory = isolated ? 'shared' : 'copied';
  try {
    for (const [place] of PLACES) {
      for (const count of [1, 2, 3, 4]) {
        const found = await train(page, place, { task: 'threads', count, memory });
        compare(found, expected['threads']);
      }
    }
    return "Node's bytes on 1 to 4 threads";
  } finally {
    await page.close();
    await site.stop();
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

const STARTS = /^wasm, SIMD, 1 thread/;
const SELF = "default-src 'self'; img-src data:";

/** @type {readonly HeaderCheck[]} */
export const headerChecks = [
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
export async function withHeaders(
  browser,
  pages,
  { headers, says, isolated, elsewhere, ...check },
) {
  const site = await serve(pages, { headers });
  const other = await serve(join(pages, 'assets'), { headers: elsewhere });
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
    await site.stop();
    await other.stop();
  }
}

/** @param {string} pages */
function wasmFile(pages) {
  const found = readdirSync(join(pages, 'assets')).find((name) => name.endsWith('.wasm'));
  if (found === undefined) throw new Error('the pages must have a .wasm file');
  return found;
}
