/**
 * The process of a contestant in JavaScript: `node serve.mjs CONTESTANT FILE`.
 *
 * Its lines, an object each: first `{"what", "losses"}`, its versions and the losses of the first steps, or
 * `{"absent"}`, why it can't take part. Then it answers `run SECONDS` with `{"steps", "seconds"}` until its input ends.
 */
import { createInterface } from 'node:readline';
import { readWorkload } from './workload-file.mjs';

/**
 * @typedef {object} Runner
 * @property {string} what - versions
 * @property {(batch: number) => unknown} step - one step on a preloaded batch; a promise where it must be waited for
 * @property {(batch: number) => number | Promise<number>} [loss] - the same, and the batch's loss before it
 * @property {() => unknown} [finish] - waits for steps that are under way
 */

/** Losses that are compared: one more than steps, as it shows what the last of them did. */
const COMPARED = { most: 21, least: 3, seconds: 4 };

const ours = () => import('./contestants/llm101.mjs');

/** @type {Readonly<Record<string, () => Promise<(start: import('./workload-file.mjs').Start) => Promise<Runner>>>>} */
const contestants = {
  llm101: async () => (await ours()).compiled,
  'llm101-relaxed': async () => (await ours()).relaxed,
  'llm101-eager': async () => (await ours()).eager,
  'tfjs-stock': async () => (await import('./contestants/tfjs-stock.mjs')).start,
  'jax-js': async () => (await import('./contestants/jax-js.mjs')).start,
  peak: async () => (await import('./contestants/peak.mjs')).plain,
  'peak-fused': async () => (await import('./contestants/peak.mjs')).fused,
};

const [contestant, file] = process.argv.slice(2);
const say = (/** @type {object} */ message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const start = readWorkload(file);
const run = await contestants[contestant]();
try {
  await serve(await run(start));
} catch (error) {
  say({ absent: error instanceof Error ? error.message : String(error) });
}

/** @param {Runner} runner */
async function serve({ what, step, loss, finish }) {
  const { count } = start.batches;
  /** @type {number[]} */
  const losses = [];
  const { most, least, seconds } = COMPARED;
  let begin = performance.now();
  const isSlow = () => losses.length >= least && performance.now() - begin > seconds * 1000;
  if (loss !== undefined) {
    while (losses.length < most && !isSlow()) {
      losses.push(await loss(losses.length % count));
      if (losses.length === 1) begin = performance.now(); // the first one compiles
    }
  }
  say({ what, losses });
  let done = losses.length;
  for await (const line of createInterface({ input: process.stdin })) {
    const seconds = Number(line.replace('run ', ''));
    const begin = performance.now();
    let steps = 0;
    let elapsed = 0;
    while (elapsed < seconds) {
      const taken = step(done++ % count);
      if (taken instanceof Promise) await taken;
      steps += 1;
      elapsed = (performance.now() - begin) / 1000;
    }
    await finish?.();
    say({ steps, seconds: (performance.now() - begin) / 1000 });
  }
}
