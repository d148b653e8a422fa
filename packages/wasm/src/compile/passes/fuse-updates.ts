import { sameShape, sizeOf, type Graph, type Value } from '../graph.js';
import { rewrite } from '../rewrite.js';

/** The kernel's name of `w - g rate`. */
export const DESCENT = 'Descent';

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
