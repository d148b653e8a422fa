import { modelNames } from '../models/index.js';
import { flag, fractionBelow1, oneOf, whole } from '../rules.js';
import { helps } from './setting-help.js';

/** The settings of the model. */
export const modelSettings = {
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
    help: 'characters that the model sees; for cnn a power of two',
  }),
  dEmbed: whole(1).default(8).register(helps, {
    group: 'Model',
    value: 'n',
    help: "components of a character's embedding",
  }),
  dHidden: whole(1).default(64).register(helps, {
    group: 'Model',
    value: 'n',
    help: 'hidden units, or channels of a convolution',
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
  layerNorm: flag().default(false).register(helps, {
    group: 'Model',
    help: 'each layer normalises its input',
  }),
  dropout: fractionBelow1().default(0).register(helps, {
    group: 'Model',
    value: 'fraction',
    help: 'the fraction of values that are set to 0 in training',
  }),
};
