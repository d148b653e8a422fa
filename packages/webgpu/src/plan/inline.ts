import {
  rootFinder,
  sizeOf,
  VIEW,
  type Graph,
  type GraphNode,
  type Value,
} from '@llm101/wasm/recording';
import { readOften } from '../kernels/index.js';
import { readsWholeBuffers } from './group.js';
import { keepsPlaces, onlyMoves, pointwise } from '../pointwise/index.js';
import type { Inlined } from '../wgsl/kernel.js';

/** Which nodes run, and what is computed where it is read. */
export interface InlinedGraph {
  /** Nodes that have kernels, in their order, views left out. */
  readonly nodes: readonly GraphNode[];
  readonly inlined: ReadonlyMap<number, Inlined>;
  /** What a node reads from memory, by the ids of the values' roots, and whether only at the place that it writes. */
  readonly readsOf: (node: GraphNode) => ReadonlyMap<number, Read>;
}

/** A value that is read from memory. */
export interface Read {
  readonly root: Value;
  /** Each element only by the invocation that writes the same place. */
  readonly isInPlace: boolean;
}

/** Buffers that a kernel may read; others are left for what it writes. */
const MOST_READS = 5;

/** Nodes of one inlined chain: more are slow to compile. */
const MOST_NODES = 24;

/**
 * Finds what needs no memory: the result of an operation that computes each element by itself, if it is read once, by a kernel that reads each
 * element about once; what only moves elements also by one that reads them more often.
 */
export function inline(graph: Graph): InlinedGraph {
  const rootOf = rootFinder(graph);
  const all = graph.nodes.filter(({ kernel }) => kernel !== VIEW);
  const producers = new Map<number, GraphNode>();
  const readers = new Map<number, number>();
  for (const node of all) {
    for (const { id } of node.outputs) producers.set(id, node);
    for (const value of node.inputs) {
      const { id } = rootOf(value);
      readers.set(id, (readers.get(id) ?? 0) + 1);
    }
  }
  const kept = new Set(
    [...graph.results, ...graph.assignments.map(({ value }) => value)].map(
      (value) => rootOf(value).id,
    ),
  );
  const inlined = new Map<number, Inlined>();
  const reads = new Map<GraphNode, Map<number, Read>>();
  const sizes = new Map<GraphNode, number>();
  /** What a node would read, with all of its inputs in memory but those that are inlined. */
  const mayInline = (reader: GraphNode, at: number): GraphNode | undefined => {
    const root = rootOf(reader.inputs[at]);
    const producer = producers.get(root.id);
    if (producer === undefined || kept.has(root.id) || readers.get(root.id) !== 1) return undefined;
    if (pointwise[producer.kernel] === undefined) return undefined;
    if (readsWholeBuffers.has(reader.kernel)) return undefined;
    const isOften = readOften[reader.kernel]?.includes(at) === true;
    return isOften && !onlyMoves(producer.kernel) ? undefined : producer;
  };
  for (const node of all) {
    const found = new Map<number, Read>();
    let nodes = 1;
    const isAligned = keepsPlaces(node.kernel) || readsWholeBuffers.has(node.kernel);
    const size = sizeOf(node.outputs[0]);
    const isInPlace = (root: Value): boolean =>
      isAligned && (readsWholeBuffers.has(node.kernel) || sizeOf(root) === size);
    const add = (own: ReadonlyMap<number, Read>, isInPlace: boolean): void => {
      for (const [id, read] of own) {
        const before = found.get(id);
        found.set(id, {
          root: read.root,
          isInPlace: isInPlace && read.isInPlace && before?.isInPlace !== false,
        });
      }
    };
    const direct: number[] = [];
    for (const [at, value] of node.inputs.entries()) {
      const root = rootOf(value);
      if ('values' in root.source && isSplat(root.source.values)) continue;
      if (mayInline(node, at) === undefined) {
        add(new Map([[root.id, { root, isInPlace: true }]]), isInPlace(root));
      } else direct.push(at);
    }
    for (const at of direct) {
      const root = rootOf(node.inputs[at]);
      const producer = mayInline(node, at);
      const compute = producer && pointwise[producer.kernel];
      const own = producer && reads.get(producer);
      const more = own === undefined ? 0 : [...own.keys()].filter((id) => !found.has(id)).length;
      const count = producer === undefined ? 0 : (sizes.get(producer) ?? 1);
      const fits = found.size + more <= MOST_READS && nodes + count <= MOST_NODES;
      if (producer !== undefined && compute !== undefined && own !== undefined && fits) {
        inlined.set(root.id, { node: producer, compute });
        add(own, isInPlace(root));
        nodes += count;
      } else {
        add(new Map([[root.id, { root, isInPlace: true }]]), isInPlace(root));
      }
    }
    reads.set(node, found);
    sizes.set(node, nodes);
  }
  const runs = ({ outputs }: GraphNode): boolean => !outputs.every(({ id }) => inlined.has(id));
  return {
    nodes: all.filter(runs),
    inlined,
    readsOf: (node) => reads.get(node) ?? new Map(),
  };
}

function isSplat(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], values[0])) return false;
  return values.length > 0;
}
