/**
 * The process of a contestant in JavaScript: `node serve.mjs CONTESTANT FILE`.
 *
 * Its lines, an object each: first `{"what", "losses"}`, its versions and the losses of the first steps, or
 * `{"absent"}`, why it can't take part. Then it answers `run SECONDS` with `{"steps", "seconds"}`, and `split SECONDS` with
 * `{"split"}` where it can tell what a step consists of, until its input ends.
 */
import { readSync, writeSync } from 'node:fs';
import { readWorkload } from './workload-file.mjs';

/**
 * @typedef {object} Runner
 * @property {string} what - versions
 * @property {(batch: number) => unknown} step - one step on a preloaded batch; a promise where the next one has to wait
 * @property {(batch: number) => number | Promise<number>} [loss] - the same, and the batch's loss before it
 * @property {() => unknown} [finish] - waits for steps that are under way
 * @property {(seconds: number) => Promise<Split>} [split] - of steps one at a time, for so long
 */

/**
 * Where the time of a step on a GPU goes that has the GPU to itself.
 *
 * @typedef {object} StepTimes
 * @property {number} encodeMs - JavaScript, until the step is submitted
 * @property {number} queueMs - from then on until the GPU is done
 * @property {number | undefined} [kernelsMs] - of that the kernels, by the GPU's own clock, where it has one
 * @property {number} waitMs - from then on until the loss is known
 *
 * @typedef {StepTimes & { dispatches: number }} Split - medians, and how many kernels a step has
 */

/**
 * A contestant whose loop is its own: it takes the batches one after the other, and mayn't look ahead.
 *
 * @typedef {object} Looper
 * @property {string} what - versions
 * @property {boolean} comparesApart - in a loop of its own, without dropout
 * @property {(order: Iterable<number>, options: LoopOptions) => Promise<void>} loop - from the initial values
 *
 * @typedef {object} LoopOptions
 * @property {boolean} hasDropout - where the model has any
 * @property {AbortSignal} signal - ends it after the step that it is at
 * @property {(loss: number) => void} onLoss - told the loss of each batch
 */

/** Losses that are compared: one more than steps, as it shows what the last of them did. */
const COMPARED = { most: 21, least: 3, seconds: 2 };

/** Seconds of a step of other projects that can't be measured often enough. */
const TOO_LONG = 2;

const ours = () => import('./contestants/llm101.mjs');
const threads = () => import('./contestants/llm101-threads.mjs');

/** @typedef {(start: import('./workload-file.mjs').Start) => Promise<Runner | Looper>} Contestant */

/** @type {Readonly<Record<string, () => Promise<Contestant>>>} */
const contestants = {
  llm101: async () => (await ours()).compiled,
  'llm101-relaxed': async () => (await ours()).relaxed,
  'llm101-eager': async () => (await ours()).eager,
  'llm101-threads': async () => (await threads()).plain,
  'llm101-threads-relaxed': async () => (await threads()).relaxed,
  'llm101-webgpu': async () => (await import('./contestants/llm101-webgpu.mjs')).start,
  'tfjs-webgpu': async () => (await import('./contestants/tfjs-webgpu.mjs')).start,
  'jax-js-webgpu': async () => (await import('./contestants/jax-js.mjs')).startWebGpu,
  'tfjs-stock': async () => (await import('./contestants/tfjs-stock.mjs')).start,
  'jax-js': async () => (await import('./contestants/jax-js.mjs')).start,
  peak: async () => (await import('./contestants/peak.mjs')).plain,
  'peak-fused': async () => (await import('./contestants/peak.mjs')).fused,
};

const [contestant, file] = process.argv.slice(2);
const say = (/** @type {object} */ message) => writeSync(1, `${JSON.stringify(message)}\n`);

try {
  const start = readWorkload(file);
  const run = await contestants[contestant]();
  const made = await run(start);
  const { count } = start.batches;
  await ('loop' in made ? serveLoop(made, count) : serveSteps(made, count));
} catch (error) {
  say({ absent: error instanceof Error ? error.message : String(error) });
}

/** Says when losses are enough: all, or few where they take long. The first may compile. */
function enough() {
  let begin = NaN;
  return (/** @type {number} */ losses) => {
    if (losses === 1) begin = performance.now();
    const isSlow = performance.now() - begin > COMPARED.seconds * 1000;
    return losses >= (isSlow ? COMPARED.least : COMPARED.most);
  };
}

/**
 * @param {NonNullable<Runner['loss']>} loss
 * @param {number} count - of batches
 * @throws {Error} when a step takes too long
 */
async function lossesOf(loss, count) {
  /** @type {number[]} */
  const losses = [];
  const isEnough = enough();
  while (!isEnough(losses.length)) {
    const begin = performance.now();
    losses.push(await loss(losses.length % count));
    const taken = (performance.now() - begin) / 1000;
    if (losses.length > 1 && taken > TOO_LONG && !contestant.startsWith('llm101')) {
      throw new Error(`left out, as a step takes more than ${TOO_LONG} s`);
    }
  }
  return losses;
}

/**
 * @param {Runner} runner
 * @param {number} count - of batches
 */
async function serveSteps({ what, step, loss, finish, split }, count) {
  const losses = loss === undefined ? [] : await lossesOf(loss, count);
  say({ what, losses });
  let done = losses.length;
  for (const { verb, seconds } of requests()) {
    if (verb === 'split') {
      say({ split: await split?.(seconds) });
      continue;
    }
    const begin = performance.now();
    let steps = 0;
    let elapsed = 0;
    while (elapsed < seconds) {
      const pending = step(done++ % count);
      if (pending instanceof Promise) await pending;
      steps += 1;
      elapsed = (performance.now() - begin) / 1000;
    }
    await finish?.();
    say({ steps, seconds: (performance.now() - begin) / 1000 });
  }
}

/**
 * @param {Looper} looper
 * @param {number} count - of batches
 */
async function serveLoop({ what, comparesApart, loop }, count) {
  /** @type {number[]} */
  const losses = [];
  const isEnough = enough();
  let isCompared = false;
  const onLoss = (/** @type {number} */ loss) => {
    if (!isCompared) losses.push(loss);
  };
  let done = 0;
  const next = () => done++ % count;

  // Each goes on when the step of its last batch is done.
  function* compared() {
    while (!isEnough(losses.length)) yield next();
    isCompared = true;
  }
  function* measured() {
    if (comparesApart)
      yield next(); // compiles
    else yield* compared();
    say({ what, losses });
    for (const { seconds } of requests()) {
      const begin = performance.now();
      let steps = 0;
      let elapsed = 0;
      while (elapsed < seconds) {
        yield next();
        steps += 1;
        elapsed = (performance.now() - begin) / 1000;
      }
      say({ steps, seconds: elapsed });
    }
  }
  /** @param {Iterable<number>} order */
  const through = async (order, hasDropout = false) => {
    const end = new AbortController();
    function* withEnd() {
      yield* order;
      end.abort();
      yield next(); // the last step
    }
    await loop(withEnd(), { hasDropout, signal: end.signal, onLoss });
  };

  if (comparesApart) await through(compared());
  await through(measured(), comparesApart);
}

/** What is asked for, one after the other; the thread stands still until the next. */
function* requests() {
  const bytes = Buffer.alloc(64);
  for (;;) {
    const length = readSync(0, bytes);
    if (length === 0) return;
    const [verb, seconds] = bytes.toString('utf8', 0, length).trim().split(' ');
    yield { verb, seconds: Number(seconds) };
  }
}
