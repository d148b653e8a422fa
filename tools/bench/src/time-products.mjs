import { compile, startBackend } from '@llm101/wasm';
import { matMul, randomUniform, tidy, variable, zeros } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { fused, hasRelaxedSimd, PEAK_FLOPS, plain as plainPeak } from './contestants/peak.mjs';
import { median } from './figures.mjs';

/**
 * Times the products that standard input lists as JSON, and writes what it found to standard output: a process of its
 * own, so that it can be pinned to a core.
 */

/** Products in a step. */
const MOST_REPEATS = 8;

/** Operations in a round of one kernel, some 6 ms. */
const ROUND_FLOPS = 2e8;

/** A round of the peak, as long. */
const PEAK_STEPS = Math.ceil(ROUND_FLOPS / PEAK_FLOPS);

/** A product that takes longer has fewer rounds. */
const LONGEST_MS = 1000;

/** @type {{ forms: import('./kernels.mjs').ProductForm[], rounds: number }} */
const { forms, rounds } = JSON.parse(readFileSync(0, 'utf8'));
await startBackend({ relaxedSimd: true });
const peaks = [await plainPeak(), ...(hasRelaxedSimd() ? [await fused()] : [])];
const rows = forms.map(measure);
process.stdout.write(JSON.stringify(rows));

/**
 * @param {import('./kernels.mjs').ProductForm} form
 * @returns {import('./kernels.mjs').Speed}
 */
function measure({ m, n, k, batch, form }) {
  const turned = { a: form === 'Aᵀ B', b: form === 'A Bᵀ' };
  const stack = batch > 1 ? [batch] : [];
  const parameters = (/** @type {number[]} */ shape) =>
    tidy(() => variable(randomUniform([...stack, ...shape], -1, 1)));
  const flops = 2 * m * n * k * batch;
  // Of several left operands, so that the call of a step weighs little; a large product needs none.
  const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.floor(ROUND_FLOPS / flops)));
  const lefts = Array.from({ length: repeats }, () => parameters(turned.a ? [k, m] : [m, k]));
  const right = parameters(turned.b ? [n, k] : [k, n]);
  const results = lefts.map(() => tidy(() => variable(zeros([...stack, m, n]))));
  const step = () => {
    for (const [i, left] of lefts.entries()) {
      results[i].assign(tidy(() => matMul(left, right, turned.a, turned.b)));
    }
  };
  const kinds = peaks.map((_, i) => compile(step, { relaxedSimd: i === 1, rehearse: 'never' }));
  for (const kind of kinds) for (let i = 0; i < 2; i++) kind.read(); // recorded, then warm
  const steps = Math.ceil(ROUND_FLOPS / (flops * repeats));
  const rates = kinds.map(() => /** @type {number[]} */ ([]));
  const peakRates = peaks.map(() => /** @type {number[]} */ ([]));
  const begin = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && performance.now() - begin > LONGEST_MS) break;
    for (const [i, kind] of kinds.entries()) {
      rates[i].push(rate(() => kind.read(), steps) * flops * repeats);
      peakRates[i].push(rate(() => peaks[i].step(0), PEAK_STEPS) * PEAK_FLOPS);
    }
  }
  for (const kind of kinds) kind.dispose();
  for (const made of [...lefts, right, ...results]) made.dispose();
  const [plain, relaxed] = kinds.map((_, i) => ({
    gflops: median(rates[i]) / 1e9,
    peakGflops: median(peakRates[i]) / 1e9,
  }));
  return { plain, relaxed };
}

/**
 * @param {() => void} run
 * @param {number} times
 * @returns {number} calls a second
 */
function rate(run, times) {
  const begin = performance.now();
  for (let i = 0; i < times; i++) run();
  return (times * 1000) / (performance.now() - begin);
}
