#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, overBudget } from './measure.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8'));

const sizes = await measure(root);
if (values.json) console.log(JSON.stringify(sizes, null, 2));
else {
  printRow('kB', ['packed', 'unpacked', 'bundle', 'gzip']);
  for (const { name, packed, unpacked, bundle, gzip } of sizes) {
    printRow(name, [packed, unpacked, bundle, gzip].map(kilobytes));
  }
}
const problems = overBudget(sizes, budget);
for (const problem of problems) console.error(`size: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/**
 * @param {string} name
 * @param {readonly string[]} cells
 */
function printRow(name, cells) {
  console.log(name.padEnd(38) + cells.map((cell) => cell.padStart(10)).join(''));
}

/** @param {number | undefined} bytes */
function kilobytes(bytes) {
  return bytes === undefined ? '' : (bytes / 1000).toFixed(1);
}
