import {
  concat,
  engine,
  reshape,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  variableGrads,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { interpret, type Compile } from './compile.js';
import { crossEntropy } from './cross-entropy.js';
import { distributionOf, type Distribution } from './distribution.js';
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

/** Looks at a model's parameters, again and again. */
export interface ParameterWatch {
  /** How parameters and their gradients on a batch are distributed. */
  look(batch: Batch): WatchedParameter[];
  /** Frees what it holds. */
  dispose(): void;
}

/**
 * Shows how a model's parameters and their gradients are distributed: what `wandb.watch(model, log="all")` shows. The
 * gradients are those that a step on the batch would take, before any clipping. The run goes on as if nobody had
 * looked: what the forward pass changes on its way, such as the counter of a dropout, is put back.
 *
 * @param compile - the way to run it; unless given, as it is
 */
export function watchParameters(model: Trainable, compile: Compile = interpret): ParameterWatch {
  const parameters = namedParameters(model);
  /** Parameters that the loss depends on, in the order of their gradients. */
  let reached: Variable[] = [];
  const gradientsOf = compile((inputs: Tensor2D, targets: Tensor1D) =>
    tidy(() => {
      const { grads } = variableGrads(
        () => crossEntropy(model.logits(inputs), targets),
        parameters.map(([, parameter]) => parameter),
      );
      // tfjs leaves null, or nothing, for what the loss doesn't depend on; its types don't say so.
      const found: Partial<typeof grads> = grads;
      reached = parameters.flatMap(([, parameter]) => (found[parameter.name] ? [parameter] : []));
      return concat<Tensor1D>(reached.map(({ name }) => reshape(grads[name], [-1])));
    }),
  );
  return {
    look: ({ inputs, targets, size: B, contextSize: T }) => {
      let flat: Float32Array = new Float32Array();
      keepingState(() => {
        tidy(() => {
          const tokens = tensor2d(inputs, [B, T], 'int32'); // [B, T]
          flat = gradientsOf(tokens, tensor1d(targets, 'int32')).dataSync<'float32'>();
        });
      });
      let at = 0;
      return parameters.map(([name, parameter]) => {
        const { shape, size } = parameter;
        const values = distributionOf(parameter.dataSync<'float32'>());
        if (!reached.includes(parameter)) return { name, shape, values, gradient: undefined };
        const gradient = distributionOf(flat.subarray(at, (at += size)));
        return { name, shape, values, gradient };
      });
    },
    dispose: () => gradientsOf.dispose(),
  };
}

function namedParameters(model: Trainable): [name: string, parameter: Variable][] {
  if (model.namedParameters !== undefined) return [...model.namedParameters()];
  return model.parameters().map((parameter, i) => [`parameters.${i}`, parameter]);
}

/** Calls `look`, then gives every variable that isn't trained the values it had before. */
function keepingState(look: () => void): void {
  const before = Object.values(engine().registeredVariables)
    .filter(({ trainable }) => !trainable)
    .map((state) => ({ state, values: state.dataSync().slice() }));
  try {
    look();
  } finally {
    for (const { state, values } of before) {
      const after = state.dataSync();
      if (values.every((value, i) => Object.is(value, after[i]))) continue;
      tidy(() => state.assign(tensor(values, state.shape, state.dtype)));
    }
  }
}
