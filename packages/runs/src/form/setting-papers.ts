import type { SettingKey } from '../settings/settings.js';
import { papers, type SettingPaper } from './papers.js';

/** The papers that values of a setting come from, by their names. */
const papersOfChoices: Readonly<
  Partial<Record<SettingKey, Readonly<Record<string, readonly SettingPaper[]>>>>
> = {
  tokenizer: {
    characters: [papers.characters],
    bytes: [papers.bytes],
    bpe: [papers.bpe],
  },
  model: {
    bigram: [papers.shannon],
    mlp: [papers.neuralLanguageModel],
    cnn: [papers.timeDelay],
    wavenet: [papers.wavenet],
    gru: [papers.gru],
    lstm: [papers.lstm],
    gpt: [papers.attention, papers.gpt2],
    megabyte: [papers.megabyte],
  },
  positions: {
    learned: [papers.learnedPositions],
    rotary: [papers.rotary],
  },
  norm: {
    layer: [papers.layerNorm],
    rms: [papers.rms],
  },
  activation: {
    relu: [papers.relu],
    sigmoid: [papers.sigmoid],
    gelu: [papers.gelu],
    'gelu-tanh': [papers.gelu],
    silu: [papers.silu],
    swiglu: [papers.swiglu],
    'squared-relu': [papers.squaredRelu],
  },
  init: {
    kaiming: [papers.kaiming],
    xavier: [papers.xavier],
    'gpt-2': [papers.gpt2],
  },
  optimizer: {
    sgd: [papers.sgd],
    adam: [papers.adam],
    adamw: [papers.adamw],
    muon: [papers.muon],
    'schedule-free': [papers.scheduleFree],
  },
  muonRate: {
    'match-rms-adamw': [papers.muonRate],
  },
  schedule: {
    cosine: [papers.cosine],
    linear: [papers.linear],
    'one-cycle': [papers.oneCycle],
  },
};

/** The papers that settings come from. */
const papersOfSettings: Readonly<Partial<Record<SettingKey, readonly SettingPaper[]>>> = {
  batchNorm: [papers.batchNorm],
  residual: [papers.residual],
  layerNorm: [papers.layerNorm],
  dropout: [papers.dropout],
  heads: [papers.attention],
  kvHeads: [papers.groupedQuery],
  qkNorm: [papers.qkNorm],
  tiedHead: [papers.tiedHead],
  packedSize: [papers.packing],
  patience: [papers.patience],
  momentum: [papers.momentum],
  nesterov: [papers.momentum],
  weightDecay: [papers.adamw],
  clipNorm: [papers.clipNorm],
  averageWeights: [papers.averaging],
  warmupSteps: [papers.warmup],
};

/**
 * The papers that a setting, or one of its values, comes from.
 *
 * @param choice - one of its values: `gpt` of `model`. Default: the setting itself
 * @returns none where it comes from no paper
 */
export function settingPapers(key: SettingKey, choice?: string): readonly SettingPaper[] {
  if (choice === undefined) return papersOfSettings[key] ?? [];
  const own = papersOfChoices[key] ?? {};
  return Object.hasOwn(own, choice) ? own[choice] : [];
}
