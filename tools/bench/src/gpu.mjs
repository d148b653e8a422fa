#!/usr/bin/env node
// Milliseconds a step on a GPU, by WebGPU, beside wasm on one thread: whole runs of the command's loop. Without a GPU it says so and ends.
import { parseArgs } from 'node:util';
import { resolveSettings, runTraining } from '@llm101/runs';
import { loadText } from '@llm101/data/node';
import { compile, startBackend } from '@llm101/wasm';
import { compilerFor, GpuError, openGpu } from '@llm101/webgpu';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    text: { type: 'string', default: '../../../shared/shakespeare.txt' },
    wasm: { type: 'boolean', default: false },
  },
});

const blocks = { data: values.text, examples: 'blocks', valInterval: 0 };
const tenMillion = {
  model: 'gpt',
  layers: 6,
  heads: 6,
  dEmbed: 384,
  contextSize: 256,
  batchSize: 64,
  dropout: 0.2,
  bias: 'none',
  optimizer: 'adamw',
  lr: 0.001,
  beta2: 0.99,
  weightDecay: 0.1,
  decayMatrices: true,
  clipNorm: 1,
};
/** @type {Record<string, Record<string, unknown>>} */
const workloads = {
  'lecture MLP': { preset: 'lecture-mlp' },
  'lecture CNN': { preset: 'lecture-cnn' },
  'nanoGPT on a CPU': { preset: 'shakespeare-char', ...blocks },
  'GPT of 10 million': { ...tenMillion, ...blocks },
};

await startBackend();
/** @type {import('@llm101/webgpu').Gpu} */
let gpu;
try {
  gpu = await openGpu();
} catch (error) {
  if (!(error instanceof GpuError)) throw error;
  console.log(error.message);
  process.exit(0);
}
console.log(`on ${gpu.description}`);

/**
 * @param {Record<string, unknown>} flags
 * @param {'wasm' | 'webgpu'} device
 * @param {number} steps
 */
async function millisecondsOf(flags, device, steps) {
  const settings = resolveSettings({
    flags: {
      ...flags,
      device,
      shards: 1,
      maxSteps: steps,
      valInterval: 0,
      sampleInterval: 0,
      watchInterval: 0,
      logInterval: steps,
    },
  });
  const warm = Math.min(10, Math.floor(steps / 2));
  let began = 0;
  let took = NaN;
  const controller = new AbortController();
  /** @type {number[]} */
  const losses = [];
  const run = runTraining(settings, {
    compile,
    gpu: compilerFor(gpu),
    loadText,
    samples: 0,
    signal: controller.signal,
    listeners: [
      (event) => {
        if (event.type !== 'step') return;
        losses.push(event.batchLoss);
        if (event.step === warm) began = performance.now();
        if (event.step < steps) return;
        took = (performance.now() - began) / (steps - warm);
        throw new Enough();
      },
    ],
  });
  await run.catch((error) => {
    if (!(error instanceof Enough)) throw error;
  });
  return { took, losses };
}

class Enough extends Error {}

for (const [name, flags] of Object.entries(workloads)) {
  if (!name.includes(values.only)) continue;
  const there = await millisecondsOf(flags, 'webgpu', Number(values.steps));
  const here = values.wasm
    ? await millisecondsOf(flags, 'wasm', Math.min(50, Number(values.steps)))
    : undefined;
  const last = there.losses.at(-1)?.toFixed(4);
  const beside =
    here === undefined
      ? ''
      : `; wasm ${here.took.toFixed(2)}, ${(here.took / there.took).toFixed(1)}x`;
  console.log(`${name}: ${there.took.toFixed(2)} ms a step, loss ${last}${beside}`);
}
gpu.dispose();
process.exit(0);
