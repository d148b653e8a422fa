import { biasPlaces, dropoutPlaces, gptActivations, gptInits } from '../models/gpt.js';
import { modelNames } from '../models/index.js';
import { DEFAULT_BIAS, mlpActivations, mlpInits } from '../models/mlp.js';
import { flag, fractionBelow1, oneOf, someOf, text, whole } from '../rules.js';
import { helps } from './setting-help.js';

/** The settings of the model. */
export const modelSettings = {
  initFrom: text('a folder or a file').optional().register(helps, {
    group: 'Model',
    value: 'run|file',
    help: "a run, its model.safetensors, or a folder of Hugging Face's GPT-2, with whose weights, sizes and tokenizer the training begins",
    initial: 'none',
  }),
  growVocabulary: flag().default(false).register(helps, {
    group: 'Model',
    help: 'characters that the model of --init-from lacks become tokens of it, which begin as the mean of the others',
  }),
  model: oneOf(modelNames)
    .default('mlp')
    .register(helps, {
      group: 'Model',
      value: modelNames.join('|'),
      help: 'the kind of network',
    }),
  contextSize: whole(1).default(16).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'tokens that the model sees; for cnn a power of two',
    initial: '16; 64 for gpt and megabyte, 32 for gru and lstm',
  }),
  dEmbed: whole(1).default(8).register(helps, {
    group: 'Model',
    value: 'n',
    help: "components of a token's embedding; of gpt the width of all layers",
    initial: '8; 64 for gpt, 32 for gru, lstm and megabyte',
  }),
  dHidden: whole(1).default(64).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'hidden units, or channels of a convolution',
    initial: '64; 128 for gru and lstm',
  }),
  depth: whole(1, 16).default(4).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'layers of a block, with dilations 1, 2, 4, …',
  }),
  blocks: whole(1, 64).default(1).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'how often the block is repeated',
  }),
  batchNorm: flag().default(false).register(helps, {
    group: 'Model',
    help: 'each layer brings its units to mean 0 and variance 1 over a batch',
  }),
  residual: flag().default(false).register(helps, {
    group: 'Model',
    help: 'each layer adds the output of the one before it that is as wide',
  }),
  layerNorm: flag().default(false).register(helps, {
    group: 'Model',
    help: 'each layer normalises its input',
  }),
  dropout: fractionBelow1().default(0).register(helps, {
    group: 'Model',
    value: 'fraction',
    help: 'the fraction of values that are set to 0 in training',
  }),
  dropoutAt: someOf(dropoutPlaces)
    .default('all')
    .register(helps, {
      group: 'Model',
      value: 'all|none|place,…',
      help: `where values are set to 0: ${dropoutPlaces.join(', ')}`,
    }),
  layers: whole(1, 256).optional().register(helps, {
    group: 'Model',
    value: 'n',
    help: 'layers one after the other: hidden ones, recurrent ones, or blocks of attention and feed-forward',
    initial: '1; 4 for gpt, 2 for megabyte',
  }),
  patchSize: whole(2, 64).default(4).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'tokens of a patch; they divide the context',
  }),
  localLayers: whole(1, 256).default(1).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'blocks within a patch, beside the --layers from patch to patch',
  }),
  heads: whole(1, 1024).default(4).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'parts of the width that attend by themselves',
  }),
  kvHeads: whole(1, 1024).optional().register(helps, {
    group: 'Model',
    value: 'n',
    help: 'keys and values, each shared by as many heads; fewer are grouped-query attention',
    initial: '--heads',
  }),
  dFf: whole(1).optional().register(helps, {
    group: 'Model',
    value: 'n',
    help: 'width within feed-forward',
    initial: '4 times --d-embed; 8/3 times with swiglu',
  }),
  positions: oneOf(['learned', 'rotary']).default('learned').register(helps, {
    group: 'Model',
    value: 'learned|rotary',
    help: 'how positions enter: as vectors that are learned, or as rotations of queries and keys',
  }),
  norm: oneOf(['layer', 'rms']).default('layer').register(helps, {
    group: 'Model',
    value: 'layer|rms',
    help: 'what layers normalise by: mean and variance, or the root mean square',
  }),
  activation: oneOf([...mlpActivations, 'gelu-tanh', 'swiglu', 'squared-relu'])
    .optional()
    .register(helps, {
      group: 'Model',
      value: 'name',
      help: `what stands between two products: of mlp ${mlpActivations.join(', ')}, of gpt ${gptActivations.join(', ')}`,
      initial: 'relu; gelu for gpt',
    }),
  qkNorm: flag().default(false).register(helps, {
    group: 'Model',
    help: 'queries and keys are normalised',
  }),
  bias: someOf(biasPlaces)
    .default(DEFAULT_BIAS)
    .register(helps, {
      group: 'Model',
      value: 'all|none|place,…',
      help: `where something is added: ${biasPlaces.join(', ')}; a head with a bias needs --no-tied-head; an mlp has all or none`,
    }),
  tiedHead: flag().default(true).register(helps, {
    group: 'Model',
    isOn: true,
    help: "the head has weights of its own, not the embedding's",
  }),
  projections: oneOf(['joint', 'separate']).default('joint').register(helps, {
    group: 'Model',
    value: 'joint|separate',
    help: 'queries, keys and values by one product or by three',
  }),
  init: oneOf([...mlpInits, 'gpt-2'])
    .optional()
    .register(helps, {
      group: 'Model',
      value: 'name',
      help: `initial values: of mlp ${mlpInits.join(', ')}, of gpt ${gptInits.join(', ')}`,
      initial: 'pytorch; gpt-2 for gpt',
    }),
};
