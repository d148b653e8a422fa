import { engine, scalar, Tensor, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from '@llm101/data';
import { withBackendHint } from '../backend-hint.js';
import { checkNumber } from '../checks.js';
import { rememberUntrained } from '../state/variables.js';
import { interpret } from '../step/compile.js';
import { lossOf, runOnBatch, type BatchTensors } from '../step/train-step.js';
import type { Mode, Trainable, WithLayers } from '../step/trainable.js';
import {
  checkHistogram,
  distributionOf,
  type Distribution,
  type HistogramOptions,
} from './distribution.js';

/** What a layer or an activation function gave for a batch. */
export interface WatchedActivation {
  /**
   * The layer's path, `linear1` or `layers.0.norm1`, and of one that gives several tensors that of each, `layers.0.next`; of a function its
   * kernel's name within the layer that calls it, `tanh` or `layers.0.gelu`, and `tanh.input` for what it was given where no layer gave
   * that. What is called again is numbered: `tanh.2`.
   */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Distribution;
  /** The values themselves, row-major, where they were asked for. */
  readonly data: Float32Array | undefined;
  /** Of the loss with respect to these values; `undefined` where the loss doesn't depend on them. */
  readonly gradient: Distribution | undefined;
  /**
   * The share of the values, 0 … 1, at which the function is flat, so that hardly any gradient comes through: beyond ±`saturation` for
   * tanh, as near to 0 or 1 for a sigmoid, either of WaveNet's gated activation, 0 for ReLU. `undefined` for layers and other functions.
   */
  readonly saturated: number | undefined;
  /** How many units (of the last axis) are saturated in every example of the batch: it teaches them nothing. */
  readonly deadUnits: number | undefined;
}

/** How {@link watchActivations} looks and counts. */
export interface ActivationWatchOptions {
  /** Of the values; those of gradients have as many bins, from the smallest to the largest. Default: as `distributionOf` has it. */
  readonly histogram?: HistogramOptions;
  /** From where on a value of tanh counts as saturated; default: 0.99. */
  readonly saturation?: number;
  /** Whether the values are kept themselves, as `data`. Default: false, they are counted only. */
  readonly values?: boolean;
  /** What the pass is for. Default: `'training'`, as in a step; with `'evaluation'` one row is enough for a batch norm, and no value is left out. */
  readonly mode?: Mode;
}

/** Looks at what a model's layers give. */
export interface ActivationWatch {
  /** What the layers give for a batch, in the order in which they are computed. */
  look(batch: Batch): WatchedActivation[];
}

/** A flat part of an activation function: whether a value is on it, by the limit of tanh. */
type Flat = (value: number, limit: number) => boolean;

const neverFlat: Flat | undefined = undefined;

/** The kernels of activation functions; the last four are those of `@llm101/wasm`. */
const ACTIVATIONS: ReadonlyMap<string, Flat | undefined> = new Map([
  ['Tanh', (value: number, limit: number) => Math.abs(value) > limit],
  ['Sigmoid', (value: number, limit: number) => Math.abs(2 * value - 1) > limit],
  ['Relu', (value: number) => value === 0],
  ['Relu6', (value: number) => value === 0 || value === 6],
  ['Elu', neverFlat],
  ['Selu', neverFlat],
  ['LeakyRelu', neverFlat],
  ['Softplus', neverFlat],
  ['Gelu', neverFlat],
  ['SquaredRelu', (value: number) => value === 0],
  ['SwiGLU', neverFlat],
  ['GatedActivation', (value: number, limit: number) => value > limit],
]);

/**
 * What the flat parts of a function are found by: its values, or of a gated activation `tanh(v) σ(g)`, which may be flat in two ways, the nearer
 * of tanh to ±1 and of the gate to 0 or 1.
 *
 * @param input - of the kernel: of a gated activation values and their gates, `[…, 2 C]`
 */
function measuredOf(name: string, input: unknown, output: unknown): Float32Array | undefined {
  if (name !== 'GatedActivation') return undefined;
  if (!(input instanceof Tensor) || !(output instanceof Tensor)) return undefined;
  const C = output.shape.at(-1) ?? 1;
  const both = input.dataSync<'float32'>();
  return Float32Array.from({ length: output.size }, (_, i) => {
    const at = Math.floor(i / C) * 2 * C + (i % C);
    return Math.max(Math.abs(Math.tanh(both[at])), Math.abs(Math.tanh(both[at + C] / 2))); // 2 σ(g) - 1
  });
}

/**
 * Shows what layers and activation functions give for a batch, and the gradient of the loss with respect to it: what lecture 4 draws.
 *
 * Layers are the model's modules with a `forward`, found through `children`; activation functions are found where tfjs computes them, so
 * that a model of bare parameters is seen too. Both are intercepted while it looks, and only then: compiled steps, and whoever doesn't
 * look, pay nothing. The run isn't affected: what the pass changes, such as the counter of a dropout, is restored.
 *
 * @throws RangeError when `saturation` isn't above 0 and below 1, or the histogram's options are out of range
 */
export function watchActivations(
  model: Trainable,
  {
    histogram = {},
    saturation = 0.99,
    values: keepsValues = false,
    mode = 'training',
  }: ActivationWatchOptions = {},
): ActivationWatch {
  checkHistogram('watchActivations', histogram);
  checkNumber('watchActivations: saturation', saturation, { above: 0, below: 1 });
  const { bins } = histogram;
  const scorer = { logits: (tokens: Tensor2D) => model.logits(tokens, mode) };
  return {
    look(batch) {
      const seen = new Seen();
      const restore = rememberUntrained();
      let gradients: (Float32Array | undefined)[] = [];
      const pass = interpret((...tensors: BatchTensors) => {
        const { loss, found } = seen.during(model, () => lossOf(scorer, tensors));
        gradients = found;
        return loss;
      });
      try {
        runOnBatch(pass, batch);
      } finally {
        restore();
      }
      return seen.outputs.map(({ name, shape, data, flat }, i) => {
        const gradient = gradients[i];
        const isFlat = (x: number): boolean => flat?.is(x, saturation) ?? false;
        const flatAt = flat && flatValues(flat.measured ?? data, shape.at(-1) ?? 1, isFlat);
        return {
          name,
          shape,
          values: distributionOf(data, histogram),
          data: keepsValues ? data : undefined,
          gradient: gradient && distributionOf(gradient, bins === undefined ? {} : { bins }),
          saturated: flatAt?.share,
          deadUnits: flatAt?.units,
        };
      });
    },
  };
}

/** How many values are flat, 0 … 1, and how many units are so in every row. */
function flatValues(
  data: Float32Array,
  units: number,
  isFlat: (value: number) => boolean,
): { readonly share: number; readonly units: number } {
  const counts = new Int32Array(units);
  for (const [i, value] of data.entries()) if (isFlat(value)) counts[i % units]++;
  const rows = data.length / units;
  return {
    share: counts.reduce((sum, count) => sum + count, 0) / data.length,
    units: counts.filter((count) => count === rows).length,
  };
}

interface Output {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly flat: FlatParts | undefined;
}

/** How flat parts of an output are found. */
interface FlatParts {
  readonly is: Flat;
  /** By what, as many values; `undefined`: by the output's own. */
  readonly measured: Float32Array | undefined;
}

/** What layers compute by: `convolve` is the `forward` of a causal convolution that is told how it reads the past. */
const METHODS = ['forward', 'convolve'] as const;

/** The outputs of one pass. */
class Seen {
  readonly outputs: Output[] = [];
  readonly #tensors: Tensor[] = [];
  readonly #calls = new Map<string, number>();
  /** The layers that are being computed, the innermost last. */
  readonly #within: string[] = [];

  /** Sees what is computed, and gives the gradient of the loss with respect to each output. */
  during(model: Trainable, lossOfModel: () => Scalar) {
    const interceptions = [this.#interceptKernels(), ...this.#interceptLayers(model)];
    const restore = (): void => interceptions.splice(0).forEach((undo) => undo());
    // The list of what gradients are wanted of is filled while the loss is computed; before, it mustn't be empty.
    const wanted: Tensor[] = [scalar(0)];
    try {
      const { value, grads } = withBackendHint(() =>
        engine().gradients(
          () => {
            const loss = lossOfModel();
            restore();
            for (const output of this.#tensors) wanted.push(output);
            return loss;
          },
          wanted,
          undefined,
          true,
        ),
      );
      // tfjs leaves nothing for what the loss doesn't depend on; its types don't say so.
      const gradients: readonly (Tensor | undefined)[] = grads.slice(1);
      const found = gradients.map((one) => one && Float32Array.from(one.dataSync<'float32'>()));
      return { loss: value, found };
    } finally {
      restore();
    }
  }

  #interceptKernels(): () => void {
    return intercept(engine(), 'runKernel', (run, inputs) => {
      const [name, tensors] = inputs;
      const output = run(inputs);
      if (typeof name === 'string' && ACTIVATIONS.has(name)) {
        const called = [...this.#within.slice(-1), name.toLowerCase()].join('.');
        const [input]: readonly unknown[] = Object.values(tensors as object);
        this.#add(`${called}.input`, input);
        const [first]: readonly unknown[] = [output].flat(); // others are for the gradient
        const flat = ACTIVATIONS.get(name);
        this.#add(called, first, flat && { is: flat, measured: measuredOf(name, input, first) });
      }
      return output;
    });
  }

  #interceptLayers(model: Trainable): (() => void)[] {
    return [...layersOf(model)].flatMap(([layer, name]) =>
      METHODS.map((method) =>
        intercept(layer, method, (compute, inputs) => {
          this.#within.push(name);
          const output = compute(inputs);
          this.#within.pop();
          this.#addAll(name, output);
          return output;
        }),
      ),
    );
  }

  /** Notes an output, or each tensor of one that has several by name. */
  #addAll(name: string, output: unknown): void {
    if (output instanceof Tensor || typeof output !== 'object' || output === null) {
      return this.#add(name, output);
    }
    for (const [key, part] of Object.entries(output)) this.#add(`${name}.${key}`, part);
  }

  /** Notes an output, unless a layer within gave the same. */
  #add(name: string, output: unknown, flat?: FlatParts): void {
    if (!(output instanceof Tensor) || output.dtype !== 'float32') return;
    if (this.#tensors.some(({ id }) => id === output.id)) return;
    const call = (this.#calls.get(name) ?? 0) + 1;
    this.#calls.set(name, call);
    this.#tensors.push(output);
    this.outputs.push({
      name: call === 1 ? name : `${name}.${call}`,
      shape: output.shape,
      data: Float32Array.from(output.dataSync<'float32'>()),
      flat,
    });
  }
}

/** The modules below a model, each once, with its path. */
function layersOf(model: WithLayers): Map<object, string> {
  const found = new Map<object, string>();
  const visit = (parent: WithLayers, prefix: string): void => {
    for (const [field, value] of parent.children?.() ?? []) {
      const children: readonly object[] = Array.isArray(value) ? value : [value];
      for (const [i, child] of children.entries()) {
        if (found.has(child)) continue;
        const name = Array.isArray(value) ? `${prefix}${field}.${i}` : `${prefix}${field}`;
        found.set(child, name);
        visit(child, `${name}.`);
      }
    }
  };
  visit(model, '');
  return found;
}

/**
 * Has a function called in place of one object's method, if it has it.
 *
 * @returns a function that restores the method
 */
function intercept(
  object: object,
  method: string,
  instead: (
    original: (inputs: readonly unknown[]) => unknown,
    inputs: readonly unknown[],
  ) => unknown,
): () => void {
  const original: unknown = Reflect.get(object, method);
  if (typeof original !== 'function') return () => {};
  const own = Object.getOwnPropertyDescriptor(object, method);
  const call = (inputs: readonly unknown[]): unknown => Reflect.apply(original, object, inputs); // bounded: arguments
  const value = (...inputs: readonly unknown[]): unknown => instead(call, inputs);
  Object.defineProperty(object, method, { value, configurable: true, writable: true });
  return () => {
    if (own === undefined) Reflect.deleteProperty(object, method);
    else Object.defineProperty(object, method, own);
  };
}
