import {
  ADD_LAYER_NORM,
  ADD_RMS_NORM,
  endsOf,
  inputNamed,
  RESIDUAL,
  rootFinder,
  type Graph,
  type GraphNode,
  type Value,
} from '../../graph/graph.js';
import { allFloat } from '../../graph/instruction.js';
import { sameShape, sizeOf } from '../../kernels/tensor-type.js';
import { rewrite } from './rewrite.js';

/**
 * A sum that is normalised next becomes one node with its norm, which gives the sum too; and the gradient of a norm that is added to another next, as beside a residual connection it is, one with that sum. Both pass over the rows once.
 */
export function fuseResiduals(graph: Graph): Graph {
  const waiting = nodesThatWait(graph);
  const held = new Map<number, GraphNode>();
  return rewrite(graph, (node) => {
    const [output] = node.outputs;
    const partner = node.inputs.findIndex(({ id }) => held.has(id));
    const first = held.get(node.inputs[partner]?.id ?? NaN);
    if (first !== undefined) {
      held.delete(first.outputs[0].id);
      const isNorm = node.kernel in WITH_SUM;
      return { nodes: [isNorm ? normed(first, node) : added(first, node)] };
    }
    if (!waiting.has(output.id)) return undefined;
    held.set(output.id, node);
    return { nodes: [] };
  });
}

/** The norms, and what each is with the sum before it. */
const WITH_SUM: Readonly<Record<string, string | undefined>> = {
  LayerNorm: ADD_LAYER_NORM,
  RMSNorm: ADD_RMS_NORM,
};

const GRADIENTS = new Set(['LayerNormGrad', 'RMSNormGrad']);

function normed({ inputs, outputs }: GraphNode, norm: GraphNode): GraphNode {
  const parameters = ['weight', 'bias'].filter((name) => inputNamed(norm, name) !== undefined);
  return {
    ...norm,
    kernel: WITH_SUM[norm.kernel] ?? norm.kernel,
    names: ['x', RESIDUAL, ...parameters],
    inputs: [...inputs, ...parameters.flatMap((name) => inputNamed(norm, name) ?? [])],
    outputs: [...outputs, ...norm.outputs],
  };
}

function added(gradient: GraphNode, sum: GraphNode): GraphNode {
  const [dx, ...others] = gradient.outputs;
  const residual = sum.inputs[sum.inputs[0].id === dx.id ? 1 : 0];
  return {
    ...gradient,
    names: [...(gradient.names ?? []), RESIDUAL],
    inputs: [...gradient.inputs, residual],
    outputs: [...sum.outputs, ...others],
  };
}

/** The first outputs of nodes that may be computed where the other of a pair is: nothing in between reads of them. */
function nodesThatWait(graph: Graph): ReadonlySet<number> {
  const { nodes } = graph;
  const rootOf = rootFinder(graph);
  const producers = new Map<number, number>();
  const found = new Set<number>();
  const taken = new Set<number>();
  const ends = new Set(endsOf(graph).map((value) => rootOf(value).id));
  const readsOf = (ids: readonly number[], from: number, to = nodes.length): number =>
    nodes
      .slice(from + 1, to)
      .filter(({ inputs }) => inputs.some((value) => ids.includes(rootOf(value).id))).length;
  for (const [at, node] of nodes.entries()) {
    for (const { id } of node.outputs) producers.set(id, at);
    for (const value of node.inputs) {
      const from = producers.get(value.id);
      if (from === undefined || taken.has(from) || taken.has(at)) continue;
      const first = nodes[from];
      const isNorm = isSumAndNorm(first, node);
      if (!isNorm && !isGradientAndSum(first, node)) continue;
      const ids = first.outputs.map(({ id }) => id);
      if (first.outputs[0] !== value || readsOf(ids, from, at) > 0) continue;
      const isOnlyHere = (): boolean => readsOf([value.id], from) === 1 && !ends.has(value.id);
      if (!isNorm && !isOnlyHere()) continue;
      found.add(value.id);
      taken.add(from).add(at);
    }
  }
  return found;
}

const isSumAndNorm = (first: GraphNode, second: GraphNode): boolean =>
  second.kernel in WITH_SUM &&
  inputNamed(second, 'x') === first.outputs[0] &&
  isPlainSum(first) &&
  hasRows(first.outputs[0]);

const isGradientAndSum = ({ kernel, outputs }: GraphNode, second: GraphNode): boolean =>
  GRADIENTS.has(kernel) && isPlainSum(second) && hasRows(outputs[0]);

/** More than one: a sum of one might be the weight as well, and what is added to the gradient for one, that for the weight. */
const hasRows = (x: Value): boolean => sizeOf(x) > (x.shape.at(-1) ?? 1);

function isPlainSum({ kernel, inputs, outputs }: GraphNode): boolean {
  const [out] = outputs;
  if (kernel !== 'Add' || inputs[0] === inputs[1] || sizeOf(out) === 0) return false;
  return allFloat(inputs) && inputs.every((value) => sameShape(value, out));
}
