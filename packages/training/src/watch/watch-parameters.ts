import { concat, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { gradientsOf } from '../optimizers/gradients.js';
import { interpret, type Compile } from '../step/compile.js';
import { distributionOf, type Distribution } from './distribution.js';
import { rememberUntrained } from '../state/variables.js';
import type { Trainable } from '../step/trainable.js';
import { lossOf, runOnBatch, runOnBatchLater, type BatchTensors } from '../step/train-step.js';

/** A parameter and its gradient as they were before a step. */
export interface WatchedParameter {
  /** PyTorch's name, `linear1.weight`; its position, `parameters.0`, where the model gives no names. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Distribution;
  /** `undefined` when the loss doesn't depend on the parameter. */
  readonly gradient: Distribution | undefined;
}

/** Shows how a model's parameters are distributed, as often as it is asked to. */
export interface ParameterWatch {
  /** How parameters and their gradients on a batch are distributed. */
  look(batch: Batch): WatchedParameter[];
  /** The same where gradients are computed elsewhere, as by a compiler whose functions answer later; then `look` throws. */
  lookLater?(batch: Batch): Promise<WatchedParameter[]>;
  /** Frees what it holds. */
  dispose(): void;
}

/** The gradients that a step on a batch would take, by parameter; `undefined` where the loss doesn't depend on it. */
type GradientsOf = (batch: Batch) => ReadonlyMap<Variable, Float32Array | undefined>;

/**
 * Shows how a model's parameters and their gradients are distributed: what `wandb.watch(model, log="all")` shows. The
 * gradients are those that a step on the batch would take, before any clipping. The run isn't
 * affected: what the forward pass changes, such as the counter of a dropout, is restored.
 *
 * @param compile - default: `interpret`
 */
export function watchParameters(model: Trainable, compile: Compile = interpret): ParameterWatch {
  const variables = namedParameters(model).map(([, parameter]) => parameter);
  /** Parameters that the loss depends on, in the order of their gradients. */
  let reached: Variable[] = [];
  const gradients = compile((...batch: BatchTensors) =>
    tidy(() => {
      const found = gradientsOf(() => lossOf(model, batch), variables).gradients;
      reached = variables.filter((_, i) => found[i] !== undefined);
      return concat<Tensor1D>(
        found.flatMap((gradient) => (gradient === undefined ? [] : [reshape(gradient, [-1])])),
      );
    }),
  );
  const split = (values: ArrayLike<number>): Map<Variable, Float32Array> => {
    const flat = Float32Array.from(values);
    let at = 0;
    return new Map(reached.map((v) => [v, flat.subarray(at, (at += v.size))]));
  };
  const watch = watchGradients(model, (batch) => {
    const restore = rememberUntrained();
    try {
      return split(runOnBatch(gradients, batch));
    } finally {
      restore();
    }
  });
  const readLater = gradients.readLater?.bind(gradients);
  return {
    look: watch.look,
    ...(readLater && {
      async lookLater(batch) {
        const restore = rememberUntrained();
        try {
          const found = split(await runOnBatchLater(readLater, batch));
          await gradients.sync?.(); // what the pass has changed comes here, to be restored
          return describe(model, found);
        } finally {
          restore();
        }
      },
    }),
    dispose: () => gradients.dispose(),
  };
}

/** The same for whoever has the gradients already. */
export function watchGradients(
  model: Trainable,
  gradientsOf: GradientsOf,
): Pick<ParameterWatch, 'look'> {
  return { look: (batch) => describe(model, gradientsOf(batch)) };
}

function describe(model: Trainable, gradients: ReturnType<GradientsOf>): WatchedParameter[] {
  return namedParameters(model).map(([name, parameter]) => {
    const values = distributionOf(parameter.dataSync<'float32'>());
    const gradient = gradients.get(parameter);
    return { name, shape: parameter.shape, values, gradient: gradient && distributionOf(gradient) };
  });
}

function namedParameters(model: Trainable): [name: string, parameter: Variable][] {
  const named = [...(model.namedParameters?.() ?? [])];
  if (named.length > 0) return named;
  return model.parameters().map((parameter, i) => [`parameters.${i}`, parameter]);
}
