import { optimizerNames } from '../optimizers.js';
import {
  between,
  flag,
  fractionBelow1,
  nonNegative,
  oneOf,
  positive,
  whole,
  wholeOrShare,
} from '../rules.js';
import { scheduleNames } from '../schedules.js';
import { helps } from './setting-help.js';

/** The settings of how parameters are updated, and at which rates. */
export const optimizerSettings = {
  optimizer: oneOf(optimizerNames)
    .default('sgd')
    .register(helps, {
      group: 'Optimizer',
      value: optimizerNames.join('|'),
      help: 'how parameters are updated',
      initial: 'sgd; adamw for gpt',
    }),
  lr: positive().default(0.01).register(helps, {
    group: 'Optimizer',
    value: 'rate',
    help: 'learning rate; the highest of a schedule',
    initial: '0.01; 0.001 for gpt',
  }),
  momentum: between(0, 1).default(0).register(helps, {
    group: 'Optimizer',
    value: 'm',
    help: 'how much of the last change is kept',
  }),
  nesterov: flag().default(false).register(helps, {
    group: 'Optimizer',
    help: 'Nesterov momentum',
  }),
  beta1: fractionBelow1().default(0.9).register(helps, {
    group: 'Optimizer',
    value: 'b',
    help: 'what is kept of the mean gradient',
  }),
  beta2: fractionBelow1().default(0.999).register(helps, {
    group: 'Optimizer',
    value: 'b',
    help: 'what is kept of the mean square',
  }),
  epsilon: nonNegative().default(1e-8).register(helps, {
    group: 'Optimizer',
    value: 'e',
    help: 'added to the root of the mean square',
  }),
  muonMomentum: fractionBelow1().default(0.95).register(helps, {
    group: 'Optimizer',
    value: 'm',
    help: 'how much of the mean gradient is kept',
  }),
  muonRate: oneOf(['match-rms-adamw', 'original']).default('match-rms-adamw').register(helps, {
    group: 'Optimizer',
    value: 'match-rms-adamw|original',
    help: 'what the rate of a matrix is multiplied by: what makes a rate of AdamW fit, or the root of rows over columns',
  }),
  weightDecay: nonNegative().optional().register(helps, {
    group: 'Optimizer',
    value: 'w',
    help: 'how much parameters shrink',
    initial: '0.01 for adamw, 0.1 for muon, else 0',
  }),
  decayMatrices: flag().default(false).register(helps, {
    group: 'Optimizer',
    help: 'weight decay leaves out biases and norms',
  }),
  clipNorm: nonNegative().default(0).register(helps, {
    group: 'Optimizer',
    value: 'n',
    help: 'the largest norm of all gradients together; 0 for no limit',
  }),
  averageWeights: fractionBelow1().default(0).register(helps, {
    group: 'Optimizer',
    value: 'decay',
    help: 'validate, sample and save an exponential mean of the weights, of which each step keeps this fraction; 0 for none',
  }),
  schedule: oneOf(scheduleNames)
    .default('constant')
    .register(helps, {
      group: 'Schedule',
      value: 'kind',
      help: `how the learning rate changes: ${scheduleNames.join(', ')}`,
    }),
  warmupSteps: wholeOrShare().default(0).register(helps, {
    group: 'Schedule',
    value: 'n|share',
    help: 'steps in which the rate rises linearly, or a share of all steps such as 5%',
  }),
  decaySteps: whole(1).optional().register(helps, {
    group: 'Schedule',
    value: 'n',
    help: 'the step from which on the rate is the final one',
    initial: '--max-steps',
  }),
  finalLr: nonNegative().default(0).register(helps, {
    group: 'Schedule',
    value: 'rate',
    help: 'the rate it falls to',
  }),
  stepSize: whole(1).default(1000).register(helps, {
    group: 'Schedule',
    value: 'n',
    help: 'steps from one change to the next',
  }),
  gamma: positive().default(0.1).register(helps, {
    group: 'Schedule',
    value: 'g',
    help: 'what a change multiplies the rate by',
  }),
};
