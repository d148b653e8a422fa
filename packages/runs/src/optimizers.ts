import {
  adam,
  adamw,
  averageWeights,
  decayMatrices,
  muon,
  muonGroups,
  type Optimizer,
  scheduleFreeAdamW,
  sgd,
} from '@llm101/training';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Network } from './models/model-kind.js';
import { namesOf } from './rules.js';

/** Options of every optimizer. */
interface SharedOptions {
  readonly learningRate: number;
  readonly clipNorm?: number;
}

/** An optimizer, as `--optimizer` names it. */
interface OptimizerKind<Read> {
  /** The settings that it reads; where only some kinds read a setting, it is refused for the others. */
  readonly reads: Readonly<Record<keyof Read & string, true>>;
  /** Default: 0. */
  readonly weightDecay?: number;
  /** Whether it evaluates by a mean of weights already. */
  readonly hasMean?: true;
  make(trained: Trained, settings: Read, shared: SharedOptions): Optimizer;
}

/** What is trained: by groups of parameters that each have a weight decay. */
interface Trained {
  readonly model: TrainedModel;
  readonly groups: (parameters: readonly Variable[]) => Group[];
}

/** A model, or what an optimizer asks of it. */
type TrainedModel = Pick<Network, 'parameters' | 'namedParameters' | 'vocabSize'>;

interface Group {
  readonly parameters: readonly Variable[];
  readonly weightDecay: number;
}

interface SgdSettings {
  readonly momentum: number;
  readonly nesterov: boolean;
}

const sgdKind: OptimizerKind<SgdSettings> = {
  reads: { momentum: true, nesterov: true },
  make: ({ model, groups }, { momentum, nesterov }, shared) =>
    sgd(groups(model.parameters()), { ...shared, momentum, nesterov }),
};

interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

const adamKind = (rule: typeof adam): OptimizerKind<AdamSettings> => ({
  reads: { beta1: true, beta2: true, epsilon: true },
  make: ({ model, groups }, { beta1, beta2, epsilon }, shared) =>
    rule(groups(model.parameters()), { ...shared, betas: [beta1, beta2], epsilon }),
});

interface MuonSettings extends AdamSettings {
  readonly muonMomentum: number;
  readonly muonRate: 'original' | 'match-rms-adamw';
}

const muonKind: OptimizerKind<MuonSettings> = {
  reads: { muonMomentum: true, muonRate: true, beta1: true, beta2: true, epsilon: true },
  weightDecay: 0.1, // PyTorch's default
  make({ model, groups }, { muonMomentum: momentum, muonRate, ...settings }, shared) {
    const { beta1, beta2, epsilon } = settings;
    const own = muonGroups(model, model.vocabSize).flatMap(({ rule, parameters }) => {
      const ofAdamW = rule === 'adamw' && { betas: [beta1, beta2] as const, epsilon };
      return Array.from(groups(parameters), (group) => ({ ...group, rule, ...ofAdamW }));
    });
    return muon(own, { ...shared, momentum, adjustRate: muonRate });
  },
};

/** The optimizers by name. A new one is a row here. */
export const optimizerKinds = {
  sgd: sgdKind,
  adam: adamKind(adam),
  adamw: { ...adamKind(adamw), weightDecay: 0.01 }, // PyTorch's default
  muon: muonKind,
  'schedule-free': { ...adamKind(scheduleFreeAdamW), hasMean: true },
} satisfies Readonly<Record<string, OptimizerKind<never>>>;

/** The names of {@link optimizerKinds}. */
export const optimizerNames = namesOf(optimizerKinds);

/** What {@link makeOptimizer} reads. */
export interface OptimizerSettings extends SgdSettings, MuonSettings {
  readonly optimizer: keyof typeof optimizerKinds;
  readonly lr: number;
  readonly weightDecay?: number | undefined;
  readonly decayMatrices: boolean;
  readonly clipNorm: number;
  readonly averageWeights: number;
}

/** The optimizer that the settings name. */
export function makeOptimizer(model: TrainedModel, settings: OptimizerSettings): Optimizer {
  const kind: Omit<OptimizerKind<OptimizerSettings>, 'reads'> = optimizerKinds[settings.optimizer];
  const { lr: learningRate, clipNorm, weightDecay = kind.weightDecay ?? 0 } = settings;
  const groups = (parameters: readonly Variable[]): Group[] =>
    settings.decayMatrices ? decayMatrices(parameters, weightDecay) : [{ parameters, weightDecay }];
  const shared = { learningRate, ...(clipNorm > 0 && { clipNorm }) };
  const optimizer = kind.make({ model, groups }, settings, shared);
  const { averageWeights: decay } = settings;
  return decay === 0 ? optimizer : averageWeights(optimizer, { decay });
}

/** Whether an optimizer evaluates by a mean of weights of its own, so that there can't be another. */
export function hasMean({ optimizer }: Pick<OptimizerSettings, 'optimizer'>): boolean {
  return 'hasMean' in optimizerKinds[optimizer];
}
