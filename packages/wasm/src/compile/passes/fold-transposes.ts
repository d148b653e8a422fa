import type { Graph, GraphNode, Value } from '../graph.js';
import { rewrite, type Rewrite, type RewriteContext } from '../rewrite.js';

/**
 * Takes transpositions into products: `A Bᵀ` of a transposed B is a product with B, and `(A B)ᵀ` is `Bᵀ Aᵀ`. Each
 * number is still the same sum in the same order.
 */
export function foldTransposes(graph: Graph): Graph {
  return rewrite(graph, (node, context) => {
    if (node.kernel === 'BatchMatMul') return foldInputs(node, context);
    if (node.kernel === 'Transpose') return foldOutput(node, context);
    return undefined;
  });
}

function foldInputs(node: GraphNode, { producerOf }: RewriteContext): Rewrite | undefined {
  const [a, b] = node.inputs.map((value) => transposedFrom(producerOf(value)));
  if (a === undefined && b === undefined) return undefined;
  const { transposeA, transposeB } = node.attrs;
  const attrs = {
    transposeA: transposeA === (a === undefined),
    transposeB: transposeB === (b === undefined),
  };
  return { nodes: [{ ...node, attrs, inputs: [a ?? node.inputs[0], b ?? node.inputs[1]] }] };
}

function foldOutput(node: GraphNode, context: RewriteContext): Rewrite | undefined {
  const product = context.producerOf(node.inputs[0]);
  if (product?.kernel !== 'BatchMatMul' || !context.isReadOnce(node.inputs[0])) return undefined;
  if (transposedFrom(node) === undefined) return undefined;
  const { transposeA, transposeB } = product.attrs;
  const attrs = { transposeA: transposeB !== true, transposeB: transposeA !== true };
  const [a, b] = product.inputs;
  return { nodes: [{ ...product, attrs, inputs: [b, a], outputs: node.outputs }] };
}

/** What a node transposes, when it swaps the last two axes and no other. */
function transposedFrom(node: GraphNode | undefined): Value | undefined {
  if (node?.kernel !== 'Transpose') return undefined;
  const { perm } = node.attrs;
  if (!Array.isArray(perm) || perm.length < 2) return undefined;
  const rank = perm.length;
  const expected = perm.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
  return expected.every((axis, i) => axis === perm[i]) ? node.inputs[0] : undefined;
}
