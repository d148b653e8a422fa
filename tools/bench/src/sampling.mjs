#!/usr/bin/env node
// Tokens a second that networks draw, with the past kept and without, in one process that main.mjs pins to a core.
import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { GPT, WaveNet } from '@llm101/models';
import { Generator } from '@llm101/random';
import { compile, startBackend } from '@llm101/wasm';
import { parseFlags } from './options.mjs';
import { formatTable, largestDifference, median, spread } from './figures.mjs';

const V = 27;
/** Sums in another order, through all layers. */
const AGREEMENT = 1e-4;

/**
 * @typedef {object} Network
 * @property {string} title
 * @property {() => WaveNet | GPT} make
 * @property {readonly [from: number, to: number]} compared - tokens after which scores must agree; to the last one the past grows
 */

/** @type {readonly Network[]} */
const NETWORKS = [
  {
    title: 'a WaveNet of 64 channels with a receptive field of 64',
    make: () => new WaveNet({ vocabSize: V, channels: 64, depth: 6 }, Generator.seeded(101)),
    compared: [0, 128],
  },
  {
    title: 'a GPT (4 layers, 128 wide, 4 heads) that sees 256 tokens',
    make: () =>
      new GPT(
        { vocabSize: V, contextSize: 256, channels: 128, heads: 4, layers: 4 },
        Generator.seeded(101),
      ),
    compared: [255, 256],
  },
];

/** @typedef {Readonly<{ column: Int32Array, position: number, isScored: boolean }>} Next - a token of each row, and whether scores are wanted */
/** @typedef {(next: Next) => Float32Array} Draw - gives the scores after it */
/** @typedef {{ name: string, make: (model: WaveNet | GPT, rows: number) => Draw }} Variant */

/** @typedef {{ tokensPerSecond: number, spread: number }} Figure - the median of the rounds */

/** As `sample` does it. @param {Step} step @returns {Step} */
const replayed = (step) => compile(step, { rehearse: 'sometimes' });

/** Cached, then uncached; of each first the compiled one. @type {readonly Variant[]} */
const VARIANTS = [
  { name: 'cached, compiled', make: (model, rows) => cached(model, rows, replayed) },
  { name: 'cached, as it is', make: (model, rows) => cached(model, rows, (step) => step) },
  { name: 'uncached, compiled', make: (model, rows) => uncached(model, rows, replayed) },
  { name: 'uncached, as it is', make: (model, rows) => uncached(model, rows, (step) => step) },
];

/** @typedef {(...inputs: any[]) => import('@tensorflow/tfjs-core').Tensor2D} Step */

/**
 * @param {WaveNet | GPT} model
 * @param {number} rows
 * @param {(step: Step) => Step} run
 * @returns {Draw}
 */
function cached(model, rows, run) {
  const stream = model.stream(rows);
  const last = model.contextSize - 1;
  const next = run((tokens, places) => stream.next(tokens, places));
  return ({ column, position }) => {
    const places = new Int32Array(rows).fill(Math.min(position, last));
    return values(() => next(tensor1d(column, 'int32'), tensor1d(places, 'int32')));
  };
}

/**
 * @param {WaveNet | GPT} model
 * @param {number} rows
 * @param {(step: Step) => Step} run
 * @returns {Draw}
 */
function uncached(model, rows, run) {
  const T = model.contextSize;
  const logits = run((tokens) => model.logits(tokens));
  const context = new Int32Array(rows * T); // moves on by a token a call
  return ({ column, isScored }) => {
    context.copyWithin(0, 1);
    for (let row = 0; row < rows; row++) context[(row + 1) * T - 1] = column[row];
    if (!isScored) return NOTHING;
    return values(() => logits(tensor2d(context, [rows, T], 'int32')));
  };
}

const NOTHING = new Float32Array();

/**
 * @param {() => import('@tensorflow/tfjs-core').Tensor} make
 * @returns {Float32Array}
 */
function values(make) {
  let found = new Float32Array();
  tidy(() => {
    found = Float32Array.from(make().dataSync());
  });
  return found;
}

/**
 * Tokens that look drawn: a 0 at first, then letters, others in each row.
 *
 * @param {number} rows
 * @param {number} position
 */
const columnAt = (rows, position) =>
  Int32Array.from({ length: rows }, (_, row) =>
    position === 0 ? 0 : 1 + ((row * 7 + position * position) % (V - 1)),
  );

/**
 * Measures all variants in turn, a round each, after their scores have been compared.
 *
 * @param {Network} network
 * @param {number} rows
 * @param {{ rounds: number, seconds: number }} options
 * @returns {Figure[]} a figure for each variant
 */
function measure({ make: makeModel, compared: [from, to] }, rows, { rounds, seconds }) {
  const model = makeModel();
  const variants = VARIANTS.map(({ name, make }) => ({ name, draw: make(model, rows), rates: [] }));
  for (let position = 0; position < to; position++) {
    const isScored = position >= from;
    const next = { column: columnAt(rows, position), position, isScored };
    const scores = variants.map(({ draw }) => Array.from(draw(next)));
    if (!isScored) continue;
    for (const [i, { name }] of variants.entries()) {
      const distance = largestDifference(scores[i], scores[0]);
      if (distance > AGREEMENT) {
        throw new Error(
          `bench: ${name} must score as the others; token ${position} is ${distance} away`,
        );
      }
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { draw, rates } of variants) {
      const start = performance.now();
      let calls = 0;
      while (performance.now() - start < seconds * 1000) {
        const position = to + calls;
        draw({ column: columnAt(rows, position), position, isScored: true });
        calls++;
      }
      /** @type {number[]} */ (rates).push((calls * rows * 1000) / (performance.now() - start));
    }
  }
  model.dispose();
  return variants.map(({ rates }) => ({ tokensPerSecond: median(rates), spread: spread(rates) }));
}

const ROWS = [1, 32];
const options = parseFlags(process.argv.slice(2));
await startBackend();
for (const network of NETWORKS) {
  console.log(`\nTokens a second drawn from ${network.title}\n`);
  const columns = ROWS.map((rows) => ({ rows, figures: measure(network, rows, options) }));
  console.log(
    formatTable(
      ['', ...ROWS.flatMap((rows) => [`${rows} at once`, 'spread', 'to uncached'])],
      VARIANTS.map(({ name }, i) =>
        [name].concat(columns.flatMap(({ figures }) => cells(figures, i))),
      ),
    ),
  );
}

/**
 * @param {readonly Figure[]} figures - of all variants
 * @param {number} variant
 */
function cells(figures, variant) {
  const { tokensPerSecond, spread } = figures[variant];
  // The variants come in pairs: what is compiled is compared with what is compiled.
  const uncached = figures[2 + (variant % 2)].tokensPerSecond;
  return [
    Math.round(tokensPerSecond).toLocaleString('en-US'),
    `${(spread * 100).toFixed(0)} %`,
    `${(tokensPerSecond / uncached).toFixed(1)}x`,
  ];
}
