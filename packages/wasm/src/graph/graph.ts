import type { NamedAttrMap, Variable } from '@tensorflow/tfjs-core';
import type { NumericArray, TensorType } from '../kernels/tensor-type.js';

/** Where a value comes from. */
export type Source =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  /** Made within the step from numbers, or computed from such. */
  | { readonly kind: 'constant'; readonly values: NumericArray }
  /** A tensor made before the step, which is no variable. */
  | { readonly kind: 'captured'; readonly dataId: object; readonly values: NumericArray }
  | { readonly kind: 'node' };

/** A tensor of the recording. It never changes: a variable that is assigned to names another value from then on. */
export interface Value extends TensorType {
  readonly id: number;
  readonly source: Source;
}

/** One call of a kernel. */
export interface GraphNode {
  readonly kernel: string;
  /** The kernel's names for its inputs, `['x', 'indices']`; none where it takes a list. */
  readonly names: readonly string[] | undefined;
  readonly inputs: readonly Value[];
  readonly attrs: NamedAttrMap;
  readonly outputs: readonly Value[];
}

/** A variable and the value that it has after the step. */
export interface Assignment {
  readonly variable: Variable;
  readonly value: Value;
}

/** A step as a list of kernel calls, each after those whose outputs it reads. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly nodes: readonly GraphNode[];
  readonly assignments: readonly Assignment[];
  readonly results: readonly Value[];
}

/** What a step leaves behind: results, and new values of variables. */
export function endsOf({ results, assignments }: Graph): Value[] {
  return [...results, ...assignments.map(({ value }) => value)];
}

/** The first number that no value of a graph has. */
export function firstFreeId(graph: Graph): number {
  let free = 0;
  const count = ({ id }: Value): void => {
    free = Math.max(free, id + 1);
  };
  for (const value of graph.inputs) count(value);
  for (const value of endsOf(graph)) count(value);
  for (const node of graph.nodes) {
    for (const value of node.inputs) count(value);
    for (const value of node.outputs) count(value);
  }
  return free;
}

/** The kernel's name of a node that costs nothing: another shape for the same values. */
export const VIEW = 'View';

/** The node that gives `to` as another shape of `from`. */
export function viewNode(from: Value, to: Value): GraphNode {
  return { kernel: VIEW, names: ['x'], inputs: [from], attrs: {}, outputs: [to] };
}

/** Finds the value whose memory a value lies in: what a view ultimately shows, else the value itself. */
export function rootFinder({ nodes }: Pick<Graph, 'nodes'>): (value: Value) => Value {
  const parents = new Map<number, Value>();
  for (const node of nodes) {
    if (node.kernel === VIEW) parents.set(node.outputs[0].id, node.inputs[0]);
  }
  return (value) => {
    let root = value;
    for (let next = parents.get(root.id); next !== undefined; next = parents.get(root.id)) {
      root = next;
    }
    return root;
  };
}

/** The kernel's name of `dy` where `y > 0`, else 0. */
export const RELU_GRADIENT = 'ReluGradient';

/**
 * The kernel's name of a matrix product with `bias` where there is one, and with an `ending`, an attribute, where something is
 * done to the sums.
 */
export const PRODUCT = 'Product';

/** The kernel's name of `w - g rate`, or `w - g scale rate`. */
export const DESCENT = 'Descent';

/** The kernel's name of the sum of all squares. */
export const SQUARES_SUM = 'SquaresSum';

/** The kernel's name of a sum that is written and normalised: its outputs are the sum and then those of `LayerNorm`. */
export const ADD_LAYER_NORM = 'AddLayerNorm';

/** The same of `RMSNorm`. */
export const ADD_RMS_NORM = 'AddRMSNorm';

/** The name of an input that is added to a norm's input, or to its gradient. */
export const RESIDUAL = 'residual';

/** The name of an update's input that its gradient is multiplied by first. */
export const SCALE = 'scale';

/** The input of a name, where a node has one. */
export function inputNamed({ names, inputs }: GraphNode, name: string): Value | undefined {
  return inputs[names?.indexOf(name) ?? -1];
}
