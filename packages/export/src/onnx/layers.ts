import { transposed, type Weights } from '../exported-model.js';
import type { OnnxGraph, Value } from './graph.js';

/** Adds the layers of a model to a graph. */
export class OnnxLayers {
  readonly graph: OnnxGraph;
  readonly weights: Weights;

  constructor(graph: OnnxGraph, weights: Weights) {
    this.graph = graph;
    this.weights = weights;
  }

  /** A row of a table for each of some whole numbers. */
  embedding(name: string, indices: Value): Value {
    return this.graph.node('Gather', [this.weight(`${name}.weight`), indices]);
  }

  /** `[…, in]` to `[…, out]`, with a bias where the model has one. */
  linear(name: string, x: Value): Value {
    const { graph, weights } = this;
    const weight = graph.weight(`${name}.weight.T`, transposed(weights.get(`${name}.weight`)));
    const product = graph.node('MatMul', [x, weight]);
    if (weights.find(`${name}.bias`) === undefined) return product;
    return graph.node('Add', [product, this.weight(`${name}.bias`)]);
  }

  /** A convolution over time, `[B, T, in]` to `[B, T', out]`. */
  convolution(name: string, x: Value, attributes: Readonly<Record<string, number[]>>): Value {
    const { graph } = this;
    const inputs = [
      graph.node('Transpose', [x], { perm: [0, 2, 1] }),
      this.weight(`${name}.weight`),
      this.weight(`${name}.bias`),
    ];
    return graph.node('Transpose', [graph.node('Conv', inputs, attributes)], { perm: [0, 2, 1] });
  }

  layerNorm(name: string, x: Value): Value {
    const bias = this.weights.find(`${name}.bias`);
    const inputs = [
      x,
      this.weight(`${name}.weight`),
      ...(bias ? [this.weight(`${name}.bias`)] : []),
    ];
    return this.graph.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: 1e-5 } });
  }

  rmsNorm(name: string, x: Value): Value {
    const { graph } = this;
    const squares = graph.node('Mul', [x, x]);
    const mean = graph.node('ReduceMean', [squares], { axes: [-1], keepdims: 1 });
    const root = graph.node('Sqrt', [graph.node('Add', [mean, graph.number(1e-5)])]);
    return graph.node('Mul', [graph.node('Div', [x, root]), this.weight(`${name}.weight`)]);
  }

  /** Over the rows of `[B, C]`, by running statistics. */
  batchNorm(name: string, x: Value): Value {
    const parts = ['weight', 'bias', 'running_mean', 'running_var'];
    const inputs = [x, ...parts.map((part) => this.weight(`${name}.${part}`))];
    return this.graph.node('BatchNormalization', inputs, { epsilon: { float: 1e-5 } });
  }

  /** Activation functions that are no operators of ONNX. */
  activation(name: string, x: Value): Value {
    const { graph } = this;
    const operator = OPERATORS[name];
    if (operator !== undefined) return graph.node(operator, [x]);
    const half = (): Value => graph.node('Mul', [x, graph.number(0.5)]);
    const plusOne = (y: Value): Value => graph.node('Add', [y, graph.number(1)]);
    if (name === 'silu') return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
    if (name === 'squared-relu') {
      const positive = graph.node('Relu', [x]);
      return graph.node('Mul', [positive, positive]);
    }
    if (name === 'gelu') {
      const scaled = graph.node('Mul', [x, graph.number(Math.SQRT1_2)]);
      return graph.node('Mul', [half(), plusOne(graph.node('Erf', [scaled]))]);
    }
    // GELU by tanh
    const cubic = plusOne(graph.node('Mul', [graph.node('Mul', [x, x]), graph.number(0.044715)]));
    const inner = graph.node('Mul', [x, cubic]);
    const scaled = graph.node('Mul', [inner, graph.number(Math.sqrt(2 / Math.PI))]);
    return graph.node('Mul', [half(), plusOne(graph.node('Tanh', [scaled]))]);
  }

  /** A tensor of the model, entered in the graph. */
  weight(name: string): Value {
    return this.graph.weight(name, this.weights.get(name));
  }
}

const OPERATORS: Readonly<Record<string, string | undefined>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
};
