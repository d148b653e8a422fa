import { CNN, MLP } from '@llm101/models';
import { nextTokenBatches, streamBatches } from './batches.mjs';
import { cnnProducts, mlpProducts, transformerProducts, waveNetProducts } from './products.mjs';
import { Transformer } from './models/transformer.mjs';
import { WaveNet } from './models/wavenet.mjs';

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
 * @property {(count: number) => Promise<import('./batches.mjs').Batches>} makeBatches
 * @property {readonly import('./flops.mjs').Product[]} products - those of the forward pass
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
