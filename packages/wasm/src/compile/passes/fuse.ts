import { DESCENT, RELU_GRADIENT } from '../../graph/graph.js';
import type { Graph, GraphNode, Value } from '../../graph/graph.js';
import { sameShape, sizeOf } from '../../kernels/tensor-type.js';
import { rewrite } from './rewrite.js';

/**
 * The gradient of ReLU, recorded as `dy · step(x)`, becomes one node. It reads `relu(x)` instead of `x`; both are above
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

/** A step of gradient descent, recorded as `w - g · rate`, becomes one node that may overwrite w. */
export function fuseUpdates(graph: Graph): Graph {
  return rewrite(graph, (node, context) => {
    if (node.kernel !== 'Sub') return undefined;
    const [w, change] = node.inputs;
    const product = context.producerOf(change);
    if (w.source.kind !== 'variable' || product?.kernel !== 'Multiply') return undefined;
    if (!context.isReadOnce(change)) return undefined;
    const at = product.inputs.findIndex(isRate);
    const gradient = product.inputs[1 - at];
    if (at === -1 || w.dtype !== 'float32' || !sameShape(w, gradient)) return undefined;
    const inputs = [w, gradient, product.inputs[at]];
    return { nodes: [{ ...node, kernel: DESCENT, names: ['w', 'g', 'rate'], inputs, attrs: {} }] };
  });
}

const isRate = (value: Value): boolean => value.dtype === 'float32' && sizeOf(value) === 1;
