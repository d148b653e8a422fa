import { productsOf, scoresEveryToken } from './models/kinds.mjs';
import { nextTokenBatches, streamBatches } from './workload-batches.mjs';
import { BATCHES, writeWorkload } from './workload-file.mjs';

/**
 * @typedef {object} OptimizerSpec
 * @property {'sgd' | 'adamw' | 'muon'} rule - Muon's hidden matrices, the rest by AdamW
 * @property {number} learningRate
 * @property {readonly [number, number]} [betas] - of AdamW alone; default: 0.9, 0.999
 * @property {number} [weightDecay] - default: 0.01, of Muon's matrices 0.1, as in PyTorch
 * @property {boolean} [decaysVectors] - or matrices alone; default: true
 * @property {number} [clipNorm] - of the gradients over all parameters
 */

/**
 * A training step that every contestant makes: add one here, and to each contestant that lacks its kind of model.
 *
 * @typedef {object} Workload
 * @property {string} name - for `--only`
 * @property {string} title
 * @property {import('./models/kinds.mjs').ModelSpec} model
 * @property {OptimizerSpec} optimizer
 * @property {number} batchSize
 * @property {number} [length] - tokens of a row; default: the model's context
 * @property {boolean} [isQuick] - a step so short that calls, copies of batches and reading the loss count: contestants are
 * measured with and without them
 */

const V = 27;
/** Characters of Tiny Shakespeare, nanoGPT's first text; alone, and with the course's special tokens. */
const [SHAKESPEARE, COURSE] = [65, 71];
const lecture = { vocabSize: V, contextSize: 16, dEmbed: 8, dHidden: 64 };
const sgd = { rule: /** @type {const} */ ('sgd'), learningRate: 0.01 };
const adamw = { rule: /** @type {const} */ ('adamw'), learningRate: 0.001 };
/** nanoGPT's, but for the schedule: bounds of its rate are 0.001 and 0.0001. */
const nanoAdamw = {
  ...adamw,
  betas: /** @type {const} */ ([0.9, 0.99]),
  weightDecay: 0.1,
  decaysVectors: false,
  clipNorm: 1,
};
const courseAdamw = { ...adamw, weightDecay: 0.1, clipNorm: 1 };
/** The course's GPTs have biases, but not in attention and in the head; lecture 7's has one in the head. */
const [COURSE_LACKS, LECTURE_7_LACKS] = ['(attn.*|head.)bias$', 'attn.*bias$'];
const gpt = {
  kind: /** @type {const} */ ('gpt'),
  vocabSize: COURSE,
  contextSize: 64,
  width: 128,
  heads: 4,
  depth: 2,
  lacks: COURSE_LACKS,
};
/**
 * That GPT in other sizes.
 *
 * @param {{ batchSize: number, width?: number }} sizes
 */
export function gptWorkload({ batchSize, width = gpt.width }) {
  return { model: { ...gpt, width }, optimizer: courseAdamw, batchSize };
}
/** Rotary positions, RMS norms, of queries and keys too, squared ReLU: the preset `shakespeare`. */
const modernGpt = {
  kind: /** @type {const} */ ('modern-gpt'),
  vocabSize: SHAKESPEARE,
  contextSize: 128,
  width: 128,
  heads: 4,
  depth: 4,
};
const microGpt = { ...gpt, vocabSize: V, contextSize: 16, width: 16, depth: 1, lacks: 'bias$' };

/** @type {readonly Workload[]} */
export const workloads = [
  {
    name: 'mlp',
    title: 'MLP (T 16, C 8, H 64), batch 32, SGD',
    model: { kind: 'mlp', ...lecture },
    optimizer: sgd,
    batchSize: 32,
    isQuick: true,
  },
  {
    name: 'mlp-1024',
    title: 'MLP (T 16, C 8, H 64), batch 1,024, SGD',
    model: { kind: 'mlp', ...lecture },
    optimizer: sgd,
    batchSize: 1024,
  },
  {
    name: 'cnn',
    title: 'CNN (T 16, C 8, H 64), batch 32, SGD',
    model: { kind: 'cnn', ...lecture },
    optimizer: sgd,
    batchSize: 32,
    isQuick: true,
  },
  {
    name: 'wavenet',
    title: 'WaveNet (T 16, 128 channels, dilations 1 2 4 8), batch 32, SGD',
    model: { kind: 'wavenet', vocabSize: V, contextSize: 16, channels: 128 },
    optimizer: sgd,
    batchSize: 32,
  },
  {
    name: 'microgpt-8',
    title: 'microGPT (1 layer, 16 wide, 4 heads), 1 x 8, AdamW',
    model: microGpt,
    optimizer: adamw,
    batchSize: 1,
    length: 8,
  },
  {
    name: 'microgpt-16',
    title: 'microGPT (1 layer, 16 wide, 4 heads), 1 x 16, AdamW',
    model: microGpt,
    optimizer: adamw,
    batchSize: 1,
  },
  {
    name: 'lecture7',
    title: "Lecture 7's GPT (3 layers, 64 wide, 4 heads), 32 x 12, SGD",
    model: { ...gpt, vocabSize: V, contextSize: 12, width: 64, depth: 3, lacks: LECTURE_7_LACKS },
    optimizer: sgd,
    batchSize: 32,
  },
  {
    name: 'nanogpt',
    title: "nanoGPT's CPU run (4 layers, 128 wide, 4 heads), 12 x 64, AdamW, clipped",
    model: { ...gpt, vocabSize: SHAKESPEARE, depth: 4, isTied: true, lacks: 'bias$' },
    optimizer: nanoAdamw,
    batchSize: 12,
  },
  {
    name: 'gpt-64x64',
    title: 'GPT (2 layers, 128 wide, 4 heads), 64 x 64, AdamW, clipped',
    model: gpt,
    optimizer: courseAdamw,
    batchSize: 64,
  },
  {
    name: 'gpt-8x256',
    title: 'GPT (2 layers, 128 wide, 4 heads), 8 x 256, AdamW, clipped',
    model: { ...gpt, contextSize: 256 },
    optimizer: courseAdamw,
    batchSize: 8,
  },
  {
    name: 'gpt-small',
    title: "The course's small GPT (2 layers, 128 wide, 2 heads), 8 x 256, AdamW, clipped",
    model: { ...gpt, contextSize: 256, heads: 2 },
    optimizer: courseAdamw,
    batchSize: 8,
  },
  {
    name: 'gpt-medium',
    title: "The course's medium GPT (4 layers, 256 wide, 4 heads), 4 x 256, AdamW, clipped",
    model: { ...gpt, contextSize: 256, width: 256, depth: 4 },
    optimizer: courseAdamw,
    batchSize: 4,
  },
  {
    name: 'gpt-dropout',
    title: 'GPT (2 layers, 128 wide, 4 heads, dropout 0.1), 16 x 64, AdamW, clipped',
    model: { ...gpt, dropout: 0.1 },
    optimizer: courseAdamw,
    batchSize: 16,
  },
  {
    name: 'modern-gpt',
    title: 'Modern GPT (4 layers, 128 wide, 4 heads), 8 x 128, AdamW, clipped',
    model: modernGpt,
    optimizer: courseAdamw,
    batchSize: 8,
  },
  {
    name: 'modern-gpt-muon',
    title: 'Modern GPT by Muon (4 layers, 128 wide, 4 heads), 8 x 128, Muon, clipped',
    model: modernGpt,
    optimizer: { rule: 'muon', learningRate: 0.001, clipNorm: 1 },
    batchSize: 8,
  },
  {
    name: 'megabyte',
    title:
      'MEGABYTE (patches of 4, 2 + 2 layers, 128 and 32 wide, 4 heads), 32 x 64, AdamW, clipped',
    model: {
      kind: 'megabyte',
      vocabSize: COURSE,
      contextSize: 64,
      patch: 4,
      width: 32,
      heads: 4,
      globalDepth: 2,
      localDepth: 2,
      lacks: COURSE_LACKS,
    },
    optimizer: courseAdamw,
    batchSize: 32,
  },
];

/** nanoGPT's GPT on Shakespeare's characters, 10.8 million parameters, but for its dropout. @type {Workload} */
const tenMillion = {
  name: 'gpt-10m',
  title: 'GPT of 10 million parameters (6 layers, 384 wide, 6 heads), 64 x 256, AdamW, clipped',
  model: {
    ...gpt,
    vocabSize: SHAKESPEARE,
    contextSize: 256,
    width: 384,
    heads: 6,
    depth: 6,
    isTied: true,
    lacks: 'bias$',
  },
  optimizer: nanoAdamw,
  batchSize: 64,
};

/** Those of a GPU, by worth: what is measured first is there when time is short. */
export const gpuWorkloads = [
  'nanogpt',
  tenMillion.name,
  'gpt-medium',
  'gpt-small',
  'mlp',
  'cnn',
].map(
  (name) => [...workloads, tenMillion].find((workload) => workload.name === name) ?? tenMillion,
);

/**
 * The same work in so small a size that a GPU in software does it in some tenths of a second.
 *
 * @param {Workload} workload
 * @returns {Workload}
 */
export function shrunk({ model, ...workload }) {
  const title = `${workload.title}, shrunk`;
  if (model.kind !== 'gpt') return { ...workload, title, model, batchSize: 4 };
  const sizes = { contextSize: 8, width: 32, heads: 2, depth: 1 };
  return { ...workload, title, model: { ...model, ...sizes }, batchSize: 2 };
}

/**
 * @param {Pick<Workload, 'batchSize' | 'length' | 'model'>} workload
 * @returns {{ batchSize: number, length: number }} rows, and tokens of a row
 */
export function shapeOf({ batchSize, length, model }) {
  return { batchSize, length: length ?? model.contextSize };
}

/** @param {Pick<Workload, 'batchSize' | 'length' | 'model'>} workload */
export function productsOfStep(workload) {
  return productsOf(workload.model, shapeOf(workload));
}

/**
 * @param {Pick<Workload, 'batchSize' | 'length' | 'model'>} workload
 * @param {number} count
 */
export async function makeBatches(workload, count) {
  const sizes = { ...shapeOf(workload), count };
  if (!scoresEveryToken(workload.model)) return nextTokenBatches(sizes);
  const batches = await streamBatches(sizes);
  // MEGABYTE gives each token from those before it, a GPT what follows each token.
  return workload.model.kind === 'megabyte' ? { ...batches, targets: batches.inputs } : batches;
}

/**
 * Writes what contestants start from. tfjs' backend must run.
 *
 * @param {string} file
 * @param {Omit<Workload, 'name' | 'title'>} workload
 * @param {number} [count] - of batches
 */
export async function writeStart(file, workload, count = BATCHES) {
  const { model, optimizer } = workload;
  writeWorkload(file, { model, optimizer, batches: await makeBatches(workload, count) });
}
