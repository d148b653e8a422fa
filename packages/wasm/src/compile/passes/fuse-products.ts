import { PRODUCT, RELU_GRADIENT, rootFinder, viewNode } from '../../graph/graph.js';
import type { Graph, GraphNode, Value } from '../../graph/graph.js';
import { sameShape, sizeOf } from '../../kernels/tensor-type.js';
import type { Ending } from '../../ops/product.js';
import { rewrite, type Rewrite, type RewriteContext } from './rewrite.js';

/**
 * A product takes in its bias and what alone is done to the sums then: ReLU, its square or GELU, the slope of one of these where the product is a
 * gradient, or the addition of another tensor. The sum over k comes first, then the bias, then the rest, as recorded.
 */
export function fuseProducts(graph: Graph): Graph {
  return fuseNeededActivation(
    rewrite(graph, (node, context) => {
      const [x] = node.inputs;
      if (node.kernel === 'Add') return addBias(node, context) ?? addOther(node, context);
      if (node.kernel === 'Relu') return end(node, context, { value: x, ending: 'relu' });
      const activation = activationOf(node);
      if (activation !== undefined) return end(node, context, { value: x, ending: activation });
      if (node.kernel === RELU_GRADIENT) return endBy(node, 'reluGradient', context);
      if (node.kernel === 'GeluGrad') return endBy(node, `${geluOf(node)}Gradient`, context);
      if (node.kernel === 'SquaredReluGrad') return endBy(node, 'squaredReluGradient', context);
      return undefined;
    }),
  );
}

const geluOf = ({ attrs }: GraphNode): 'gelu' | 'geluByTanh' =>
  attrs['approximate'] === 'tanh' ? 'geluByTanh' : 'gelu';

/** What a node does to a product's sums that the gradient reads too. */
function activationOf(node: GraphNode): Ending | undefined {
  if (node.kernel === 'Gelu') return geluOf(node);
  return node.kernel === 'SquaredRelu' ? 'squaredRelu' : undefined;
}

function addBias(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  for (const [at, value] of node.inputs.entries()) {
    const bias = node.inputs[1 - at];
    const product = context.rootProducerOf(value);
    if (product?.kernel !== 'BatchMatMul' || !isPlain(product)) continue;
    if (!context.isReadOnce(value) || !isBias(bias, product.outputs[0])) continue;
    if (sizeOf(node.outputs[0]) !== sizeOf(value)) continue; // a view whose last axis is 1, against each of the bias
    const inputs = [...product.inputs, bias];
    const fused = { ...product, kernel: PRODUCT, names: ['a', 'b', 'bias'], inputs };
    return withOutput(fused, node.outputs[0], context);
  }
  return undefined;
}

/** The sum of a product and another tensor of its size, as of what goes past a layer. */
function addOther(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  for (const [at, value] of node.inputs.entries()) {
    const other = node.inputs[1 - at];
    const fused = end(node, context, { value, ending: 'add', other });
    if (fused !== undefined) return fused;
  }
  return undefined;
}

/** A gradient that is a product, by a slope at the other input. */
function endBy(node: GraphNode, ending: Ending, context: RewriteContext): Rewrite | undefined {
  const at = node.names?.indexOf('dy') ?? -1;
  if (at === -1) return undefined;
  return end(node, context, { value: node.inputs[at], ending, other: node.inputs[1 - at] });
}

interface End {
  /** What something is done to, maybe a product. */
  readonly value: Value;
  readonly ending: Ending;
  readonly other?: Value;
}

/** What a node does to a product that nothing else reads becomes the product's ending. */
function end(
  node: GraphNode,
  context: RewriteContext,
  { value, ending, other }: End,
): Rewrite | undefined {
  const product = context.rootProducerOf(value);
  if (product === undefined || !mayEnd(product) || !context.isReadOnce(value)) return undefined;
  if (other !== undefined && !(isFloat(other) && sameShape(other, value))) return undefined;
  return withOutput(withEnding(product, ending, other), node.outputs[0], context);
}

/** A product of two matrices without an ending. */
const mayEnd = (node: GraphNode): boolean =>
  (node.kernel === PRODUCT || (node.kernel === 'BatchMatMul' && isPlain(node))) &&
  node.attrs['ending'] === undefined;

function withEnding(product: GraphNode, ending: Ending, other?: Value): GraphNode {
  const { inputs, attrs } = product;
  const names = ['a', 'b', 'bias'].slice(0, inputs.length);
  const added = other === undefined ? [] : [other];
  return {
    ...product,
    kernel: PRODUCT,
    names: [...names, ...added.map(() => 'other')],
    inputs: [...inputs, ...added],
    attrs: { ...attrs, ending },
  };
}

/** The fused node gives the product's shape; what was computed from it may have been another view of that. */
function withOutput(product: GraphNode, output: Value, context: RewriteContext): Rewrite {
  const result = context.fresh(product.outputs[0]);
  return { nodes: [{ ...product, outputs: [result] }, viewNode(result, output)] };
}

/** A product whose GELU or squared ReLU is wanted, and itself for the gradient, gives both. */
function fuseNeededActivation(graph: Graph): Graph {
  const rootOf = rootFinder(graph);
  const products = new Map<number, GraphNode>();
  const found = new Map<GraphNode, { readonly node: GraphNode; readonly ending: Ending }>();
  for (const node of graph.nodes) {
    if (mayEnd(node)) products.set(node.outputs[0].id, node);
    const ending = activationOf(node);
    if (ending === undefined) continue;
    const product = products.get(rootOf(node.inputs[0]).id);
    if (product !== undefined && !found.has(product)) found.set(product, { node, ending });
  }
  const taken = new Set([...found.values()].map(({ node }) => node));
  const nodes = graph.nodes.filter((node) => !taken.has(node));
  return {
    ...graph,
    nodes: nodes.map((node) => {
      const activation = found.get(node);
      if (activation === undefined) return node;
      const outputs = [...node.outputs, ...activation.node.outputs];
      return withEnding({ ...node, outputs }, activation.ending);
    }),
  };
}

/** A product of two matrices of numbers that the kernel takes. A batch of them has neither bias nor ending there. */
const isPlain = ({ inputs }: GraphNode): boolean =>
  inputs.every((value) => value.shape.length === 2 && isFloat(value) && sizeOf(value) > 0);

const isFloat = ({ dtype }: Value): boolean => dtype === 'float32';

const isBias = ({ shape, dtype }: Value, product: Value): boolean =>
  dtype === 'float32' &&
  shape.length > 0 &&
  shape.every((size, i) => size === (i === shape.length - 1 ? product.shape.at(-1) : 1));
