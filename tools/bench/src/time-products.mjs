import { compile, startBackend } from '@llm101/wasm';
import { matMul, randomUniform, tidy, variable, zeros } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { PEAK_FLOPS, start as startPeak } from './contestants/peak.mjs';
import { median } from './figures.mjs';

/**
 * Times the products that standard input lists as JSON, and writes what it found to standard output: a process of its
 * own, so that it can be pinned to a core.
 */

/** Products in a step, each of its own left operand, so that the call of a step weighs little. */
const REPEATS = 8;

/** Operations in a round of one kernel, some 10 ms. */
const ROUND_FLOPS = 4e8;

/** @type {{ forms: import('./kernels.mjs').ProductForm[], rounds: number }} */
const { forms, rounds } = JSON.parse(readFileSync(0, 'utf8'));
await startBackend();
const peak = await startPeak();
const rows = forms.map(measure);
process.stdout.write(JSON.stringify(rows));

/**
 * @param {import('./kernels.mjs').ProductForm} form
 * @returns {{ gflops: number, relaxedGflops: number | undefined, peakGflops: number }}
 */
function measure({ m, n, k, batch, form }) {
  const turned = { a: form === 'Aᵀ B', b: form === 'A Bᵀ' };
  const stack = batch > 1 ? [batch] : [];
  const parameters = (/** @type {number[]} */ shape) =>
    tidy(() => variable(randomUniform([...stack, ...shape], -1, 1)));
  const lefts = Array.from({ length: REPEATS }, () => parameters(turned.a ? [k, m] : [m, k]));
  const right = parameters(turned.b ? [n, k] : [k, n]);
  const results = lefts.map(() => tidy(() => variable(zeros([...stack, m, n]))));
  const step = () => {
    for (const [i, left] of lefts.entries()) {
      results[i].assign(tidy(() => matMul(left, right, turned.a, turned.b)));
    }
  };
  const kinds = [false, true].map((relaxedSimd) =>
    compile(step, { relaxedSimd, rehearse: 'never' }),
  );
  for (const kind of kinds) for (let i = 0; i < 4; i++) kind.read(); // recorded, then warm
  const flops = 2 * m * n * k * batch * REPEATS;
  const steps = Math.ceil(ROUND_FLOPS / flops);
  /** @type {[number[], number[], number[]]} */
  const [plain, relaxed, peaks] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    plain.push(rate(() => kinds[0].read(), steps) * flops);
    relaxed.push(rate(() => kinds[1].read(), steps) * flops);
    peaks.push(rate(() => peak.step(0), 1) * PEAK_FLOPS);
  }
  const hasRelaxed = kinds[1].program?.stats.relaxedSimd === true;
  for (const kind of kinds) kind.dispose();
  for (const made of [...lefts, right, ...results]) made.dispose();
  return {
    gflops: median(plain) / 1e9,
    relaxedGflops: hasRelaxed ? median(relaxed) / 1e9 : undefined,
    peakGflops: median(peaks) / 1e9,
  };
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
