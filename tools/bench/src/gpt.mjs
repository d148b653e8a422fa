#!/usr/bin/env node
/**
 * The GPT of examples/gpt, ours compiled and PyTorch's eager, alternately: its names packed into rows, as the example trains
 * it. Both start from the same parameters and batches, and must have the same losses without dropout before they are
 * measured with it.
 *
 *     LLM101_PYTHON=~/venv/bin/python node src/gpt.mjs [--rounds 7] [--seconds 0.7]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CharTokenizer, loadText, SequenceDataset, SequenceLoader, splitLines } from '@llm101/data';
import { Generator } from '@llm101/random';
import { startBackend } from '@llm101/wasm';
import { python, javaScript } from './contestants.mjs';
import { ContestantProcess } from './contestant-process.mjs';
import { parseFlags, pinToOneCore } from './options.mjs';
import { makeGpt } from './contestants/llm101-gpt.mjs';
import { formatTable, largestDifference, median, spread } from './figures.mjs';
import { writeWorkload } from './workload-file.mjs';

const LARGEST_DIFFERENCE = 1e-4;
const CONTESTANTS = [
  { name: 'llm101 compiled', command: javaScript('llm101-gpt') },
  { name: 'PyTorch eager', command: python('gpt_eager.py') },
];
const SHAPES = [
  { rows: 8, packedSize: 32 },
  { rows: 16, packedSize: 32 },
];

const { rounds, seconds } = parseFlags(process.argv.slice(2));
const scratch = mkdtempSync(join(tmpdir(), 'llm101-gpt-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
await startBackend();
const pin = pinToOneCore();

for (const shape of SHAPES) {
  const file = join(scratch, `gpt-${shape.rows}.safetensors`);
  const makeBatches = (/** @type {number} */ count) => packedBatches(count, shape);
  await writeWorkload(file, {
    name: 'gpt',
    learningRate: 0.001,
    makeModel: (generator) => makeGpt(generator, 0),
    makeBatches,
  });
  console.log(
    `\nGPT (3 layers, 64 wide, 4 heads, dropout), ${shape.rows} rows of ${shape.packedSize}, AdamW`,
  );
  console.log(formatTable(['', 'steps/s', 'spread', 'ours is'], await measure(file)));
}

/**
 * @param {string} file
 * @returns {Promise<string[][]>}
 */
async function measure(file) {
  const started = CONTESTANTS.map(({ name, command }) => ({
    name,
    process: new ContestantProcess([...command, file], pin),
    rates: /** @type {number[]} */ ([]),
  }));
  try {
    const firsts = [];
    for (const { process } of started) firsts.push(await process.start());
    const absent = firsts.find(({ absent }) => absent !== undefined)?.absent;
    if (absent !== undefined) throw new Error(`bench: ${absent}`);
    const [ours = [], theirs = []] = firsts.map(({ losses }) => losses);
    const difference = largestDifference(ours, theirs);
    if (difference > LARGEST_DIFFERENCE) {
      throw new Error(`bench: losses must be the same; they differ by ${difference}`);
    }
    for (let round = -1; round < rounds; round++) {
      for (const { process, rates } of started) {
        const rate = await process.run(seconds);
        if (round >= 0) rates.push(rate);
      }
    }
  } finally {
    for (const { process } of started) process.close();
  }
  const ours = started[0].rates;
  return started.map(({ name, rates }) => [
    name,
    median(rates).toFixed(1),
    `${(spread(rates) * 100).toFixed(0)} %`,
    // Of each round by itself: what else the machine does meets both alike.
    `${median(ours.map((rate, i) => rate / rates[i])).toFixed(2)}x`,
  ]);
}

/**
 * @param {number} count
 * @param {{ rows: number, packedSize: number }} shape
 * @returns {Promise<import('./workloads.mjs').Batches>}
 */
async function packedBatches(count, { rows, packedSize }) {
  const { text } = await loadText('names');
  const dataset = new SequenceDataset(
    splitLines(text),
    CharTokenizer.fromAlphabet('abcdefghijklmnopqrstuvwxyz'),
  );
  const generator = Generator.seeded(101);
  const loader = new SequenceLoader(dataset, { rows, packedSize, shuffle: true, generator });
  const size = rows * packedSize;
  const [inputs, targets] = [new Int32Array(count * size), new Int32Array(count * size)];
  let place = 0;
  for (const batch of loader) {
    if (place === count) break;
    inputs.set(batch.inputs, place * size);
    targets.set(batch.targets, place * size);
    place += 1;
  }
  return { count, batchSize: rows, contextSize: packedSize, inputs, targets };
}
