import type { Graph, GraphNode } from '../graph.js';

/** Leaves out nodes whose outputs nothing reads. */
export function removeDead(graph: Graph): Graph {
  const live = new Set(
    [...graph.results, ...graph.assignments.map(({ value }) => value)].map(({ id }) => id),
  );
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => live.has(id))) continue;
    for (const { id } of node.inputs) live.add(id);
    kept.push(node);
  }
  return { ...graph, nodes: kept.toReversed() };
}
