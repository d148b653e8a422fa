import { DESCENT, SCALE, SQUARES_SUM, type Graph, type Value } from '../../graph/graph.js';
import { allFloat } from '../../graph/instruction.js';
import { sameShape, sizeOf } from '../../kernels/tensor-type.js';
import { rewrite } from './rewrite.js';

/** The sum of all squares, part of a norm, becomes one node, so that the squares aren't written. */
export function fuseSquares(graph: Graph): Graph {
  return rewrite(graph, (node, { producerOf, isReadOnce }) => {
    if (node.kernel !== 'Sum' || sizeOf(node.outputs[0]) !== 1) return undefined;
    const square = producerOf(node.inputs[0]);
    if (square?.kernel !== 'Square' || !isReadOnce(node.inputs[0])) return undefined;
    if (!allFloat(square.inputs)) return undefined;
    const { inputs } = square;
    return { nodes: [{ ...node, kernel: SQUARES_SUM, names: ['x'], inputs, attrs: {} }] };
  });
}

/** The names that updates have for their gradient. */
const GRADIENTS: Readonly<Record<string, string | undefined>> = {
  AdamUpdate: 'gradient',
  ScheduleFreeUpdate: 'gradient',
  MomentumUpdate: 'gradient',
  [DESCENT]: 'g',
};

/** An update by a gradient that was scaled, as clipping does, scales it itself: scaled gradients aren't written. */
export function fuseScales(graph: Graph): Graph {
  return rewrite(graph, (node, { producerOf, isReadOnce }) => {
    const { kernel, names = [], inputs } = node;
    const at = names.indexOf(GRADIENTS[kernel] ?? '');
    if (at === -1 || names.includes(SCALE)) return undefined;
    const product = producerOf(inputs[at]);
    if (product?.kernel !== 'Multiply' || !isReadOnce(inputs[at])) return undefined;
    const scaled = product.inputs.findIndex((value) => sameShape(value, inputs[at]));
    const [gradient, scale]: (Value | undefined)[] = [
      product.inputs[scaled],
      product.inputs[1 - scaled],
    ];
    if (gradient === undefined || scale === undefined) return undefined;
    if (!allFloat([gradient, scale]) || sizeOf(scale) !== 1) return undefined;
    const given = inputs.with(at, gradient).concat(scale);
    return { nodes: [{ ...node, names: [...names, SCALE], inputs: given }] };
  });
}
