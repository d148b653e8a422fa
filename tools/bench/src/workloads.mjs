import {
  CharTokenizer,
  DataLoader,
  encodeLines,
  loadText,
  NextTokenDataset,
  splitLines,
} from '@llm101/data';
import { CNN, MLP } from '@llm101/models';
import { Generator } from '@llm101/random';
import { Transformer } from './models/transformer.mjs';
import { WaveNet } from './models/wavenet.mjs';
import { cnnProducts, mlpProducts, transformerProducts, waveNetProducts } from './products.mjs';

/**
 * @typedef {import('@llm101/models').Module & import('@llm101/models').LanguageModel
 *   & { embedding: import('@llm101/models').Embedding }} Model
 */

/**
 * A training step that every contestant makes: add one here, and to each contestant that should run it.
 *
 * @typedef {object} Workload
 * @property {string} name - for `--only`, and what contestants know it by
 * @property {string} title
 * @property {'sgd' | 'adamw'} optimizer
 * @property {number} learningRate
 * @property {(generator: import('@llm101/random').Generator) => Model} makeModel
 * @property {(count: number) => Promise<Batches>} makeBatches
 * @property {readonly import('./products.mjs').Product[]} products - those of the forward pass
 */

const V = 27;
const lecture = { vocabSize: V, contextSize: 16, dEmbed: 8, dHidden: 64 };
const wave = { vocabSize: V, contextSize: 16, channels: 128 };
const attention = { vocabSize: V, contextSize: 32, width: 64, heads: 4, depth: 2 };

/** @type {readonly Workload[]} */
export const workloads = [
  {
    name: 'mlp',
    title: 'MLP (T 16, C 8, H 64), batch 32, SGD',
    optimizer: 'sgd',
    learningRate: 0.01,
    makeModel: (generator) => new MLP(lecture, generator),
    makeBatches: (count) => nextTokenBatches({ count, batchSize: 32, contextSize: 16 }),
    products: mlpProducts(lecture, 32),
  },
  {
    name: 'cnn',
    title: 'CNN (T 16, C 8, H 64), batch 32, SGD',
    optimizer: 'sgd',
    learningRate: 0.01,
    makeModel: (generator) => new CNN(lecture, generator),
    makeBatches: (count) => nextTokenBatches({ count, batchSize: 32, contextSize: 16 }),
    products: cnnProducts(lecture, 32),
  },
  {
    name: 'wavenet',
    title: 'WaveNet (T 16, 128 channels, dilations 1 2 4 8), batch 32, SGD',
    optimizer: 'sgd',
    learningRate: 0.01,
    makeModel: (generator) => new WaveNet(wave, generator),
    makeBatches: (count) => nextTokenBatches({ count, batchSize: 32, contextSize: 16 }),
    products: waveNetProducts(wave, 32),
  },
  {
    name: 'transformer',
    title: 'Transformer (2 layers, 64 wide, 4 heads), batch 8 x 32, AdamW',
    optimizer: 'adamw',
    learningRate: 0.001,
    makeModel: (generator) => new Transformer(attention, generator),
    makeBatches: (count) => streamBatches({ count, batchSize: 8, contextSize: 32 }),
    products: transformerProducts(attention, 8),
  },
];

/**
 * Batches end to end, as a contestant loads them before it starts.
 *
 * @typedef {object} Batches
 * @property {number} count - K
 * @property {number} batchSize - B
 * @property {number} contextSize - T
 * @property {Int32Array} inputs - `[K, B, T]`
 * @property {Int32Array} targets - `[K, B]`, or `[K, B T]` where every token is predicted
 */

/** @typedef {Pick<Batches, 'count' | 'batchSize' | 'contextSize'>} BatchSizes */

const SEED = 101;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Windows over names, each with the letter that follows, in random order: the lecture's batches.
 *
 * @param {BatchSizes} sizes
 * @returns {Promise<Batches>}
 */
export async function nextTokenBatches(sizes) {
  const { count, batchSize, contextSize } = sizes;
  const { text } = await loadText('names');
  const tokenizer = CharTokenizer.fromAlphabet(ALPHABET);
  const dataset = new NextTokenDataset(splitLines(text), tokenizer, contextSize);
  const generator = Generator.seeded(SEED);
  const loader = new DataLoader(dataset, { batchSize, shuffle: true, dropLast: true, generator });
  const inputs = new Int32Array(count * batchSize * contextSize);
  const targets = new Int32Array(count * batchSize);
  let place = 0;
  for (const batch of loader) {
    inputs.set(batch.inputs, place * batchSize * contextSize);
    targets.set(batch.targets, place * batchSize);
    place += 1;
    if (place === count) break;
  }
  return { ...sizes, inputs, targets };
}

/**
 * Pieces of the names as one stream, each with the same piece one letter on.
 *
 * @param {BatchSizes} sizes
 * @returns {Promise<Batches>}
 */
export async function streamBatches(sizes) {
  const { count, batchSize, contextSize } = sizes;
  const { text } = await loadText('names');
  const tokenizer = CharTokenizer.fromAlphabet(ALPHABET);
  const { tokens } = encodeLines(splitLines(text), tokenizer);
  const stream = Int32Array.from(tokens.subarray(1)); // begins with the first letter
  const length = count * batchSize * contextSize;
  return { ...sizes, inputs: stream.slice(0, length), targets: stream.slice(1, length + 1) };
}
