import { flag, nonNegative, oneOf, positive, whole, wholeOrAuto } from '../rules.js';
import { helps } from './setting-help.js';

/** The settings of batches, steps and what is measured on the way. */
export const trainingSettings = {
  batchSize: whole(1).default(32).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'windows in a batch',
  }),
  packedSize: whole(1).default(512).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'positions in a row of a batch, which holds whole lines side by side',
  }),
  packedRows: whole(1).default(1).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'rows in a batch',
  }),
  accumulate: whole(1).default(1).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'parts of a shard that are computed one after the other, for less memory',
  }),
  shards: wholeOrAuto(1, 1024).default(1).register(helps, {
    group: 'Training',
    value: 'n|auto',
    help: 'parts of a batch that are computed side by side; their number decides how sums round',
  }),
  workers: wholeOrAuto(1, 256).default('auto').register(helps, {
    group: 'Training',
    value: 'n|auto',
    help: 'threads that compute shards, validations and samples; the results are the same with any number',
  }),
  device: oneOf(['wasm', 'webgpu', 'auto']).default('wasm').register(helps, {
    group: 'Training',
    value: 'wasm|webgpu|auto',
    help: 'what computes steps and validations: SIMD WebAssembly, a GPU, or that where there is one and the model is worth it; losses then differ in the sixth digit',
  }),
  maxSteps: whole(1).default(10_000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps in all',
  }),
  epochs: positive().optional().register(helps, {
    group: 'Training',
    value: 'n',
    help: 'passes over the text, instead of --max-steps',
    initial: 'none',
  }),
  order: oneOf(['random', 'shuffled', 'in-order']).default('random').register(helps, {
    group: 'Training',
    value: 'random|shuffled|in-order',
    help: 'blocks at random offsets, each once a pass in a random order, or each once as they follow each other',
  }),
  reshuffle: flag().default(false).register(helps, {
    group: 'Training',
    help: 'a new order in each pass over the data, not that of the first',
  }),
  valInterval: whole(0).default(100).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one validation to the next; 0 for none',
  }),
  valBatches: wholeOrAuto(0, 1_000_000).default('auto').register(helps, {
    group: 'Training',
    value: 'n|auto',
    help: 'batches that a validation scores: random blocks, as many of the training text too, or lines spread evenly over those held out; 0 for all that is held out',
    initial: 'auto: 0 where less than 262,144 tokens are held out, else some 65,536 tokens',
  }),
  logInterval: whole(1).default(100).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one line of metrics.jsonl to the next',
  }),
  watchInterval: whole(0).default(1000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one statistic of parameters and gradients to the next; 0 for none',
  }),
  sampleInterval: whole(0).default(1000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one draw of samples to the next; 0 for none',
  }),
  checkpointInterval: whole(0).default(1000).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'steps from one checkpoint to the next; 0 for none',
  }),
  patience: whole(0).default(0).register(helps, {
    group: 'Training',
    value: 'n',
    help: 'validations in a row without a better loss that end the run, with the weights of the best; 0 for no limit',
  }),
  minDelta: nonNegative().default(0).register(helps, {
    group: 'Training',
    value: 'nats',
    help: 'how much lower a loss must be to be better',
  }),
  compile: flag().default(true).register(helps, {
    group: 'Training',
    isOn: true,
    help: 'run every operation by itself, as TensorFlow.js does; the same losses, much slower',
  }),
  relaxedSimd: flag().default(false).register(helps, {
    group: 'Training',
    help: 'faster products where the engine has relaxed SIMD; losses then differ between engines in the sixth digit',
  }),
  seed: whole(0, 2 ** 32 - 1)
    .default(101)
    .register(helps, {
      group: 'Training',
      value: 'n',
      help: 'decides split, initial values, order and samples',
    }),
};
