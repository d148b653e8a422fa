#!/usr/bin/env node
import { findOrInstall } from '@tools/browsers/installed';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Trains as the README says, and takes a picture of the report. Needs a browser: `LLM101_BROWSER`, else Chromium. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const browser = process.env['LLM101_BROWSER'] ?? findOrInstall('chromium');
const MOST_BYTES = 200_000;

const scratch = mkdtempSync(join(tmpdir(), 'llm101-picture-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const command = join(root, 'apps/trainer/bin/llm101.js');
execFileSync(process.execPath, [command, 'train'], { cwd: scratch, stdio: 'inherit' });

const picture = join(root, 'docs/figures/report.png');
const flags = [
  '--headless',
  '--no-sandbox', // it opens a file of our own, and root has none
  '--disable-gpu',
  '--hide-scrollbars',
  `--user-data-dir=${join(scratch, 'browser')}`,
  '--window-size=1000,880', // as far as the losses
  `--screenshot=${picture}`,
];
const report = pathToFileURL(join(scratch, 'runs/mlp/report.html')).href;
execFileSync(browser, [...flags, report], { stdio: 'ignore' });
const { size } = statSync(picture);
if (size > MOST_BYTES) {
  throw new RangeError(`picture: ${picture} must have ${MOST_BYTES} bytes at most; got ${size}`);
}
console.log(`picture: ${picture}, ${(size / 1000).toFixed(0)} kB`);
