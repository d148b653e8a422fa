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
 * @property {(batch: number) => void} step - one step on a preloaded batch
 * @property {(batch: number) => number} [loss] - the same, and the batch's loss before it
 * @property {() => Promise<unknown>} [finish] - waits for steps that are under way
 */

/** How many losses are compared. */
const COMPARED = 20;

const ours = () => import('./contestants/llm101.mjs');

/** @type {Readonly<Record<string, () => Promise<(start: import('./workload-file.mjs').Start) => Promise<Runner>>>>} */
const contestants = {
  'llm101-compiled': async () => (await ours()).compiled,
  'llm101-eager': async () => (await ours()).eager,
  'llm101-by-batch': async () => (await ours()).byBatch,
  'llm101-gpt': async () => (await import('./contestants/llm101-gpt.mjs')).start,
  'tfjs-stock': async () => (await import('./contestants/tfjs-stock.mjs')).start,
  'jax-js': async () => (await import('./contestants/jax-js.mjs')).start,
  peak: async () => (await import('./contestants/peak.mjs')).start,
};

const [contestant, file] = process.argv.slice(2);
const say = (/** @type {object} */ message) => process.stdout.write(`${JSON.stringify(message)}\n`);

const start = readWorkload(file);
const run = await contestants[contestant]();
await serve(await run(start));

/** @param {Runner} runner */
async function serve({ what, step, loss, finish }) {
  const { count } = start.batches;
  // One more than the steps: its loss shows what the last of them did.
  let done = loss === undefined ? 0 : COMPARED + 1;
  const losses = Array.from({ length: done }, (_, batch) => loss?.(batch % count));
  say({ what, losses });
  for await (const line of createInterface({ input: process.stdin })) {
    const seconds = Number(line.replace('run ', ''));
    const begin = performance.now();
    let steps = 0;
    let elapsed = 0;
    while (elapsed < seconds) {
      step(done++ % count);
      steps += 1;
      elapsed = (performance.now() - begin) / 1000;
    }
    await finish?.();
    say({ steps, seconds: (performance.now() - begin) / 1000 });
  }
}
