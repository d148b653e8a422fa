import { add, engine, getBackend, getKernel, mul, sub } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Settings that every optimizer has. */
export interface OptimizerSettings {
  readonly learningRate: number;
}

/** A parameter between two steps. */
export interface Remembered<Settings> {
  readonly parameter: Variable;
  /** What the rule remembers, in the order of its slots. */
  readonly slots: readonly Tensor[];
  /** The same of its scalars. */
  readonly scalars: readonly Scalar[];
  /** Steps that had a gradient for this parameter; a float32. */
  readonly step: Scalar;
  readonly settings: Settings;
}

/** What a rule is given for one parameter. Its step counts already: it is 1 at the first. */
export interface Update<Settings> extends Remembered<Settings> {
  readonly gradient: Tensor;
  readonly rate: Scalar;
  /** What the rule's {@link Direction} gives for it, where that has been computed. */
  readonly direction?: Tensor | undefined;
}

/** The part of an update that costs so much that threads share the parameters out. */
export interface Direction<Settings> {
  /** Multiplications for a parameter; 0 where the rule does without a direction. */
  cost(parameter: Variable, settings: Settings): number;
  /** A tensor of the parameter's shape; nothing changes. */
  compute(update: Update<Settings>): Tensor;
}

/** How an optimizer changes a parameter. */
export interface UpdateRule<Settings> {
  /** The function's name, for errors. */
  readonly where: string;
  /** @throws RangeError naming the first setting that is out of range */
  check(settings: Settings): void;
  /** @throws RangeError for a parameter that the rule can't change */
  checkParameter?(parameter: Variable, settings: Settings): void;
  /**
   * Names of what is remembered for each parameter, of its shape and 0 at first; with none, steps aren't counted and `step`
   * is NaN. None may be `step`, the name of the count.
   */
  slots(settings: Settings): readonly string[];
  /** Names of numbers that are remembered for each parameter that has slots. Default: none. */
  scalars?(settings: Settings): readonly string[];
  /** The parameter after the step, then its slots, then its scalars. */
  update(update: Update<Settings>): readonly Tensor[];
  /** Computed apart where threads share it out, and within `update` elsewhere. Default: none. */
  readonly direction?: Direction<Settings>;
  /** The value that a parameter has where the model is evaluated or saved. Default: that which it has in training. */
  evaluation?(remembered: Remembered<Settings>): Tensor;
}

/** A call of a kernel that computes at once what is composed of operations otherwise. */
export interface FusedCall {
  /** In tfjs' registry. */
  readonly name:
    'MomentumUpdate' | 'AdamUpdate' | 'ScheduleFreeUpdate' | 'Lerp' | 'RoundToBFloat16';
  readonly inputs: NamedTensorMap;
  readonly attrs: NamedAttrMap;
}

/**
 * Runs a kernel that the backend may have; `@llm101/wasm` registers some.
 *
 * @returns its outputs, or nothing where there is no such kernel: then the caller composes the same
 */
export function runFused({ name, inputs, attrs }: FusedCall): Tensor[] | undefined {
  if (getKernel(name, getBackend()) === undefined) return undefined;
  return [engine().runKernel<Tensor | Tensor[]>(name, inputs, attrs)].flat();
}

/** `a + (b - a) t`, of two tensors of one shape. */
export function lerp<T extends Tensor>(a: T, b: T, t: Scalar): T {
  const fused = runFused({ name: 'Lerp', inputs: { a, b, t }, attrs: {} });
  return (fused?.[0] as T | undefined) ?? add(a, mul(sub(b, a), t));
}
