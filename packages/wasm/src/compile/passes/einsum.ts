import { viewNode, type Graph, type GraphNode, type Value } from '../../graph/graph.js';
import { emitEinsum } from '../../ops/einsum.js';
import { rewrite } from './rewrite.js';

/** Writes `Einsum` as the sums, products and transpositions that it is, for the passes and lowerings of these. */
export function expandEinsum(graph: Graph): Graph {
  return rewrite(graph, (node, { fresh }) => {
    if (node.kernel !== 'Einsum') return undefined;
    const nodes: GraphNode[] = [];
    const result = emitEinsum<Value>(node.attrs['equation'] as string, node.inputs, (call) => {
      const { kernel, names, inputs, attrs, shape, dtype } = call;
      const out = fresh({ shape, dtype });
      nodes.push(
        kernel === 'Reshape'
          ? viewNode(inputs[0], out)
          : { kernel, names, inputs, attrs: attrs as GraphNode['attrs'], outputs: [out] },
      );
      return out;
    });
    if (nodes.length === 0) return { value: result };
    return { nodes: [...nodes, viewNode(result, node.outputs[0])] };
  });
}
