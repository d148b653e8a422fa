import {
  add,
  clone,
  div,
  engine,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sum,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { withBackendHint } from '../backend-hint.js';

/**
 * A gradient for each parameter of an optimizer, in their order; `undefined` for a parameter that the loss doesn't depend
 * on. They are plain tensors: whoever has asked for them disposes of them.
 */
export type Gradients = readonly (Tensor | undefined)[];

/** A loss and its gradients. The caller disposes of both. */
export interface LossGradients {
  /** Before any update. */
  readonly loss: Scalar;
  /** Not clipped. */
  readonly gradients: Gradients;
}

/**
 * A loss and its gradients. Where the loss throws, nothing is left in the backend: tfjs keeps what the way back would have needed.
 *
 * @throws what `loss` throws; Error where the backend lacks a kernel or a gradient
 */
export function gradientsOf(loss: () => Scalar, parameters: readonly Variable[]): LossGradients {
  try {
    const { value, grads } = withBackendHint(() => variableGrads(loss, [...parameters]));
    // Nothing, or null, is there for what the loss doesn't depend on; tfjs' types don't say so.
    const found: Readonly<Record<string, Tensor | null | undefined>> = grads;
    return { loss: value, gradients: parameters.map(({ name }) => found[name] ?? undefined) };
  } catch (error) {
    const { state } = engine();
    if (state.gradientDepth === 0) {
      const tape: typeof state.activeTape | null = state.activeTape;
      for (const saved of (tape ?? []).flatMap((node) => node.saved ?? [])) saved.dispose();
    }
    throw error;
  }
}

/**
 * Adds up gradients of the same parameters, such as those of micro-batches or of shards. Scale each loss by its fraction of
 * the whole batch to get the gradients of the batch's mean loss.
 *
 * @returns new tensors, which the caller disposes of; those that are given stay
 * @throws RangeError when they are of different numbers of parameters
 */
export function addGradients(parts: readonly Gradients[]): Gradients {
  const [first = [], ...others] = parts;
  const odd = others.find(({ length }) => length !== first.length);
  if (odd !== undefined) {
    throw new RangeError(
      `addGradients: all must be of the same parameters; got ${first.length} and ${odd.length} gradients`,
    );
  }
  return first.map((_, i) => {
    const [head, ...rest] = parts.map((part) => part[i]).filter(isTensor);
    if (head === undefined) return undefined;
    return tidy(() => rest.reduce((total, next) => add(total, next), clone(head)));
  });
}

const isTensor = (gradient: Tensor | undefined): gradient is Tensor => gradient !== undefined;

/**
 * Scales gradients so that the norm of all their elements together is at most `maxNorm`:
 * `torch.nn.utils.clip_grad_norm_`, which multiplies by `min(1, maxNorm / (norm + 1e-6))`.
 *
 * Source: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks".
 *
 * @returns new tensors, and the norm before; the caller disposes of them
 */
export function clipByGlobalNorm(
  gradients: readonly Tensor[],
  maxNorm: number,
): { readonly clipped: Tensor[]; readonly norm: Scalar } {
  const squares = gradients.map((gradient) => sum<Scalar>(square(gradient)));
  const norm = sqrt(squares.reduce((total, part) => add(total, part)));
  const scale = minimum(div(scalar(maxNorm), add(norm, 1e-6)), 1);
  return { clipped: gradients.map((gradient) => mul(gradient, scale)), norm };
}
