import {
  endsOf,
  rootFinder,
  VIEW,
  type Graph,
  type GraphNode,
  type Value,
} from '../../graph/graph.js';
import type { Instruction } from '../../graph/instruction.js';
import { bytesOf } from '../../kernels/tensor-type.js';

/**
 * The same nodes in an order that frees memory earlier: one that ends the lives of more bytes than it writes runs as soon as
 * what it needs is there and the others that read what dies with it have run. So the gradient of a weight, which is the last to read
 * the layer's input, comes before the gradient of that input is made.
 *
 * @param lower - the instruction of a node
 */
export function reorder(graph: Graph, lower: (node: GraphNode) => Instruction): Graph {
  const rootOf = rootFinder(graph);
  const nodes = graph.nodes.filter(({ kernel }) => kernel !== VIEW);
  const uses = nodes.map((node) => {
    const { reads, writes } = lower(node);
    return { writes, roots: [...new Set(reads.map((value) => rootOf(value)))] };
  });
  const writers = new Map<number, number>();
  /** The last two that read each value. */
  const readers = new Map<number, readonly [last: number, before: number]>();
  for (const [index, { writes, roots }] of uses.entries()) {
    for (const { id } of writes) writers.set(id, index);
    for (const { id } of roots) readers.set(id, [index, readers.get(id)?.[0] ?? -1]);
  }
  const staying = new Set(endsOf(graph).map((value) => rootOf(value).id));
  const places = uses.map(({ roots, writes }, index): number => {
    const dying = roots.filter(
      ({ id }) => writers.has(id) && !staying.has(id) && readers.get(id)?.[0] === index,
    );
    if (sum(dying) <= sum(writes)) return index;
    const after = [
      ...roots.map(({ id }) => writers.get(id) ?? -1),
      ...dying.map(({ id }) => readers.get(id)?.[1] ?? -1),
    ];
    return after.reduce((a, b) => Math.max(a, b), -1) + 0.5;
  });
  const ordered = nodes
    .map((node, index) => ({ node, index, place: places[index] }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ node }) => node);
  const views = graph.nodes.filter(({ kernel }) => kernel === VIEW);
  return { ...graph, nodes: [...views, ...ordered] };
}

const sum = (values: readonly Value[]): number =>
  values.reduce((bytes, value) => bytes + bytesOf(value), 0);
