#!/usr/bin/env node
import { findOrInstall } from '@tools/browsers/installed';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Trains twenty short runs, and takes a picture of the report that compares them. Needs a browser, as `picture.mjs`. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const browser = process.env['LLM101_BROWSER'] ?? findOrInstall('chromium');
const MOST_BYTES = 450_000;

const scratch = mkdtempSync(join(tmpdir(), 'llm101-picture-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const command = join(root, 'apps/trainer/bin/llm101.js');
/** @param {string} line */
const llm101 = (line) =>
  execFileSync(process.execPath, [command, ...line.split(' ')], { cwd: scratch, stdio: 'inherit' });

const rates = [0.01, 0.03, 0.1, 0.3, 1];
const sizes = [16, 32, 64, 128];
const runs = rates.flatMap((lr) => sizes.map((dHidden) => ({ lr, dHidden })));
for (const [i, { lr, dHidden }] of runs.entries()) {
  const length = '--max-steps 600 --val-interval 50 --log-interval 10';
  llm101(`train --quiet ${length} --lr ${lr} --d-hidden ${dHidden} --run-dir runs/run-${i + 1}`);
}
llm101('report runs --output report.html');

const picture = join(root, 'docs/figures/report-of-runs.png');
const flags = [
  '--headless',
  '--no-sandbox', // it opens a file of our own, and root has none
  '--disable-gpu',
  '--hide-scrollbars',
  `--user-data-dir=${join(scratch, 'browser')}`,
  '--virtual-time-budget=2000', // the script draws the curves anew
  '--window-size=1000,2280', // as far as what matters
  `--screenshot=${picture}`,
];
execFileSync(browser, [...flags, pathToFileURL(join(scratch, 'report.html')).href], {
  stdio: 'ignore',
});
const { size } = statSync(picture);
if (size > MOST_BYTES) {
  throw new RangeError(`picture: ${picture} must have ${MOST_BYTES} bytes at most; got ${size}`);
}
console.log(`picture: ${picture}, ${(size / 1000).toFixed(0)} kB`);
