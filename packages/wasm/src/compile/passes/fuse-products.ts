import type { Graph, GraphNode, Value } from '../graph.js';
import { rewrite, viewNode, type Rewrite, type RewriteContext } from '../rewrite.js';

/** The kernel's name of a matrix product with `bias` and `relu: true` where they are. */
export const PRODUCT = 'Product';

/** `relu(A B + bias)` becomes one node: the sum over k first, then the bias, as recorded. */
export function fuseProducts(graph: Graph): Graph {
  return rewrite(graph, (node, context) => {
    if (node.kernel === 'Add') return addBias(node, context);
    if (node.kernel === 'Relu') return addRelu(node, context);
    return undefined;
  });
}

function addBias(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  for (const [at, value] of node.inputs.entries()) {
    const bias = node.inputs[1 - at];
    const product = context.rootProducerOf(value);
    if (product?.kernel !== 'BatchMatMul' || !isPlain(product)) continue;
    if (!context.isReadOnce(value) || !isBias(bias, product.outputs[0])) continue;
    const inputs = [...product.inputs, bias];
    const fused = { ...product, kernel: PRODUCT, names: ['a', 'b', 'bias'], inputs };
    return withOutput(fused, node.outputs[0], context);
  }
  return undefined;
}

function addRelu(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  const product = context.rootProducerOf(node.inputs[0]);
  if (product?.kernel !== PRODUCT || product.attrs['relu'] === true) return undefined;
  if (!context.isReadOnce(node.inputs[0])) return undefined;
  const attrs = { ...product.attrs, relu: true };
  return withOutput({ ...product, attrs }, node.outputs[0], context);
}

/** The fused node gives the product's shape; what was computed from it may have been another view of that. */
function withOutput(product: GraphNode, output: Value, context: RewriteContext): Rewrite {
  const result = context.fresh(product.outputs[0]);
  return { nodes: [{ ...product, outputs: [result] }, viewNode(result, output)] };
}

/** A product of two matrices. A batch of them has no bias in the kernel. */
const isPlain = ({ inputs }: GraphNode): boolean => inputs.every(({ shape }) => shape.length === 2);

const isBias = ({ shape, dtype }: Value, product: Value): boolean =>
  dtype === 'float32' &&
  shape.length > 0 &&
  shape.every((size, i) => size === (i === shape.length - 1 ? product.shape.at(-1) : 1));
