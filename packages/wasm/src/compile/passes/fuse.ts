import { DESCENT, PRODUCT, RELU_GRADIENT } from '../../graph/graph.js';
import type { Graph, GraphNode, Value } from '../../graph/graph.js';
import { sameShape, sizeOf } from '../../kernels/tensor-type.js';
import { rewrite, viewNode, type Rewrite, type RewriteContext } from './rewrite.js';

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
    if (sizeOf(dy) === 0) return undefined; // tfjs' kernels do what is empty
    const inputs = [dy, relus.get(x.id) ?? x];
    return { nodes: [{ ...node, kernel: RELU_GRADIENT, names: ['dy', 'y'], inputs, attrs: {} }] };
  });
}

const isStep = (node: GraphNode | undefined): boolean =>
  node?.kernel === 'Step' && (node.attrs['alpha'] ?? 0) === 0;

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
