import {
  endsOf,
  VIEW,
  viewNode,
  type Graph,
  type GraphNode,
  type Value,
} from '../../graph/graph.js';
import { printAttrs } from '../../graph/print-graph.js';
import { sameShape, sizeOf, type NumericArray } from '../../kernels/tensor-type.js';
import { rewrite, type Rewrite, type RewriteContext } from './rewrite.js';

/** Leaves out nodes whose outputs nothing reads. */
export function removeDead(graph: Graph): Graph {
  const live = new Set(endsOf(graph).map(({ id }) => id));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => live.has(id))) continue;
    for (const { id } of node.inputs) live.add(id);
    kept.push(node);
  }
  return { ...graph, nodes: kept.toReversed() };
}

/** Computes once what is computed twice from the same values: the forward and the backward pass both transpose weights. */
export function mergeEqual(graph: Graph): Graph {
  const known = new Map<string, GraphNode>();
  return rewrite(graph, (node) => {
    if (node.outputs.length !== 1) return undefined;
    const key = keyOf(node);
    const twin = known.get(key);
    if (twin !== undefined) return { value: twin.outputs[0] };
    known.set(key, node);
    return undefined;
  });
}

function keyOf({ kernel, names, inputs, attrs, outputs }: GraphNode): string {
  const ids = inputs.map(({ id }) => id).join();
  const shape = kernel === VIEW ? outputs[0].shape.join() : '';
  return [kernel, names?.join(), ids, printAttrs(attrs), outputs[0].dtype, shape].join('|');
}

/** Computes the outputs of a node whose inputs are constants. */
export type Evaluate = (node: GraphNode) => readonly NumericArray[];

/** Kernels that draw random numbers return others at each call. */
const DRAWING = new Set(['Multinomial', 'RandomUniform', 'StatelessRandomUniform', 'Dropout']);

/** Computes once what depends on constants alone: the gradient of a mean begins with several such nodes. */
export function foldConstants(graph: Graph, evaluate: Evaluate): Graph {
  return rewrite(graph, (node, context) => {
    const { inputs, outputs, kernel } = node;
    if (outputs.length !== 1 || DRAWING.has(kernel) || !inputs.every(isConstant)) return undefined;
    const [input] = inputs;
    const values =
      kernel === VIEW && 'values' in input.source ? input.source.values : evaluate(node)[0];
    return { value: context.fresh(outputs[0], { kind: 'constant', values }) };
  });
}

const isConstant = ({ source }: Value): boolean => source.kind === 'constant';

/**
 * Drops what only copies: Identity (tfjs makes one for each tensor that it saves for the backward pass), Cast to the
 * same type, Transpose that moves no axis longer than 1, Slice and Tile of all, reductions over axes of length 1,
 * a product with 1 or a quotient by it. What is left of them is at most a view.
 */
export function dropCopies(graph: Graph): Graph {
  return rewrite(graph, (node, context) => {
    if (node.kernel === VIEW) return collapseView(node, context);
    const same = copied(node);
    return same === undefined ? undefined : asValue(same, node, context);
  });
}

function asValue(from: Value, { outputs }: GraphNode, context: RewriteContext): Rewrite {
  const [to] = outputs;
  return sameShape(from, to) ? { value: from } : { nodes: [viewNode(baseOf(from, context), to)] };
}

/** A view of a view is a view of the first; one of the shape that was there before is nothing. */
function collapseView(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  return asValue(baseOf(node.inputs[0], context), node, context);
}

function baseOf(value: Value, context: RewriteContext): Value {
  const producer = context.producerOf(value);
  return producer?.kernel === VIEW ? producer.inputs[0] : value;
}

/** The input that the only output is a copy of. */
function copied(node: GraphNode): Value | undefined {
  const { kernel, inputs, outputs, attrs } = node;
  if (outputs.length !== 1 || inputs.length === 0) return undefined;
  const [x, y] = inputs;
  const [out] = outputs;
  const sameSize = sizeOf(x) === sizeOf(out) && x.dtype === out.dtype;
  switch (kernel) {
    case 'Identity':
    case 'Cast':
    case 'Reshape':
    case 'ExpandDims':
    case 'Slice':
    case 'Tile':
      return sameSize ? x : undefined;
    case 'Concat':
    case 'AddN':
      return inputs.length === 1 && sameSize ? x : undefined;
    case 'Transpose':
      return movesNothing(x, attrs['perm']) ? x : undefined;
    case 'Sum':
    case 'Mean':
    case 'Max':
    case 'Min':
      return sameSize ? x : undefined;
    case 'Multiply':
      if (isOne(y) && sameShape(x, out)) return x;
      return isOne(x) && sameShape(y, out) ? y : undefined;
    case 'RealDiv':
      return isOne(y) && sameShape(x, out) ? x : undefined;
    default:
      return undefined;
  }
}

function movesNothing({ shape }: Value, perm: unknown): boolean {
  if (!Array.isArray(perm)) return false;
  const moved = (perm as number[]).filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || moved[i - 1] < axis);
}

function isOne({ source, dtype }: Value): boolean {
  return dtype === 'float32' && source.kind === 'constant' && source.values.every((x) => x === 1);
}
