import type { NumericArray } from '../../reference/numeric-array.js';
import { VIEW, type Graph, type GraphNode, type Value } from '../graph.js';
import { rewrite } from '../rewrite.js';

/** Computes the outputs of a node whose inputs are constants. */
export type Evaluate = (node: GraphNode) => readonly NumericArray[];

/** What draws numbers gives others at each call. */
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
