import { inputNamed, sizeOf, type GraphNode, type Value } from '@llm101/wasm/recording';
import type { FunctionName } from '../wgsl/functions.js';
import type { Kernel, Pointwise, PointwiseCall } from '../wgsl/kernel.js';
import { float } from '../wgsl/types.js';
import { rectified } from './rectifiers.js';

/** An input of a node that must have it. */
export function given(node: GraphNode, name: string): Value {
  const value = inputNamed(node, name);
  if (value === undefined)
    throw new Error(`${node.kernel} must have an input ${name}; it has none`);
  return value;
}

/** An input's element at the output's place. */
const same = ({ node, kernel, index, line }: PointwiseCall, name: string): string =>
  line(kernel.at(given(node, name), index));

const isByTanh = ({ attrs }: GraphNode): boolean => attrs['approximate'] === 'tanh';

/** A product's ending, or an operation by itself: what is done to x. */
export function activate(kernel: Kernel, activation: string, x: string): string {
  switch (activation) {
    case 'relu':
      return rectified.relu(x);
    case 'gelu':
      return `${kernel.use('gelu')}(${x})`;
    case 'geluByTanh':
      return `${kernel.use('gelu_by_tanh')}(${x})`;
    case 'squaredRelu':
      return `(${rectified.relu(x)} * ${rectified.relu(x)})`;
    default:
      throw new Error(`compile: WebGPU has no kernel for a product's ending ${activation}`);
  }
}

/** The gradient dy by the slope at x, of the same. */
export function slope(kernel: Kernel, activation: string, dy: string, x: string): string {
  switch (activation) {
    case 'relu':
      return `select(select(0.0f, ${dy}, ${x} > 0.0f), ${x}, is_nan(${x}))`;
    case 'gelu':
      return `(${dy} * ${kernel.use('gelu_slope')}(${x}))`;
    case 'geluByTanh':
      return `(${dy} * ${kernel.use('gelu_by_tanh_slope')}(${x}))`;
    case 'squaredRelu':
      return `(2.0f * ${dy} * ${rectified.relu(x)})`;
    default:
      throw new Error(`compile: WebGPU has no kernel for a product's ending ${activation}Gradient`);
  }
}

const geluOf = (node: GraphNode): string => (isByTanh(node) ? 'geluByTanh' : 'gelu');

const sigmoid: FunctionName = 'sigmoid';

/** Activations and gates of this project's own, by the names of their kernels. */
export const activations: Readonly<Record<string, Pointwise>> = {
  Gelu: (call) => activate(call.kernel, geluOf(call.node), same(call, 'x')),
  GeluGrad: (call) => slope(call.kernel, geluOf(call.node), same(call, 'dy'), same(call, 'x')),
  SquaredRelu: (call) => activate(call.kernel, 'squaredRelu', same(call, 'x')),
  SquaredReluGrad: (call) => slope(call.kernel, 'squaredRelu', same(call, 'dy'), same(call, 'x')),
  ReluGradient: (call) => slope(call.kernel, 'relu', same(call, 'dy'), same(call, 'y')),
  SwiGLU(call) {
    const gate = same(call, 'gate');
    return `(${gate} * ${call.kernel.use(sigmoid)}(${gate}) * ${same(call, 'x')})`;
  },
  SwiGLUGrad(call) {
    const [gate, x, dy] = ['gate', 'x', 'dy'].map((name) => same(call, name));
    const s = call.line(`${call.kernel.use(sigmoid)}(${gate})`);
    const ofGate = `(${dy} * ${x} * ${s} * (1.0f + ${gate} * (1.0f - ${s})))`;
    return call.output === 0 ? ofGate : `(${dy} * ${gate} * ${s})`;
  },
  GatedActivation(call) {
    const { node, kernel, index, line, output } = call;
    const x = given(node, 'x');
    const C = (x.shape.at(-1) ?? 2) / 2;
    kernel.use(sigmoid, 'tanh_');
    if (output === 1) {
      const element = line(kernel.at(x, index));
      return `select(sigmoid(${element}), tanh_(${element}), ${index} % ${2 * C}u < ${C}u)`;
    }
    const place = line(`(${index} / ${C}u) * ${2 * C}u + ${index} % ${C}u`);
    return `(tanh_(${kernel.at(x, place)}) * sigmoid(${kernel.at(x, `${place} + ${C}u`)}))`;
  },
  GatedActivationGrad({ node, kernel, index, line }) {
    const [factors, dy] = ['factors', 'dy'].map((name) => given(node, name));
    const C = dy.shape.at(-1) ?? 1;
    const column = line(`${index} % ${2 * C}u`);
    const isValue = line(`${column} < ${C}u`);
    const own = line(kernel.at(factors, index));
    const other = line(
      kernel.at(factors, `select(${index} - ${C}u, ${index} + ${C}u, ${isValue})`),
    );
    const d = line(kernel.at(dy, `(${index} / ${2 * C}u) * ${C}u + ${column} % ${C}u`));
    return `(${d} * ${other} * select(${own} * (1.0f - ${own}), 1.0f - ${own} * ${own}, ${isValue}))`;
  },
  SeededDropout({ node, kernel, index, line }) {
    const { rate, seed } = node.attrs;
    const keep = keptBy(kernel, line(kernel.at(given(node, 'counter'), '0u')), {
      rate: Number(rate),
      seed: Number(seed),
    });
    const x = kernel.at(given(node, 'x'), index);
    return `select(0.0f, ${x} * ${float(1 / (1 - Number(rate)))}, ${keep(line, index)})`;
  },
  SoftmaxCrossEntropyGrad({ node, kernel, index, line }) {
    const [probabilities, targets, dLosses] = ['probabilities', 'targets', 'dLosses'].map((name) =>
      given(node, name),
    );
    const V = probabilities.shape[1];
    const row = line(`${index} / ${V}u`);
    const isTarget = `${kernel.at(targets, row)} == i32(${index} % ${V}u)`;
    return `((${kernel.at(probabilities, index)} - select(0.0f, 1.0f, ${isTarget})) * ${kernel.at(dLosses, row)})`;
  },
  RotaryPositions({ node, kernel, index, line }) {
    const [x, positions, rotations] = ['x', 'positions', 'rotations'].map((name) =>
      given(node, name),
    );
    const width = x.shape.at(-1) ?? 1;
    const [length, d] = rotations.shape;
    const half = d / 2;
    const row = line(`${index} / ${width}u`);
    const column = line(`(${index} % ${width}u) % ${d}u`);
    const isFirst = line(`${column} < ${half}u`);
    const position = kernel.at(positions, line(`${row} % ${sizeOf(positions)}u`));
    const at = line(`u32(clamp(${position}, 0i, ${length - 1}i)) * ${d}u + ${column} % ${half}u`);
    const cosine = kernel.at(rotations, at);
    const sine = kernel.at(rotations, `${at} + ${half}u`);
    const other = line(
      kernel.at(x, `select(${index} - ${half}u, ${index} + ${half}u, ${isFirst})`),
    );
    const sign = node.attrs['back'] === true ? ['1.0f', '-1.0f'] : ['-1.0f', '1.0f'];
    return `(${kernel.at(x, index)} * ${cosine} + select(${sign[1]}, ${sign[0]}, ${isFirst}) * ${other} * ${sine})`;
  },
};

/** Whether a mask of dropout keeps a place, given the name of its counter. */
export function keptBy(
  kernel: Kernel,
  counter: string,
  { rate, seed }: { readonly rate: number; readonly seed: number },
): (line: (expression: string) => string, index: string) => string {
  kernel.use('is_kept', 'mix');
  const threshold = Math.ceil(rate * 2 ** 24);
  return (line, index) => {
    const key = line(`mix(${seed >>> 0}u ^ mix(bitcast<u32>(${counter})))`);
    return `is_kept(${index}, ${key}, ${threshold}u)`;
  };
}
