import { tensor, tidy, type Rank, type ShapeMap, type Variable } from '@tensorflow/tfjs-core';
import { normal, uniform, type Generator } from '@llm101/random';
import { newVariable } from './new-variable.js';

/** What follows a layer and decides how much its values are scaled; see {@link calculateGain}. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'selu';

/** Settings of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions {
  /** Draws the values. */
  readonly generator: Generator;
  /** Whether the size of values is kept forward (`'fanIn'`, the default) or that of gradients backward. */
  readonly mode?: 'fanIn' | 'fanOut';
  /** Default: `'leakyRelu'`, as in PyTorch. */
  readonly nonlinearity?: Nonlinearity;
  /** Slope of the leaky ReLU for negative values; default: 0, which makes it ReLU. */
  readonly slope?: number;
}

/** Settings of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions {
  /** Draws the values. */
  readonly generator: Generator;
  /** Default: 1; see {@link calculateGain}. */
  readonly gain?: number;
}

/**
 * Values uniform in ±√3 gain / √fan: `nn.init.kaiming_uniform_(weight)`.
 *
 * Source: He et al. (2015), "Delving Deep into Rectifiers", https://arxiv.org/abs/1502.01852
 *
 * @param weight - `[out, in, …]`, changed in place
 * @throws RangeError when it has fewer than two axes
 */
export function kaimingUniform(weight: Variable, options: KaimingOptions): void {
  fillUniform(weight, options.generator, kaimingDeviation('kaimingUniform', weight, options));
}

/** Normal values of standard deviation gain / √fan: `nn.init.kaiming_normal_(weight)`. See {@link kaimingUniform}. */
export function kaimingNormal(weight: Variable, options: KaimingOptions): void {
  fillNormal(weight, options.generator, kaimingDeviation('kaimingNormal', weight, options));
}

/**
 * Values uniform in ±√3 gain √(2 / (fanIn + fanOut)): `nn.init.xavier_uniform_(weight, gain)`.
 *
 * Source: Glorot and Bengio (2010), https://proceedings.mlr.press/v9/glorot10a.html
 *
 * @param weight - `[out, in, …]`, changed in place
 * @throws RangeError when it has fewer than two axes
 */
export function xavierUniform(weight: Variable, options: XavierOptions): void {
  fillUniform(weight, options.generator, xavierDeviation('xavierUniform', weight, options));
}

/** Normal values of standard deviation gain √(2 / (fanIn + fanOut)). See {@link xavierUniform}. */
export function xavierNormal(weight: Variable, options: XavierOptions): void {
  fillNormal(weight, options.generator, xavierDeviation('xavierNormal', weight, options));
}

/**
 * The factor that makes up for how a nonlinearity shrinks values: `nn.init.calculate_gain(nonlinearity, slope)`.
 *
 * @param slope - of the leaky ReLU for negative values; default: 0.01, as in PyTorch
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + slope ** 2));
    case 'selu':
      return 3 / 4;
    default:
      return nonlinearity satisfies never;
  }
}

function kaimingDeviation(where: string, weight: Variable, options: KaimingOptions): number {
  const { mode = 'fanIn', nonlinearity = 'leakyRelu', slope = 0 } = options;
  return calculateGain(nonlinearity, slope) / Math.sqrt(fans(where, weight)[mode]);
}

function xavierDeviation(where: string, weight: Variable, { gain = 1 }: XavierOptions): number {
  const { fanIn, fanOut } = fans(where, weight);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** How many inputs an output has, and how many outputs an input. */
function fans(where: string, { shape, size }: Variable): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new RangeError(
      `${where}: weight must have at least 2 axes, [out, in, …]; got shape [${shape.join(', ')}]`,
    );
  }
  const [outputs, inputs] = shape;
  return { fanIn: size / outputs, fanOut: size / inputs };
}

function fillUniform(weight: Variable, generator: Generator, deviation: number): void {
  const bound = Math.sqrt(3) * deviation;
  assign(weight, uniform(generator, weight.size, { low: -bound, high: bound }));
}

/** Values of a normal distribution around 0, in place: `nn.init.normal_(weight, std=std)`. */
export function fillNormal(weight: Variable, generator: Generator, std: number): void {
  assign(weight, normal(generator, weight.size, { std }));
}

function assign(weight: Variable, values: Float32Array): void {
  tidy(() => weight.assign(tensor(values, weight.shape)));
}

/**
 * A variable that starts with these values, row-major, in float32: `nn.Parameter(torch.tensor(values))`. As a field of a
 * {@link Module} it is trained; one that isn't trainable is a buffer.
 *
 * @throws RangeError when there aren't as many values as the shape has places
 * @throws Error when no backend runs
 */
export function parameter<R extends Rank>(
  values: ArrayLike<number>,
  shape: ShapeMap[R],
  trainable = true,
): Variable<R> {
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(
      `parameter: shape [${shape.join(', ')}] has ${sizeOf(shape)} places; got ${values.length} values`,
    );
  }
  return newVariable(() => tensor<R>(Float32Array.from(values), shape, 'float32'), trainable);
}

/**
 * A parameter drawn from a normal distribution: `nn.Parameter(torch.randn(shape) * scale)`.
 *
 * @param scale - its standard deviation; default: 1
 */
export function randnParameter<R extends Rank>(
  shape: ShapeMap[R],
  generator: Generator,
  scale = 1,
): Variable<R> {
  return parameter<R>(normal(generator, sizeOf(shape), { std: scale }), shape);
}

/** A parameter of zeros: `nn.Parameter(torch.zeros(shape))`. */
export function zerosParameter<R extends Rank>(shape: ShapeMap[R]): Variable<R> {
  return parameter<R>(new Float32Array(sizeOf(shape)), shape);
}

/** A parameter of ones: `nn.Parameter(torch.ones(shape))`. */
export function onesParameter<R extends Rank>(shape: ShapeMap[R]): Variable<R> {
  return parameter<R>(new Float32Array(sizeOf(shape)).fill(1), shape);
}

/**
 * A parameter as PyTorch initialises `Linear` and `Conv1d`: uniform within ±1/√fanIn, where fanIn counts the inputs of
 * one output.
 */
export function uniformParameter<R extends Rank>(
  shape: ShapeMap[R],
  fanIn: number,
  generator: Generator,
): Variable<R> {
  const bound = 1 / Math.sqrt(fanIn);
  return parameter<R>(uniform(generator, sizeOf(shape), { low: -bound, high: bound }), shape);
}

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);
