import { add, reshape, tensor1d, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D } from '@tensorflow/tfjs-core';
import { Generator, randn } from '@llm101/random';
import { checkChoice, checkSizes, checkTokens } from '../checks.js';
import { kaimingNormal, xavierNormal, calculateGain, type Nonlinearity } from '../init.js';
import type { LanguageModel, Mode, ModelSizes } from '../language-model.js';
import { gelu, relu, sigmoid, silu, tanh } from '../layers/activations.js';
import { type Dropout, dropoutIfAny } from '../layers/dropout.js';
import { Embedding, Linear } from '../layers/linear.js';
import { BatchNorm1d, LayerNorm } from '../layers/normalisation.js';
import type { Stage } from '../layers/sequential.js';
import { Module } from '../module.js';

const activations = { relu, tanh, gelu, silu, sigmoid } satisfies Readonly<
  Record<MLPActivation, Stage>
>;

/** What the gain of an initialisation is chosen by; PyTorch has none for GELU and SiLU, which are near ReLU. */
const nonlinearities = {
  relu: 'relu',
  tanh: 'tanh',
  gelu: 'relu',
  silu: 'relu',
  sigmoid: 'sigmoid',
} as const satisfies Record<MLPActivation, Nonlinearity>;

/** What follows the product of a hidden layer. */
export type MLPActivation = 'relu' | 'tanh' | 'gelu' | 'silu' | 'sigmoid';

/** How the products of an {@link MLP} are drawn; its embedding is drawn from a standard normal in any case. */
export type MLPInit =
  /** As PyTorch's `nn.Linear` is made: uniform within ±1/√in. */
  | 'pytorch'
  /** Weights and biases from a standard normal, each weight as the lectures' `torch.randn(in, out)`. */
  | 'randn'
  /** Weights normal with deviation gain/√in, with the gain of the activation, biases 0. */
  | 'kaiming'
  /** Weights normal with deviation gain √(2 / (in + out)), biases 0. */
  | 'xavier';

const INITS = ['pytorch', 'randn', 'kaiming', 'xavier'] as const satisfies readonly MLPInit[];

/** Sizes of an {@link MLP}. */
export interface MLPSizes extends Omit<ModelSizes, 'dHidden'> {
  /** H: hidden units; of several hidden layers those of each, in order. */
  readonly dHidden: number | readonly number[];
  /** Default: `'relu'`. */
  readonly activation?: MLPActivation;
  /** Whether products add a bias; default: true. */
  readonly bias?: boolean;
  /** Whether hidden layers bring each unit to mean 0 and variance 1 over a batch, before the activation; default: false. */
  readonly batchNorm?: boolean;
  /** Whether they do so over the units of a row; default: false. */
  readonly layerNorm?: boolean;
  /**
   * Whether each hidden layer adds the output of the nearest one before it that has as many units, where there is one; default:
   * false.
   */
  readonly residual?: boolean;
  /** Fraction of each hidden layer's output that is left out in training; default: 0. */
  readonly dropout?: number;
  /** Default: `'pytorch'`. */
  readonly init?: MLPInit;
}

/**
 * A multi-layer perceptron: the embeddings of all T tokens side by side, hidden layers, scores. With one hidden layer it is the
 * lecture's, by names too: `embedding`, `linear1`, `linear2`. With more it counts on: `linear1`, `linear2`, … and at last the
 * product that gives the scores, each hidden layer's `norm1`, … beside them.
 *
 * Source: Bengio et al. (2003), "A Neural Probabilistic Language Model", https://jmlr.org/papers/v3/bengio03a.html
 */
export class MLP extends Module implements LanguageModel {
  readonly vocabSize: number;
  readonly contextSize: number;
  /** Its windows have T tokens. */
  readonly padsContexts = true;
  /** `[V, C]`: a vector for each symbol. */
  readonly embedding: Embedding;
  /** The hidden layers, the first from `T C` numbers. */
  readonly hidden: readonly HiddenLayer[];
  /** From the last hidden layer to the scores of `V` symbols. */
  readonly head: Linear;
  readonly #residual: boolean;

  /**
   * @param generator - draws the initial values, in the order of the layers
   * @throws RangeError when a size isn't a whole number of at least 1, there is no hidden layer, layers are normalised in two
   * ways, dropout isn't from 0 to below 1, or activation or init is none of the choices
   */
  constructor(sizes: MLPSizes, generator: Generator) {
    super();
    const widths = checkMLPSizes('MLP', sizes);
    const { vocabSize, contextSize, dEmbed, bias = true, init = 'pytorch' } = sizes;
    const inputs = [contextSize * dEmbed, ...widths];
    this.vocabSize = vocabSize;
    this.contextSize = contextSize;
    this.embedding = new Embedding(vocabSize, dEmbed, generator);
    this.hidden = widths.map((units, i) => new HiddenLayer(inputs[i], units, sizes, generator));
    const last = { inputs: inputs[widths.length], outputs: vocabSize, bias };
    this.head = drawLinear({ ...last, init, nonlinearity: 'linear' }, generator);
    this.#residual = sizes.residual ?? false;
  }

  /** @param mode - default: `'evaluation'`; batch norm and dropout differ in training */
  logits(tokens: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    const outputs = this.read(tokens, mode);
    return this.head.forward(outputs[outputs.length - 1]); // [B, V]
  }

  /**
   * What the first hidden layer reads, `[B, T C]`, and what each of them gives the next, `[B, H]`.
   *
   * @param tokens - `[B, T]` int32
   * @param mode - default: `'evaluation'`
   */
  read(tokens: Tensor2D, mode: Mode = 'evaluation'): readonly Tensor2D[] {
    const [B, T] = checkTokens('MLP', tokens, this.contextSize);
    const embedded = this.embedding.forward(tokens); // [B, T, C]
    let x = reshape<Rank.R2>(embedded, [B, T * embedded.shape[2]]); // [B, T C]
    const first = x;
    const outputs: Tensor2D[] = [];
    for (const layer of this.hidden) {
      const y = layer.forward(x, mode); // [B, H]
      const before = outputs.findLast(({ shape }) => shape[1] === y.shape[1]);
      x = this.#residual && before !== undefined ? add(y, before) : y;
      outputs.push(x);
    }
    return [first, ...outputs];
  }

  protected override fields(): [string, unknown][] {
    const hidden = this.hidden.flatMap(({ linear, norm, dropout }, i): [string, unknown][] => [
      [`linear${i + 1}`, linear],
      [`norm${i + 1}`, norm],
      [`dropout${i + 1}`, dropout],
    ]);
    return [
      ['embedding', this.embedding],
      ...hidden,
      [`linear${this.hidden.length + 1}`, this.head],
    ];
  }
}

/** A product, a normalisation where there is one, an activation. */
export class HiddenLayer extends Module {
  /** `[H, in]` */
  readonly linear: Linear;
  /** Of what the product gives. */
  readonly norm: BatchNorm1d | LayerNorm | undefined;
  /** Of what the activation gives. */
  readonly dropout: Dropout | undefined;
  readonly #activation: MLPActivation;

  constructor(inputs: number, units: number, options: HiddenLayerOptions, generator: Generator) {
    super();
    const { activation = 'relu', bias = true, init = 'pytorch', dropout = 0 } = options;
    const nonlinearity = nonlinearities[activation];
    this.linear = drawLinear({ inputs, outputs: units, bias, init, nonlinearity }, generator);
    if (options.batchNorm === true) this.norm = new BatchNorm1d(units);
    else if (options.layerNorm === true) this.norm = new LayerNorm(units);
    this.dropout = dropoutIfAny(dropout, generator);
    this.#activation = activation;
  }

  /** What the activation is given: `[B, in]` to `[B, H]`. */
  preActivation(x: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    const product = this.linear.forward(x);
    return this.norm?.forward(product, mode) ?? product;
  }

  /** `[B, in]` to `[B, H]` */
  forward(x: Tensor2D, mode: Mode = 'evaluation'): Tensor2D {
    const active = activations[this.#activation](this.preActivation(x, mode));
    return this.dropout?.forward(active, mode) ?? active;
  }
}

/** What a {@link HiddenLayer} is made of besides its sizes. */
export type HiddenLayerOptions = Pick<
  MLPSizes,
  'activation' | 'bias' | 'batchNorm' | 'layerNorm' | 'dropout' | 'init'
>;

interface DrawnLinear {
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
  readonly init: MLPInit;
  /** What follows. */
  readonly nonlinearity: Nonlinearity;
}

function drawLinear(drawn: DrawnLinear, generator: Generator): Linear {
  const { inputs, outputs, bias, init, nonlinearity } = drawn;
  if (init === 'pytorch') return new Linear(inputs, outputs, generator, { bias });
  const linear = new Linear(inputs, outputs, Generator.seeded(0), { bias }); // whose draws are overwritten
  const { weight } = linear;
  if (init === 'kaiming') kaimingNormal(weight, { generator, nonlinearity });
  else if (init === 'xavier') {
    xavierNormal(weight, { generator, gain: calculateGain(nonlinearity) });
  } else {
    const values = randn(generator, inputs * outputs);
    tidy(() => weight.assign(transpose(tensor2d(values, [inputs, outputs]))));
  }
  const shift = init === 'randn' && bias ? randn(generator, outputs) : new Float32Array(outputs);
  tidy(() => linear.bias?.assign(tensor1d(shift)));
  return linear;
}

/**
 * Parameters of {@link MLP}: `V C`, then for each layer `(in + 1) out`, or `in out` without biases, and `2 H` for the norm of
 * a hidden one. With one hidden layer `V C + (T C + 1) H + (H + 1) V`, 10,443 for V = 27, T = 8, C = 16, H = 64.
 *
 * @throws RangeError when a size isn't a whole number of at least 1
 */
export function mlpParameterCount(sizes: MLPSizes): number {
  const widths = checkMLPSizes('mlpParameterCount', sizes);
  const { vocabSize: V, contextSize: T, dEmbed: C, bias = true } = sizes;
  const norm = sizes.batchNorm === true || sizes.layerNorm === true ? 2 : 0;
  let [count, inputs] = [V * C, T * C];
  for (const units of widths) {
    count += (inputs + (bias ? 1 : 0) + norm) * units;
    inputs = units;
  }
  return count + (inputs + (bias ? 1 : 0)) * V;
}

/** @returns the hidden units of each layer */
function checkMLPSizes(where: string, sizes: MLPSizes): readonly number[] {
  const { vocabSize, contextSize, dEmbed, dHidden } = sizes;
  const widths = typeof dHidden === 'number' ? [dHidden] : dHidden;
  checkSizes(where, { vocabSize, contextSize, dEmbed });
  if (widths.length === 0) {
    throw new RangeError(`${where}: dHidden must have the units of at least 1 layer; got []`);
  }
  for (const units of widths) checkSizes(where, { dHidden: units });
  const { activation = 'relu', init = 'pytorch' } = sizes;
  checkChoice(`${where}: activation`, Object.keys(activations), activation);
  checkChoice(`${where}: init`, INITS, init);
  if (sizes.batchNorm === true && sizes.layerNorm === true) {
    throw new RangeError(`${where}: layers are normalised in one way; got batchNorm and layerNorm`);
  }
  return widths;
}
