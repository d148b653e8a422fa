import { adam, adamw, decayMatrices, type Optimizer, sgd } from '@llm101/training';
import type { Variable } from '@tensorflow/tfjs-core';
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
  make(groups: Parameters<typeof sgd>[0], settings: Read, shared: SharedOptions): Optimizer;
}

interface SgdSettings {
  readonly momentum: number;
  readonly nesterov: boolean;
}

const sgdKind: OptimizerKind<SgdSettings> = {
  reads: { momentum: true, nesterov: true },
  make: (groups, { momentum, nesterov }, shared) => sgd(groups, { ...shared, momentum, nesterov }),
};

interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

const adamKind = (rule: typeof adam): OptimizerKind<AdamSettings> => ({
  reads: { beta1: true, beta2: true, epsilon: true },
  make: (groups, { beta1, beta2, epsilon }, shared) =>
    rule(groups, { ...shared, betas: [beta1, beta2], epsilon }),
});

/** The optimizers by name. A new one is a row here. */
export const optimizerKinds = {
  sgd: sgdKind,
  adam: adamKind(adam),
  adamw: { ...adamKind(adamw), weightDecay: 0.01 }, // PyTorch's default
} satisfies Readonly<Record<string, OptimizerKind<never>>>;

/** The names of {@link optimizerKinds}. */
export const optimizerNames = namesOf(optimizerKinds);

/** What {@link makeOptimizer} reads. */
export interface OptimizerSettings extends SgdSettings, AdamSettings {
  readonly optimizer: keyof typeof optimizerKinds;
  readonly lr: number;
  readonly weightDecay?: number | undefined;
  readonly decayMatrices: boolean;
  readonly clipNorm: number;
}

/** The optimizer that the settings name. */
export function makeOptimizer(
  parameters: readonly Variable[],
  settings: OptimizerSettings,
): Optimizer {
  const kind: Omit<OptimizerKind<OptimizerSettings>, 'reads'> = optimizerKinds[settings.optimizer];
  const { lr: learningRate, clipNorm, weightDecay = kind.weightDecay ?? 0 } = settings;
  const groups = settings.decayMatrices
    ? decayMatrices(parameters, weightDecay)
    : [{ parameters, weightDecay }];
  return kind.make(groups, settings, { learningRate, ...(clipNorm > 0 && { clipNorm }) });
}
