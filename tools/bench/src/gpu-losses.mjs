#!/usr/bin/env node
// Losses of the lectures' runs on a GPU beside those on wasm, step by step: the first 20 within 1e-5, 200 within 1e-3, or it fails.
import { parseArgs } from 'node:util';
import { loadText } from '@llm101/data/node';
import { resolveSettings, runTraining } from '@llm101/runs';
import { compile, startBackend } from '@llm101/wasm';
import { compilerFor, openGpu } from '@llm101/webgpu';

/** @import { RawSettings } from '@llm101/runs' */

const { values } = parseArgs({
  options: {
    names: { type: 'string', default: '../../../shared/names.txt' },
    text: { type: 'string', default: '../../../shared/shakespeare.txt' },
    only: { type: 'string', default: '' },
    steps: { type: 'string', default: '200' },
  },
});
const steps = Number(values.steps);
const chosen = values.only.split(',').filter(Boolean);

const names = { data: values.names };
const text = { data: values.text };
const lecture7 = {
  model: 'gpt',
  examples: 'blocks',
  layers: 3,
  heads: 4,
  dEmbed: 64,
  contextSize: 12,
  optimizer: 'sgd',
  lr: 0.01,
};
/** @type {Readonly<Record<string, RawSettings>>} */
const runs = {
  'lecture-mlp': { preset: 'lecture-mlp', ...names },
  'lecture-cnn': { preset: 'lecture-cnn', ...names },
  // at the rates of presets a rounding grows to 1e-2 in 200 steps, on wasm alone; Muon's in bfloat16 sooner
  wavenet: { model: 'wavenet', examples: 'lines', ...names },
  gru: { model: 'gru', contextSize: 16, dEmbed: 8, dHidden: 64, ...names },
  lstm: { model: 'lstm', contextSize: 16, dEmbed: 8, dHidden: 64, ...names },
  gpt: { ...lecture7, ...names },
  nanogpt: { preset: 'shakespeare-char', ...text },
  'course-gpt-small': { preset: 'course-gpt-small', ...text },
};

/** Nothing but steps. */
const BARE = { shards: 1, valInterval: 0, sampleInterval: 0, watchInterval: 0 };

await startBackend();
const gpu = await openGpu();
console.log('on ' + gpu.description);

/**
 * @param {RawSettings} flags
 * @param {'wasm' | 'webgpu'} device
 */
async function lossesOf(flags, device) {
  /** @type {number[]} */
  const losses = [];
  const stop = new AbortController();
  await runTraining(resolveSettings({ flags: { ...BARE, ...flags, device } }), {
    compile,
    gpu: compilerFor(gpu),
    loadText,
    samples: 0,
    signal: stop.signal,
    listeners: [
      (event) => {
        if (event.type !== 'step') return;
        if (losses.length < steps) losses.push(event.batchLoss);
        if (losses.length === steps) stop.abort();
      },
    ],
  });
  return losses;
}

let failed = 0;
for (const [name, flags] of Object.entries(runs)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const [there, here] = [await lossesOf(flags, 'webgpu'), await lossesOf(flags, 'wasm')];
  const apart = there.map((loss, i) => Math.abs(loss - here[i]));
  const [first, all] = [apart.slice(0, 20), apart].map((some) =>
    some.reduce((a, b) => Math.max(a, b), 0),
  );
  const isClose = there.length === here.length && first <= 1e-5 && all <= 1e-3;
  failed += isClose ? 0 : 1;
  console.log(
    `${isClose ? 'ok  ' : 'FAIL'} ${name}: ${first.toExponential(1)} apart in 20 steps, ` +
      `${all.toExponential(1)} in ${there.length}, to loss ${here.at(-1)?.toFixed(4)}`,
  );
}
gpu.dispose();
process.exit(failed === 0 ? 0 : 1);
