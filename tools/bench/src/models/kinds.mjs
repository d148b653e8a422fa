import { CNN, MLP } from '@llm101/models';
import {
  cnnProducts,
  gptProducts,
  megabyteProducts,
  mlpProducts,
  waveNetProducts,
} from '../products.mjs';
import { GPT } from './gpt.mjs';
import { Megabyte } from './megabyte.mjs';
import { ModernGPT } from './modern-gpt.mjs';
import { WaveNet } from './wavenet.mjs';

/** @typedef {import('@llm101/models').Module & import('@llm101/training').Trainable} Model */
/** @typedef {import('@llm101/random').Generator} Generator */

/**
 * A model by its kind and sizes: what stands in a workload's file.
 *
 * @typedef {({ kind: 'mlp' } & import('@llm101/models').ModelSizes)
 *   | ({ kind: 'cnn' } & import('@llm101/models').ModelSizes)
 *   | ({ kind: 'wavenet' } & import('./wavenet.mjs').WaveNetSizes)
 *   | ({ kind: 'gpt' } & import('./gpt.mjs').GptSizes)
 *   | ({ kind: 'modern-gpt' } & import('./modern-gpt.mjs').ModernGptSizes)
 *   | ({ kind: 'megabyte' } & import('./megabyte.mjs').MegabyteSizes)} ModelSpec
 */

/**
 * @param {ModelSpec} spec
 * @param {Generator} generator
 * @returns {Model}
 */
export function makeModel(spec, generator) {
  if (spec.kind === 'mlp' || spec.kind === 'cnn') {
    const { kind, ...sizes } = spec; // which takes sizes alone
    return kind === 'mlp' ? new MLP(sizes, generator) : new CNN(sizes, generator);
  }
  if (spec.kind === 'wavenet') return new WaveNet(spec, generator);
  if (spec.kind === 'gpt') return new GPT(spec, generator);
  if (spec.kind === 'modern-gpt') return new ModernGPT(spec, generator);
  return new Megabyte(spec, generator);
}

/**
 * @param {ModelSpec} spec
 * @returns {boolean} whether every token of a row is predicted, or else only what follows it
 */
export function scoresEveryToken({ kind }) {
  return kind === 'gpt' || kind === 'modern-gpt' || kind === 'megabyte';
}

/**
 * The matrix products of a forward pass.
 *
 * @param {ModelSpec} spec
 * @param {{ batchSize: number, length: number }} batch - rows, and tokens of a row
 * @returns {import('../products.mjs').Product[]}
 */
export function productsOf(spec, { batchSize, length }) {
  if (spec.kind === 'mlp') return mlpProducts(spec, batchSize);
  if (spec.kind === 'cnn') return cnnProducts(spec, batchSize);
  if (spec.kind === 'wavenet') return waveNetProducts(spec, batchSize);
  if (spec.kind === 'gpt' || spec.kind === 'modern-gpt') {
    return gptProducts(spec, { batchSize, length });
  }
  return megabyteProducts(spec, { batchSize, length });
}
