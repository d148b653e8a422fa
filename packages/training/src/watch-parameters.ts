import { tensor1d, tensor2d, tidy, variableGrads, type Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { crossEntropy } from './cross-entropy.js';
import { distributionOf, type Distribution } from './distribution.js';
import { rememberUntrained } from './remember-untrained.js';
import type { Trainable } from './trainable.js';

/** A parameter and its gradient as they were before a step. */
export interface WatchedParameter {
  /** PyTorch's name, `linear1.weight`; its place, `parameters.0`, where the model gives no names. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Distribution;
  /** `undefined` when the loss doesn't depend on the parameter. */
  readonly gradient: Distribution | undefined;
}

/**
 * How a model's parameters and their gradients on a batch are distributed: what `wandb.watch(model, log="all")` shows.
 * The gradients are those that a step on this batch would take, before any clipping. The run goes on as if nobody had
 * looked: what the forward pass changes on its way, such as the counter of a dropout, is put back.
 */
export function watchParameters(model: Trainable, batch: Batch): WatchedParameter[] {
  const parameters = namedParameters(model);
  const watched: WatchedParameter[] = [];
  const putBack = rememberUntrained();
  try {
    tidy(() => {
      const inputs = tensor2d(batch.inputs, [batch.size, batch.contextSize], 'int32'); // [B, T]
      const targets = tensor1d(batch.targets, 'int32'); // [B]
      const { grads } = variableGrads(
        () => crossEntropy(model.logits(inputs), targets),
        parameters.map(([, parameter]) => parameter),
      );
      for (const [name, parameter] of parameters) {
        const { shape } = parameter;
        const values = distributionOf(parameter.dataSync<'float32'>());
        watched.push({ name, shape, values, gradient: gradientOf(parameter, grads) });
      }
    });
  } finally {
    putBack();
  }
  return watched;
}

function namedParameters(model: Trainable): [name: string, parameter: Variable][] {
  const named = [...(model.namedParameters?.() ?? [])];
  if (named.length > 0) return named;
  return model.parameters().map((parameter, i) => [`parameters.${i}`, parameter]);
}

function gradientOf(
  { name }: Variable,
  gradients: ReturnType<typeof variableGrads>['grads'],
): Distribution | undefined {
  // tfjs leaves null, or nothing, for what the loss doesn't depend on; its types don't say so.
  const gradient = (gradients as Partial<typeof gradients>)[name];
  return gradient ? distributionOf(gradient.dataSync<'float32'>()) : undefined;
}
