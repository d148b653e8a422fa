import type { SettingKey } from '../settings/settings.js';
import { modelLabels, type SettingLabel } from './model-labels.js';

/** The labels of all settings. */
export const settingLabels: Readonly<Record<SettingKey, SettingLabel>> = {
  ...modelLabels,
  preset: {
    title: 'Preset',
    help: 'Settings that are worth a try, under one name. What you set yourself overrides it.',
  },
  data: {
    title: 'Text',
    help: 'What the model learns from: a text that comes with a name, or one of your own.',
  },
  examples: {
    title: 'Examples',
    help: 'Whether each line is an example of its own, such as a name, or the text is one stream, line ends included.',
  },
  tokenizer: {
    title: 'Tokenizer',
    help: 'The pieces that the text is cut into. The model predicts one after the other.',
  },
  vocabSize: {
    title: 'Vocabulary size',
    help: 'Tokens in all: 256 bytes, the end, and one for each pair that is merged. A short text has fewer.',
  },
  tokenizerFile: {
    title: 'Tokenizer file',
    help: 'A tokenizer that was made before, instead of one that is made from the text.',
  },
  alphabet: {
    title: 'Alphabet',
    help: 'The characters that the text may hold, each once. With auto they are those that it has.',
  },
  normalize: {
    title: 'Accents',
    help: 'Whether a letter and its accent, which can be two characters, are made one first.',
  },
  split: {
    title: 'Validation split',
    help: 'What the model never learns from, to be measured on: the end of the text, or lines drawn from all of it.',
  },
  valSize: {
    title: 'Validation share',
    help: 'The share of the text, or of its lines, that the model never learns from and is measured on.',
  },
  trainShare: {
    title: 'Training share',
    help: 'The share of all the other text that the model learns from: less of it shows how loss falls with data.',
  },
  answerAfter: {
    title: 'Answer after',
    help: 'Where each line is a question, a mark and an answer: the mark. Then only answers are learned and measured, and how many are right as a whole.',
  },
  distinct: {
    title: 'Split by distinct line',
    help: 'Keeps equal lines on one side, so that no line that is held out occurs in training.',
  },
  batchSize: {
    title: 'Batch size',
    help: 'Examples whose gradients are averaged for one step.',
  },
  packedSize: {
    title: 'Packed row length',
    help: 'A row of a batch holds whole lines side by side, up to so many positions.',
  },
  packedRows: {
    title: 'Packed rows',
    help: 'Rows of packed lines whose gradients are averaged for one step.',
  },
  accumulate: {
    title: 'Gradient accumulation',
    help: 'Cuts what is computed at once into parts. It takes less memory and more time.',
  },
  shards: {
    title: 'Shards',
    help: 'Parts of a batch that cores compute at the same time. Their number decides how sums round, so the same figures need the same number.',
  },
  workers: {
    title: 'Threads',
    help: 'Threads that compute. The figures are the same with any number.',
  },
  device: {
    title: 'Device',
    help: 'What computes the steps: the processor, by WebAssembly, or the graphics card, by WebGPU. The figures differ in the sixth digit.',
  },
  maxSteps: {
    title: 'Steps',
    help: 'How often the weights are changed, in all.',
  },
  epochs: {
    title: 'Epochs',
    help: 'How often the whole text is learned from, instead of a number of steps.',
  },
  order: {
    title: 'Order of blocks',
    help: 'Which stretches of the text a batch has.',
  },
  reshuffle: {
    title: 'New order in each pass',
    help: 'Shuffles the examples again before each pass, instead of once.',
  },
  valInterval: {
    title: 'Steps between validations',
    help: 'How often the loss on what is held out is measured; 0 for never.',
  },
  valBatches: {
    title: 'Validation batches',
    help: 'How much of what is held out is measured; 0 for all of it. With auto a short text is measured as a whole, a long one in part.',
  },
  logInterval: {
    title: 'Steps between entries of the log',
    help: 'How often loss, rate and speed are noted.',
  },
  watchInterval: {
    title: 'Steps between statistics',
    help: 'How often sizes of weights and gradients are measured; 0 for never.',
  },
  sampleInterval: {
    title: 'Steps between samples',
    help: 'How often the model writes a few examples; 0 for never.',
  },
  checkpointInterval: {
    title: 'Steps between checkpoints',
    help: 'How often the state of the training is kept, to go on from it exactly; 0 for never.',
  },
  patience: {
    title: 'Patience',
    help: 'Ends the training after so many validations in a row that bring no better loss, with the best weights; 0 for no limit.',
  },
  minDelta: {
    title: 'Minimum improvement',
    help: 'By how many nats a loss must fall to be better.',
  },
  compile: {
    title: 'Compile steps',
    help: 'Records a step once and replays it. Without, each operation runs by itself: nearly the same losses, much slower.',
  },
  relaxedSimd: {
    title: 'Relaxed SIMD',
    help: 'Faster products where the browser has them. The figures then differ between browsers in the sixth digit.',
  },
  seed: {
    title: 'Seed',
    help: 'Decides what is held out, the initial weights, the order of the examples and the samples. The same seed gives the same figures.',
  },
  optimizer: {
    title: 'Optimizer',
    help: 'How a step changes the weights, given their gradients.',
  },
  lr: {
    title: 'Learning rate',
    help: 'How far a step goes. Where a schedule changes it, this is the highest.',
  },
  momentum: {
    title: 'Momentum',
    help: 'How much of the last change is kept. Steps then roll on in a direction that stays the same.',
  },
  nesterov: {
    title: 'Nesterov momentum',
    help: 'Looks ahead along the momentum before it takes the gradient.',
  },
  beta1: {
    title: 'β₁',
    help: 'How much of the mean gradient is kept in each step.',
  },
  beta2: {
    title: 'β₂',
    help: 'How much of the mean squared gradient is kept in each step.',
  },
  epsilon: {
    title: 'ε',
    help: 'Added to the root of the mean square, so that nothing is divided by 0.',
  },
  muonMomentum: {
    title: 'Muon momentum',
    help: 'How much of the mean gradient Muon keeps in each step.',
  },
  muonRate: {
    title: 'Muon rate factor',
    help: 'What the learning rate of a matrix is multiplied by.',
  },
  weightDecay: {
    title: 'Weight decay',
    help: 'How strongly weights are pulled to 0, which keeps the model from learning by heart.',
  },
  decayMatrices: {
    title: 'Decay matrices only',
    help: 'Leaves biases and the weights of norms out of weight decay.',
  },
  clipNorm: {
    title: 'Gradient clipping',
    help: 'Gradients that are larger, all taken together, are shortened to this; 0 for no limit.',
  },
  averageWeights: {
    title: 'Weight averaging',
    help: 'Measures and keeps a running mean of the weights, of which each step keeps this share; 0 for none.',
  },
  schedule: {
    title: 'Schedule',
    help: 'How the learning rate changes as the training goes on.',
  },
  warmupSteps: {
    title: 'Warm-up steps',
    help: 'Steps in which the rate rises from 0, or a share of all steps such as 5%.',
  },
  decaySteps: {
    title: 'Decay steps',
    help: "The step from which on the rate is the final one; the last one, where it isn't set.",
  },
  finalLr: {
    title: 'Final learning rate',
    help: 'The learning rate that the schedule ends with.',
  },
  stepSize: {
    title: 'Steps between changes',
    help: 'After so many steps the rate is multiplied.',
  },
  gamma: {
    title: 'Decay factor γ',
    help: 'What the rate is multiplied by.',
  },
};
