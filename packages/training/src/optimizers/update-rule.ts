import { engine, getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Settings that every optimizer has. */
export interface OptimizerSettings {
  readonly learningRate: number;
}

/** What a rule is given for one parameter. */
export interface Update<Settings> {
  readonly parameter: Variable;
  readonly gradient: Tensor;
  /** What the rule remembers, in the order of its slots. */
  readonly slots: readonly Tensor[];
  readonly rate: Scalar;
  /** The number of the step among those that had a gradient for this parameter, 1 at the first; a float32. */
  readonly step: Scalar;
  readonly settings: Settings;
}

/** How an optimizer changes a parameter. */
export interface UpdateRule<Settings> {
  /** The function's name, for errors. */
  readonly where: string;
  /** @throws RangeError naming the first setting that is out of range */
  check(settings: Settings): void;
  /**
   * Names of what is remembered for each parameter, of its shape and 0 at first; with none, steps aren't counted and `step`
   * is NaN. None may be `step`, the name of the count.
   */
  slots(settings: Settings): readonly string[];
  /** The parameter after the step, then its slots. */
  update(update: Update<Settings>): readonly Tensor[];
}

/** A call of a kernel that does a whole update at once. */
export interface UpdateCall {
  readonly kernel: 'MomentumUpdate' | 'AdamUpdate';
  readonly inputs: NamedTensorMap;
  readonly attrs: NamedAttrMap;
}

/**
 * Runs a kernel that the backend may have; `@llm101/wasm` registers some.
 *
 * @returns its outputs, or nothing where there is no such kernel
 */
export function runUpdate({ kernel, inputs, attrs }: UpdateCall): Tensor[] | undefined {
  if (getKernel(kernel, getBackend()) === undefined) return undefined;
  return engine().runKernel<Tensor[]>(kernel, inputs, attrs);
}
