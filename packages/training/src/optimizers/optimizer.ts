import { Variable, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorData } from '@llm101/safetensors';
import type { Gradients, LossGradients } from './gradients.js';

/** What an optimizer keeps between steps, by PyTorch's names: `0.step` and `0.exp_avg` for the first parameter, `1.step` …. */
export type OptimizerState = Readonly<Record<string, TensorData>>;

/** Changes parameters so that a loss falls. */
export interface Optimizer {
  /** What it changes, in the order of its {@link gradients}. */
  readonly parameters: readonly Variable[];
  /** The factor of a step; it may be set between steps. Groups with a rate of their own keep their ratio to it. */
  learningRate: number;
  /**
   * The gradients of a loss; nothing changes. They may be added up over micro-batches or shards ({@link addGradients})
   * before {@link update} takes them.
   *
   * @param loss - computes the loss from the parameters as they are
   * @returns the loss and its gradients, which the caller disposes of
   */
  gradients(loss: () => Scalar): LossGradients;
  /**
   * Makes one step by gradients, which are clipped first where the optimizer has a `clipNorm`. They stay the caller's.
   *
   * @param directions - where {@link Optimizer.directions} have been computed of the same gradients: those of all parameters that have one
   * @throws RangeError unless there is a gradient for each parameter, of its shape, or `undefined`
   */
  update(gradients: Gradients, directions?: ReadonlyMap<Variable, Tensor>): void;
  /** What of an update threads share out, as it costs so much, instead of computing it all. Default: nothing. */
  readonly directions?: Directions;
  /**
   * Makes one step by the gradients of a loss: {@link gradients}, then {@link update}.
   *
   * @param loss - computes the loss from the parameters as they are
   * @returns the loss before the step; the caller disposes of it
   */
  step(loss: () => Scalar): Scalar;
  /**
   * Gives the parameters the values by which the model is evaluated and saved, where they aren't those of training: a mean of the
   * weights on the way. `train` does it for each validation, for samples and in the end. Until {@link toTraining} gives back the
   * others, to the bit, there must be no step. Default: they are the same.
   */
  toEvaluation?(): void;
  /** Gives the parameters the values that training continues from, where {@link toEvaluation} has given them others. */
  toTraining?(): void;
  /** A copy of what it keeps between steps. */
  state(): OptimizerState;
  /**
   * Continues from a state. Either all of it is taken or nothing.
   *
   * @throws RangeError when the state is that of another optimizer or of other parameters
   */
  load(state: OptimizerState): void;
  /** Its rule and settings, which a run that resumes must have too. Default: nothing is known of them. */
  identity?(): unknown;
  /** Frees what the optimizer keeps between steps. */
  dispose(): void;
}

/** The part of an update that is computed parameter by parameter, such as Muon's products of matrices. */
export interface Directions {
  /** Multiplications for each parameter that has a direction. */
  readonly costs: ReadonlyMap<Variable, number>;
  /**
   * Directions of some of these parameters; nothing changes.
   *
   * @param gradients - of all parameters, as `update` takes them
   * @returns one of each parameter's shape, `undefined` where it has no gradient; the caller disposes of them
   */
  compute(gradients: Gradients, parameters: readonly Variable[]): Gradients;
}

/** Parameters with settings of their own; other settings are those of all. */
export type ParameterGroup<Settings> = Partial<Settings> & {
  readonly parameters: readonly Variable[];
};

/** What an optimizer is made for: parameters, or groups of them. */
export type ParameterList<Settings> = readonly Variable[] | readonly ParameterGroup<Settings>[];

/** A group with all its settings. */
export interface ResolvedGroup<Settings> {
  readonly parameters: readonly Variable[];
  readonly settings: Settings;
}

/**
 * Gives each group all settings.
 *
 * @throws RangeError when there is no parameter, or one is named twice
 */
export function resolveGroups<Settings extends object>(
  where: string,
  parameters: ParameterList<Settings>,
  settings: Settings,
): ResolvedGroup<Settings>[] {
  const groups = parameters.some(isVariable)
    ? [{ parameters: parameters.filter(isVariable), settings }]
    : parameters.filter(isGroup).map(({ parameters, ...own }) => ({
        parameters,
        settings: { ...settings, ...own },
      }));
  const all = groups.flatMap((group) => group.parameters);
  if (all.length === 0) {
    throw new RangeError(
      `${where}: there must be at least one parameter; got none, pass model.parameters()`,
    );
  }
  const twice = all.find((parameter, i) => all.indexOf(parameter) !== i);
  if (twice !== undefined) {
    throw new RangeError(
      `${where}: each parameter must be in one group; got one of shape [${twice.shape.join(', ')}] twice`,
    );
  }
  return groups;
}

/**
 * Two groups, as is usual for language models: matrices decay, vectors (biases, and the weights of norms) don't.
 *
 * @param weightDecay - that of the matrices
 */
export function decayMatrices(
  parameters: readonly Variable[],
  weightDecay: number,
): { readonly parameters: Variable[]; readonly weightDecay: number }[] {
  const matrices = parameters.filter(({ rank }) => rank >= 2);
  const vectors = parameters.filter(({ rank }) => rank < 2);
  return [
    { parameters: matrices, weightDecay },
    { parameters: vectors, weightDecay: 0 },
  ].filter((group) => group.parameters.length > 0);
}

function isVariable(item: object): item is Variable {
  return item instanceof Variable;
}

function isGroup<Settings>(
  item: Variable | ParameterGroup<Settings>,
): item is ParameterGroup<Settings> {
  return !isVariable(item);
}
