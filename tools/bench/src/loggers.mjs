#!/usr/bin/env node
/**
 * What logging costs: the lecture's run, compiled, with no listener, with every logger that writes files, and with
 * statistics of the parameters and samples too, at the intervals of `llm101 train`. In turns.
 *
 *     node src/loggers.mjs [rounds]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataLoader, loadWindows } from '@llm101/data';
import { MLP, sample } from '@llm101/models';
import { Generator } from '@llm101/random';
import { InfiniteLoader, NextTokenCounts, sgd, train } from '@llm101/training';
import {
  csvFile,
  metricsFile,
  samplesFile,
  statisticsFile,
  tensorboardFile,
} from '@llm101/training/node';
import { compile, startBackend } from '@llm101/wasm';
import { concat, slice, zeros } from '@tensorflow/tfjs-core';
import { median, spread } from './figures.mjs';

const rounds = Number(process.argv[2] ?? 15);
const STEPS = 10_000;
const T = 16;
const NAMES = 10;

await startBackend();
const data = await loadWindows('names', { contextSize: T, generator: Generator.seeded(101) });
const validation = new NextTokenCounts(data.test, data.tokenizer.vocabSize);

/** Every logger that writes files. */
const logged = (/** @type {string} */ folder) => ({
  listeners: [
    metricsFile(join(folder, 'metrics.jsonl')),
    samplesFile(join(folder, 'samples.jsonl')),
    statisticsFile(join(folder, 'statistics.jsonl')),
    csvFile(join(folder, 'metrics.csv')),
    tensorboardFile(join(folder, 'tensorboard')),
  ],
});

const setups = {
  bare: () => ({}),
  logged,
  everything: (/** @type {string} */ folder) => ({
    ...logged(folder),
    watchInterval: 1000,
    sampleInterval: 1000,
  }),
};

/**
 * The model's scores, compiled for as many rows as names are drawn: what `llm101 train` samples from.
 *
 * @param {MLP} model
 */
function fixedRows(model) {
  const scores = compile((/** @type {import('@tensorflow/tfjs-core').Tensor2D} */ tokens) =>
    model.logits(tokens),
  );
  return {
    vocabSize: model.vocabSize,
    contextSize: T,
    parameters: () => model.parameters(),
    logits(/** @type {import('@tensorflow/tfjs-core').Tensor2D} */ tokens) {
      const [n] = tokens.shape;
      const filled = n === NAMES ? tokens : concat([tokens, zeros([NAMES - n, T], 'int32')]);
      return slice(scores(filled), [0, 0], [n, model.vocabSize]);
    },
    dispose: () => scores.dispose(),
  };
}

/**
 * One run.
 *
 * @param {keyof typeof setups} setup
 * @returns {Promise<{ wallMs: number, cpuMs: number }>}
 */
async function measure(setup) {
  const folder = mkdtempSync(join(tmpdir(), 'llm101-loggers-'));
  const generator = Generator.seeded(101);
  const sizes = { vocabSize: data.tokenizer.vocabSize, contextSize: T, dEmbed: 8, dHidden: 64 };
  const model = new MLP(sizes, generator);
  const loader = new DataLoader(data.train, { batchSize: 32, shuffle: true, generator });
  const sampled = fixedRows(model);
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await train({
    model,
    optimizer: sgd(model.parameters(), { learningRate: 0.01 }),
    batches: new InfiniteLoader(loader),
    maxSteps: STEPS,
    validation,
    valInterval: 100,
    logInterval: 100,
    drawSamples: () =>
      sample(sampled, { count: NAMES, generator: Generator.seeded(101) }).map((tokens) =>
        data.tokenizer.decode(tokens),
      ),
    compile,
    ...setups[setup](folder),
  });
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  sampled.dispose();
  model.dispose();
  rmSync(folder, { recursive: true });
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** @type {Record<keyof typeof setups, { wallMs: number, cpuMs: number }[]>} */
const figures = { bare: [], logged: [], everything: [] };
/** @type {(keyof typeof setups)[]} */
const names = ['bare', 'logged', 'everything'];
for (let round = -1; round < rounds; round++) {
  const first = (round + names.length) % names.length; // each comes first, second and last as often
  for (const setup of [...names.slice(first), ...names.slice(0, first)]) {
    const figure = await measure(setup);
    if (round >= 0) figures[setup].push(figure); // the first round warms up
  }
}

console.log(`${STEPS} steps of an MLP, compiled; ${rounds} rounds of alternating runs, medians`);
for (const unit of /** @type {const} */ (['wallMs', 'cpuMs'])) {
  const bare = figures.bare.map((figure) => figure[unit]);
  for (const setup of names) {
    const all = figures[setup].map((figure) => figure[unit]);
    const ratio = median(all.map((value, i) => value / bare[i]));
    const more = setup === 'bare' ? '' : `, ${((ratio - 1) * 100).toFixed(1)} % more`;
    const spreads = `spread ${(spread(all) * 100).toFixed(0)} %`;
    console.log(`${unit} ${setup.padEnd(11)} ${median(all).toFixed(0)}${more} (${spreads})`);
  }
}
