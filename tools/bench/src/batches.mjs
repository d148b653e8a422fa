#!/usr/bin/env node
/**
 * How long `DataLoader` and `SequenceLoader` take for a shuffled batch, and, alternately with them, those of another build
 * of `@llm101/data`, whose batches must have the same bytes.
 *
 *     node src/batches.mjs [text] [--other <packages/data/dist/index.js of another checkout>]
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as own from '@llm101/data';
import { loadText } from '@llm101/data/node';
import { Generator } from '@llm101/random';
import { formatTable, median } from './figures.mjs';

const ROUNDS = 9;
/** @typedef {typeof own} Data */
/** @typedef {Iterable<import('@llm101/data').Batch> & { readonly length: number }} Pass */

/** @type {Record<string, (data: Data, lines: readonly string[], generator: Generator) => Pass>} */
const WORKLOADS = {
  'windows of 16, 32 a batch': (data, lines, generator) => windows(data, lines, generator, 16),
  'windows of 256, 32 a batch': (data, lines, generator) => windows(data, lines, generator, 256),
  'lines packed to 2,048': (data, lines, generator) => {
    const dataset = new data.SequenceDataset(lines, tokenizerOf(data, lines));
    return new data.SequenceLoader(dataset, { packedSize: 2048, shuffle: true, generator }).pass();
  },
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { other: { type: 'string' } },
});
const lines = own.splitLines((await loadText(positionals[0] ?? 'names')).text);
const builds = [own];
if (values.other !== undefined) {
  builds.push(await import(pathToFileURL(resolve(values.other)).href));
}
const rows = Object.entries(WORKLOADS).map(([name, makePass]) => {
  const passes = builds.map((data) => makePass(data, lines, Generator.seeded(101)));
  if (passes.length === 2) requireEqual(passes[0], passes[1]);
  /** @type {number[][]} */
  const times = passes.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, pass] of passes.entries()) times[i].push(microsecondsOf(pass));
  }
  const [mine, others = NaN] = times.map(median);
  const cells = Number.isNaN(others) ? [] : [others.toFixed(2), (others / mine).toFixed(2)];
  return [name, mine.toFixed(2)].concat(cells);
});
const head = ['µs a batch', 'this build', ...(builds.length === 2 ? ['the other', 'ratio'] : [])];
process.stdout.write(`${formatTable(head, rows)}\n`);

/**
 * @param {Data} data
 * @param {readonly string[]} lines
 * @param {Generator} generator
 * @param {number} contextSize
 * @returns {Pass}
 */
function windows(data, lines, generator, contextSize) {
  const dataset = new data.NextTokenDataset(lines, tokenizerOf(data, lines), contextSize);
  return new data.DataLoader(dataset, { batchSize: 32, shuffle: true, generator }).pass();
}

/**
 * @param {Data} data
 * @param {readonly string[]} lines
 */
function tokenizerOf(data, lines) {
  return data.CharTokenizer.fromText(lines, { padding: '\u2403' });
}

/**
 * One pass, by batch.
 *
 * @param {Pass} pass
 * @returns {number}
 */
function microsecondsOf(pass) {
  let batches = 0;
  const start = performance.now();
  for (const { size } of pass) batches += Math.sign(size);
  return (1000 * (performance.now() - start)) / batches;
}

/**
 * @param {Pass} a
 * @param {Pass} b
 */
function requireEqual(a, b) {
  const rest = b[Symbol.iterator]();
  for (const batch of a) {
    const other = rest.next().value;
    const isEqual = [batch.inputs, batch.targets].every(
      (values, i) =>
        Buffer.compare(bytesOf(values), bytesOf(i === 0 ? other?.inputs : other?.targets)) === 0,
    );
    if (!isEqual) throw new Error('the batches of the builds must be the same; they differ');
  }
  if (rest.next().done !== true) throw new Error('the other build has more batches');
}

/** @param {Int32Array | undefined} array */
function bytesOf(array = new Int32Array()) {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
