#!/usr/bin/env node
import { startBackend } from '@llm101/wasm';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { browserNames, findOrInstall } from '@tools/browsers/installed';
import { installNode } from '@tools/registry-test/install-node';
import { run } from '@tools/registry-test/run';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { start } from './browsers.mjs';
import { bundlePages } from './bundle.mjs';
import { checkBrowser } from './check-browser.mjs';
import { buildDocs, checkDocs } from './check-docs.mjs';
import { checkGpu } from './check-gpu.mjs';
import { firstLosses } from './pages/programs.mjs';
import { compare, compareLosses } from './results.mjs';

/** @import { BrowserName } from '@tools/browsers/installed' */
/** @import { Result } from './pages/programs.mjs' */

const { values } = parseArgs({
  options: {
    browsers: { type: 'string', default: browserNames.join(',') },
    nodes: { type: 'string', default: '' },
  },
});
const scratch = mkdtempSync(join(tmpdir(), 'llm101-browsers-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

let passed = 0;
let failed = 0;
/**
 * @param {string} name
 * @param {() => Promise<string>} work - says what was found
 */
async function step(name, work) {
  try {
    console.log(`ok   ${name}: ${await work()}`);
    passed += 1;
  } catch (error) {
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
    failed += 1;
  }
}

await startBackend(); // runs move from here to a page and back
const source = dirname(fileURLToPath(import.meta.url));
/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Record<string, Result>>} what a version of Node gets, by program
 */
const inNode = async (env = {}) =>
  JSON.parse(await run(['node', join(source, 'in-node.mjs')], { cwd: scratch, env }));

const expected = await inNode();
for (const [name, { steps, loss, sha256 }] of Object.entries(expected)) {
  const figures = `${steps} steps, loss ${loss.toFixed(6)}, ${sha256.slice(0, 16)}`;
  console.log(`node ${process.versions.node}, ${name}: ${figures}`);
}
for (const major of values.nodes.split(',').filter(Boolean).map(Number)) {
  await step(`node ${major}`, async () => {
    const PATH = [await installNode(major, scratch), process.env['PATH']].join(delimiter);
    const found = await inNode({ PATH });
    for (const [name, result] of Object.entries(expected)) compare(found[name], result);
    return `${Object.keys(found).length} programs, the same bytes`;
  });
}
const losses = await firstLosses();
await step('node, cpu after startBackend', async () => {
  await setBackend('cpu');
  return compareLosses(await firstLosses(), losses);
});
await startBackend();

/**
 * @param {BrowserName} name
 * @returns {Promise<string | undefined>} nothing of one that can't be installed from here, which is a failure in CI alone
 */
async function findOrSay(name) {
  try {
    return findOrInstall(name);
  } catch (error) {
    if (process.env['CI'] !== undefined) await step(name, () => Promise.reject(error));
    else console.log(`skip ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const pages = join(scratch, 'pages');
await bundlePages(pages);
const docs = join(scratch, 'docs');
await buildDocs({ root: join(source, '../../..'), folder: docs }, step);
for (const name of browserNames.filter((name) => values.browsers.split(',').includes(name))) {
  const path = await findOrSay(name);
  if (path === undefined) continue;
  const browser = await start(name, path);
  try {
    const version = (await browser.version()).replace(/\/@.*/, '');
    await checkBrowser(browser, { expected, losses, pages }, (what, work) =>
      step(`${version}, ${what}`, work),
    );
    await checkDocs(browser, docs, (what, work) => step(`${version}, ${what}`, work));
  } finally {
    await browser.close();
  }
  if (name === 'chromium') await checkGpu(path, pages, step);
}
console.log(`browser-test: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
