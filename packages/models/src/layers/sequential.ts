import type { Tensor } from '@tensorflow/tfjs-core';
import type { Mode } from '../language-model.js';
import { Module } from '../module.js';

/** What maps one tensor to another: the layers of this package, and models of them. */
export interface Layer extends Module {
  /** Maps a tensor to another; layers that differ in training ask for the mode. */
  forward(x: Tensor, mode?: Mode): Tensor;
}

/** A part of {@link sequential}: a layer, or a function without parameters such as `relu`. */
export type Stage = Layer | ((x: Tensor) => Tensor);

/**
 * Layers one after the other, each fed by the one before: `nn.Sequential`. Functions count, so that parameters are named
 * as in PyTorch: in `sequential(linear, relu, linear)` they are `0.weight` … `2.bias`.
 */
export function sequential(...stages: Stage[]): Sequential {
  return new Sequential(stages);
}

/** See {@link sequential}. */
export class Sequential extends Module {
  readonly #stages: readonly Stage[];

  constructor(stages: readonly Stage[]) {
    super();
    this.#stages = stages;
  }

  /**
   * One layer after the other.
   *
   * @param mode - default: `'evaluation'`; every layer gets it
   */
  forward(x: Tensor, mode: Mode = 'evaluation'): Tensor {
    return this.#stages.reduce(
      (y, stage) => (stage instanceof Module ? stage.forward(y, mode) : stage(y)),
      x,
    );
  }

  protected override fields(): [string, unknown][] {
    return this.#stages.map((stage, i) => [String(i), stage]);
  }
}
