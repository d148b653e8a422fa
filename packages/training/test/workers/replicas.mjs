// What tests train, made alike on each thread: by vitest from the sources, by workers from the builds.
import {
  BatchNorm1d,
  CNN,
  Dropout,
  Embedding,
  GRU,
  Linear,
  MLP,
  Module,
  WaveNet,
} from '@llm101/models';
import { Generator } from '@llm101/random';
import {
  adamw,
  averageWeights,
  everyPosition,
  muon,
  muonGroups,
  scheduleFreeAdamW,
  sgd,
} from '@llm101/training';

/** Symbols. */
export const V = 7;
/** Positions of a row. */
export const T = 4;

const sizes = { vocabSize: V, contextSize: T, dEmbed: 4, dHidden: 8 };

/**
 * @typedef {object} NoisyOptions which layers a {@link NoisyModel} has
 * @property {boolean} [recurrent]
 * @property {number} [dropout] of the embedding; default: 0
 * @property {boolean} [batchNorm]
 */

/** A model of positions with the layers that draw and measure: dropout, BatchNorm, a GRU. */
export class NoisyModel extends Module {
  /**
   * @param {NoisyOptions} options
   * @param {Generator} generator
   */
  constructor({ recurrent = false, dropout = 0, batchNorm = false }, generator) {
    super();
    this.embedding = new Embedding(V, 6, generator);
    this.gru = recurrent ? new GRU(6, 6, generator) : undefined;
    this.dropout = new Dropout(dropout, generator);
    this.norm = batchNorm ? new BatchNorm1d(6) : undefined;
    this.head = new Linear(6, V, generator);
  }

  /**
   * @param {import('@tensorflow/tfjs-core').Tensor2D} tokens
   * @param {import('@llm101/models').Mode} [mode]
   */
  sequenceLogits(tokens, mode) {
    const embedded = this.embedding.forward(tokens); // [B, T, 6]
    const read = this.dropout.forward(this.gru?.forward(embedded) ?? embedded, mode);
    return this.head.forward(this.norm?.forward(read, mode) ?? read); // [B, T, V]
  }
}

/**
 * @typedef {object} ReplicaSettings what decides a replica
 * @property {'mlp' | 'cnn' | 'wavenet' | 'noisy'} kind
 * @property {'adamw' | 'sgd' | 'muon' | 'schedule-free' | 'averaged'} [optimizer]
 * @property {number} [seed]
 * @property {number} [learningRate]
 * @property {number} [dropout]
 */

/** @param {ReplicaSettings} settings */
export const scoresPositions = ({ kind }) => kind === 'wavenet' || kind === 'noisy';

/**
 * @param {ReplicaSettings} settings
 * @returns {import('@llm101/training').Trainable}
 */
function makeModel({ kind, seed = 3, dropout = 0.2 }) {
  const generator = Generator.seeded(seed);
  if (kind === 'mlp') return new MLP(sizes, generator);
  if (kind === 'cnn') return new CNN(sizes, generator);
  if (kind === 'wavenet') {
    return everyPosition(new WaveNet({ vocabSize: V, channels: 8, depth: 2, dropout }, generator));
  }
  return everyPosition(new NoisyModel({ dropout, batchNorm: true, recurrent: true }, generator));
}

/** @param {ReplicaSettings} settings */
export function makeReplica(settings) {
  const { optimizer = 'adamw', learningRate = 0.05 } = settings;
  const model = makeModel(settings);
  return { model, optimizer: optimizers[optimizer](model, learningRate) };
}

/** @type {Record<string, (model: any, learningRate: number) => import('@llm101/training').Optimizer>} */
const optimizers = {
  adamw: (model, learningRate) =>
    adamw(model.parameters(), { learningRate, clipNorm: 1, weightDecay: 0.1 }),
  sgd: (model, learningRate) => sgd(model.parameters(), { learningRate, momentum: 0.9 }),
  muon: (model, learningRate) => muon(muonGroups(model, V), { learningRate }),
  'schedule-free': (model, learningRate) => scheduleFreeAdamW(model.parameters(), { learningRate }),
  averaged: (model, learningRate) =>
    averageWeights(muon(muonGroups(model, V), { learningRate, clipNorm: 1 }), { decay: 0.8 }),
};
