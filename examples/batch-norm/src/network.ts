import {
  Module,
  onesParameter,
  randnParameter,
  zerosParameter,
  type LanguageModel,
} from '@llm101/models';
import type { Generator } from '@llm101/random';
import {
  add,
  div,
  gather,
  matMul,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  type Rank,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** What a {@link Network} is made of; the lecture's five are in {@link networks}. */
export interface Parts {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly biases: boolean;
  /** Whether hidden layers have the two parameters of batch norm, used or not. */
  readonly normParameters: boolean;
  /** Whether they normalise over the batch. */
  readonly batchNorm: boolean;
  /** Whether the last hidden layer adds the first. */
  readonly residual: boolean;
}

const two = { hidden: [256], biases: true, residual: false };
const deep = { hidden: [256, 512, 256], biases: false, normParameters: true, residual: false };

/** The lecture's networks. */
export const networks = {
  two: { ...two, normParameters: false, batchNorm: false },
  two_bn: { ...two, normParameters: true, batchNorm: true },
  deep: { ...deep, batchNorm: false },
  deep_bn: { ...deep, batchNorm: true },
  deep_bn_res: { ...deep, batchNorm: true, residual: true },
} as const satisfies Record<string, Parts>;

/** A product, a batch norm where there is one, tanh; written with bare parameters. */
class Hidden extends Module {
  readonly W;
  readonly b;
  readonly gamma;
  readonly beta;
  readonly #parts: Parts;

  constructor([inputs, units]: readonly [number, number], parts: Parts, generator: Generator) {
    super();
    this.#parts = parts;
    this.W = randnParameter<Rank.R2>([inputs, units], generator);
    this.b = parts.biases ? randnParameter<Rank.R1>([units], generator) : undefined;
    this.gamma = parts.normParameters ? onesParameter<Rank.R2>([1, units]) : undefined;
    this.beta = parts.normParameters ? zerosParameter<Rank.R2>([1, units]) : undefined;
  }

  /** `[B, in]` to `[B, H]` */
  forward(x: Tensor2D): Tensor2D {
    const product = matMul<Tensor2D>(x, this.W);
    const sums = this.b === undefined ? product : add<Tensor2D>(product, this.b);
    return tanh(this.#parts.batchNorm ? this.#normalised(sums) : sums);
  }

  /** Each unit with mean 0 and deviation 1 over the batch, then scaled and moved as it learns. */
  #normalised(x: Tensor2D): Tensor2D {
    const { gamma, beta } = this;
    if (gamma === undefined || beta === undefined) return x;
    const centred = sub<Tensor2D>(x, mean(x, 0, true)); // [B, H]
    const variance = div(sum(square(centred), 0, true), x.shape[0] - 1); // [1, H], as torch.std
    return add(div(mul(gamma, centred), add(sqrt(variance), 1e-8)), beta);
  }
}

/** Three letters, 16 numbers each, hidden layers, 27 scores. */
export class Network extends Module implements LanguageModel {
  readonly vocabSize = 27;
  readonly contextSize = 3;
  readonly padsContexts = true;
  readonly C;
  readonly hidden: readonly Hidden[];
  readonly W;
  readonly b;
  readonly #residual: boolean;

  /** @param generator - draws the parameters, in the order of the fields */
  constructor(parts: Parts, generator: Generator) {
    super();
    const widths = [48, ...parts.hidden];
    this.C = randnParameter<Rank.R2>([27, 16], generator);
    this.hidden = parts.hidden.map((units, i) => new Hidden([widths[i], units], parts, generator));
    this.W = randnParameter<Rank.R2>([widths[parts.hidden.length], 27], generator);
    this.b = parts.biases ? randnParameter<Rank.R1>([27], generator) : undefined;
    this.#residual = parts.residual;
  }

  /** @param tokens - `[B, 3]` */
  logits(tokens: Tensor2D): Tensor2D {
    let x = reshape<Rank.R2>(gather(this.C, tokens), [-1, 48]);
    const outputs = this.hidden.map((layer) => (x = layer.forward(x)));
    const last = this.#residual ? add<Tensor2D>(x, outputs[0]) : x;
    const scores = matMul<Tensor2D>(last, this.W);
    return this.b === undefined ? scores : add<Tensor2D>(scores, this.b);
  }
}
