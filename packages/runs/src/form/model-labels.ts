import type { modelSettings } from '../settings/model-settings.js';

/** What a form writes beside a setting. */
export interface SettingLabel {
  /** A few words. */
  readonly title: string;
  /** A sentence or two, without the words of a command line. */
  readonly help: string;
}

/** The labels of the settings of the model. */
export const modelLabels: Readonly<Record<keyof typeof modelSettings, SettingLabel>> = {
  initFrom: {
    title: 'Start from a model',
    help: 'Goes on with the weights, sizes and tokenizer of a model that was trained before, instead of random weights.',
  },
  growVocabulary: {
    title: 'Grow the vocabulary',
    help: 'Characters that the model to begin with lacks become tokens of it. Each begins as the mean of the others.',
  },
  model: {
    title: 'Model',
    help: 'The kind of network: how it sees the tokens so far, and how they work together.',
  },
  contextSize: {
    title: 'Context size',
    help: 'How many tokens the model sees at most when it predicts the next one.',
  },
  dEmbed: {
    title: 'Embedding size',
    help: 'Numbers that stand for a token. In a Transformer it is the width of all layers.',
  },
  dHidden: {
    title: 'Hidden units',
    help: 'Numbers that a hidden layer computes: its units, or the channels of a convolution.',
  },
  depth: {
    title: 'Layers of a block',
    help: 'Each layer looks twice as far back as the one before it, so that a block sees 2, 4, 8, … tokens.',
  },
  blocks: {
    title: 'Blocks',
    help: 'How often the block of layers is repeated.',
  },
  batchNorm: {
    title: 'Batch norm',
    help: 'Each layer brings its units to mean 0 and variance 1 over the examples of a batch.',
  },
  residual: {
    title: 'Residual connections',
    help: 'Each layer adds to what it is given, where both have the same width, instead of replacing it.',
  },
  layerNorm: {
    title: 'Layer norm',
    help: 'Each layer first brings what it is given to mean 0 and variance 1.',
  },
  dropout: {
    title: 'Dropout',
    help: 'The share of values that are set to 0 at random in training, so that the model relies on no single one.',
  },
  dropoutAt: {
    title: 'Dropout at',
    help: 'Where values are set to 0.',
  },
  layers: {
    title: 'Layers',
    help: 'Layers one after the other. In a Transformer each is attention and feed-forward.',
  },
  patchSize: {
    title: 'Patch size',
    help: 'The large model sees patches of so many tokens, the small one the tokens within a patch. They divide the context.',
  },
  localLayers: {
    title: 'Local layers',
    help: 'Layers of the small model, which predicts the tokens within a patch.',
  },
  heads: {
    title: 'Heads',
    help: 'Parts of the width that attend independently of each other. They must divide it.',
  },
  kvHeads: {
    title: 'Key and value heads',
    help: 'Fewer than there are heads are shared by groups of them, which takes less memory.',
  },
  dFf: {
    title: 'Feed-forward width',
    help: 'Numbers that feed-forward computes in between, most often four times the embedding.',
  },
  positions: {
    title: 'Position encoding',
    help: 'How attention, which alone knows no order, is told where a token stands.',
  },
  norm: {
    title: 'Normalization',
    help: 'What layers normalise by.',
  },
  activation: {
    title: 'Activation function',
    help: 'The function between two layers. Without one, many layers could compute no more than one.',
  },
  qkNorm: {
    title: 'QK norm',
    help: 'Keeps the scores of attention within bounds, which allows higher learning rates.',
  },
  bias: {
    title: 'Biases',
    help: 'Where a learned number is added after a product.',
  },
  tiedHead: {
    title: 'Tied head',
    help: 'The last layer uses the weights of the embedding instead of its own.',
  },
  projections: {
    title: 'Queries, keys and values',
    help: 'Whether they are computed by one product or by three. It decides only which initial weights are drawn, and their names.',
  },
  init: {
    title: 'Initial weights',
    help: 'How large the random weights are that training begins with.',
  },
};
