import { sameShape, type Graph, type GraphNode, type Value } from '../graph.js';
import { rewrite } from '../rewrite.js';

/** The kernel's name of `dy` where `y > 0`, else 0. */
export const RELU_GRADIENT = 'ReluGradient';

/**
 * The gradient of ReLU, recorded as `dy · step(x)`, becomes one node. It asks `relu(x)` instead of `x`, which are above
 * 0 together, so that x needn't be kept.
 */
export function fuseReluGradient(graph: Graph): Graph {
  const relus = new Map<number, Value>();
  return rewrite(graph, (node, { producerOf }) => {
    if (node.kernel === 'Relu') relus.set(node.inputs[0].id, node.outputs[0]);
    if (node.kernel !== 'Multiply') return undefined;
    const at = node.inputs.findIndex((value) => isStep(producerOf(value)));
    if (at === -1) return undefined;
    const x = producerOf(node.inputs[at])?.inputs[0];
    const dy = node.inputs[1 - at];
    if (x === undefined || !sameShape(x, dy) || dy.dtype !== 'float32') return undefined;
    const inputs = [dy, relus.get(x.id) ?? x];
    return { nodes: [{ ...node, kernel: RELU_GRADIENT, names: ['dy', 'y'], inputs, attrs: {} }] };
  });
}

const isStep = (node: GraphNode | undefined): boolean =>
  node?.kernel === 'Step' && (node.attrs['alpha'] ?? 0) === 0;
