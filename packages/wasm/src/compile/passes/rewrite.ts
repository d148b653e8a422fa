import { endsOf, firstFreeId, rootFinder, VIEW, viewNode } from '../../graph/graph.js';
import type { Graph, GraphNode, Value } from '../../graph/graph.js';
import { sameShape, sizeOf, type TensorType } from '../../kernels/tensor-type.js';

/** What a rule replaces a node by: another value for its only output, or other nodes that compute its outputs. */
export type Rewrite = { readonly value: Value } | { readonly nodes: readonly GraphNode[] };

/** What a rule may ask for. */
export interface RewriteContext {
  /** The node that computes a value, rewritten already. */
  readonly producerOf: (value: Value) => GraphNode | undefined;
  /** The node that computes the values a view shows, however often it was reshaped. */
  readonly rootProducerOf: (value: Value) => GraphNode | undefined;
  /** Whether one node alone reads these values, whatever their shape, and nothing returns or assigns them. */
  readonly isReadOnce: (value: Value) => boolean;
  /** A value that no node computes yet. */
  readonly fresh: (type: TensorType, source?: Value['source']) => Value;
}

/** Looks at one node, whose inputs have been rewritten; undefined leaves it as it is. */
export type Rule = (node: GraphNode, context: RewriteContext) => Rewrite | undefined;

/** Applies a rule to each node in their order, but for those of empty tensors, which tfjs' kernels compute. */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const replaced = new Map<number, Value>();
  const nodes: GraphNode[] = [];
  const producers = new Map<number, GraphNode>();
  const current = (value: Value): Value => replaced.get(value.id) ?? value;
  const push = (node: GraphNode): void => {
    nodes.push(node);
    for (const { id } of node.outputs) producers.set(id, node);
  };
  const context = contextOf(graph, producers);
  for (const old of graph.nodes) {
    const node = { ...old, inputs: old.inputs.map(current) };
    const result = isEmpty(node) ? undefined : rule(node, context);
    if (result === undefined) push(node);
    else if ('nodes' in result) for (const made of result.nodes) push(made);
    else replaceOutput(node.outputs[0], current(result.value));
  }
  return {
    inputs: graph.inputs,
    nodes,
    assignments: graph.assignments.map(({ variable, value }) => ({
      variable,
      value: current(value),
    })),
    results: graph.results.map(current),
  };

  function replaceOutput(output: Value, value: Value): void {
    if (sameShape(output, value)) replaced.set(output.id, value);
    else push(viewNode(value, output));
  }
}

const isEmpty = ({ inputs, outputs }: GraphNode): boolean =>
  [...inputs, ...outputs].some((value) => sizeOf(value) === 0);

/** What only some rules ask for is found out when one does. */
function contextOf(graph: Graph, producers: ReadonlyMap<number, GraphNode>): RewriteContext {
  let reads: ReturnType<typeof readCounts> | undefined;
  let next: number | undefined;
  return {
    producerOf: (value) => producers.get(value.id),
    rootProducerOf(value) {
      let node = producers.get(value.id);
      while (node?.kernel === VIEW) node = producers.get(node.inputs[0].id);
      return node;
    },
    isReadOnce(value) {
      reads ??= readCounts(graph);
      return reads(value) === 1;
    },
    fresh({ shape, dtype }, source = { kind: 'node' }) {
      const id = next ?? firstFreeId(graph);
      next = id + 1;
      return { id, shape, dtype, source };
    },
  };
}

function readCounts(graph: Graph): (value: Value) => number {
  const rootOf = rootFinder(graph);
  const counts = new Map<number, number>();
  const reads = graph.nodes.filter(({ kernel }) => kernel !== VIEW).flatMap(({ inputs }) => inputs);
  for (const value of [...reads, ...endsOf(graph)]) {
    const { id } = rootOf(value);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return (value) => counts.get(rootOf(value).id) ?? 0;
}
