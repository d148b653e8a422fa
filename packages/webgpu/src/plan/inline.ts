import {
  rootFinder,
  sizeOf,
  VIEW,
  type Graph,
  type GraphNode,
  type Value,
} from '@llm101/wasm/recording';
import { readOften } from '../kernels/index.js';
import { readsWholeBuffers } from '../graph/group.js';
import { keepsPlaces, onlyMoves, pointwise, readsOnePlace } from '../pointwise/index.js';
import type { Inlined } from '../wgsl/kernel.js';
import { isSplat } from '../wgsl/types.js';

/** Which nodes run, and what is computed where it is read. */
export interface InlinedGraph {
  /** Nodes that have kernels, in their order, views left out. */
  readonly nodes: readonly GraphNode[];
  readonly inlined: ReadonlyMap<number, Inlined>;
  /** What a node reads from memory, by the ids of the values' roots, and whether only at the place that it writes. */
  readonly readsOf: (node: GraphNode) => ReadonlyMap<number, Read>;
}

/** A value that is read from memory. */
interface Read {
  readonly root: Value;
  /** Each element only by the invocation that writes the same place. */
  readonly isInPlace: boolean;
}

/** Buffers that a kernel may read; others are left for what it writes. */
const MOST_READS = 5;

/** Buffers that every GPU allows a kernel, but for one that the kernel may need for itself. */
const MOST_BUFFERS = 7;

/** Nodes of one inlined chain: more are slow to compile. */
const MOST_NODES = 24;

/**
 * Finds what needs no memory: the result of an operation that computes each element by itself, if it is read once, by a kernel that reads each
 * element about once; what only moves elements also by kernels that read them more often, and by several.
 */
export function inline(graph: Graph): InlinedGraph {
  const uses = usesOf(graph);
  const refused = new Set<number>();
  for (;;) {
    const before = refused.size;
    const found = attempt(uses, refused);
    if (refused.size === before) return found;
  }
}

/** Who makes and who reads what. */
interface Uses {
  readonly all: readonly GraphNode[];
  readonly rootOf: (value: Value) => Value;
  readonly producers: ReadonlyMap<number, GraphNode>;
  /** How often each value is read. */
  readonly readers: ReadonlyMap<number, number>;
  /** What the step leaves behind. */
  readonly kept: ReadonlySet<number>;
}

function usesOf(graph: Graph): Uses {
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
  const ends = [...graph.results, ...graph.assignments.map(({ value }) => value)];
  return { all, rootOf, producers, readers, kept: new Set(ends.map((value) => rootOf(value).id)) };
}

/**
 * Inlines all that may be.
 *
 * @param refused - what must be in memory; what several kernels read and one of them can't compute itself is added
 */
function attempt(
  { all, rootOf, producers, readers, kept }: Uses,
  refused: Set<number>,
): InlinedGraph {
  const inlined = new Map<number, Inlined>();
  const reads = new Map<GraphNode, Map<number, Read>>();
  const sizes = new Map<GraphNode, number>();
  /** What makes an input of a node, if the node may compute that itself. */
  const makerOf = (reader: GraphNode, at: number): Inlined | undefined => {
    const root = rootOf(reader.inputs[at]);
    const node = producers.get(root.id);
    const compute = node && pointwise[node.kernel];
    if (node === undefined || compute === undefined) return undefined;
    if (kept.has(root.id) || refused.has(root.id)) return undefined;
    if (readers.get(root.id) !== 1 && !readsOnePlace(node.kernel)) return undefined;
    const isOften = readOften[reader.kernel]?.includes(at) === true;
    const isRefused = readsWholeBuffers.has(reader.kernel) || (isOften && !onlyMoves(node.kernel));
    if (!isRefused) return { node, compute };
    refused.add(root.id);
    return undefined;
  };
  for (const node of all) {
    const found = new Map<number, Read>();
    let nodes = 1;
    const readsWhole = readsWholeBuffers.has(node.kernel);
    const isAligned = keepsPlaces(node) || readsWhole;
    const size = sizeOf(node.outputs[0]);
    const mostReads = Math.min(MOST_READS, MOST_BUFFERS - node.outputs.length);
    const isInPlace = (root: Value): boolean => isAligned && (readsWhole || sizeOf(root) === size);
    const add = (own: Iterable<readonly [number, Read]>, isAlso: boolean): void => {
      for (const [id, read] of own) {
        const before = found.get(id)?.isInPlace !== false;
        found.set(id, { root: read.root, isInPlace: isAlso && read.isInPlace && before });
      }
    };
    const addItself = (root: Value): void =>
      add([[root.id, { root, isInPlace: true }]], isInPlace(root));
    const makers: (readonly [Value, Inlined])[] = [];
    for (const [at, value] of node.inputs.entries()) {
      const root = rootOf(value);
      if ('values' in root.source && isSplat(root.source.values)) continue;
      const maker = makerOf(node, at);
      if (maker === undefined) addItself(root);
      else makers.push([root, maker]);
    }
    for (const [root, maker] of makers) {
      const own = reads.get(maker.node) ?? new Map<number, Read>();
      const more = [...own.keys()].filter((id) => !found.has(id)).length;
      const count = sizes.get(maker.node) ?? 1;
      if (found.size + more <= mostReads && nodes + count <= MOST_NODES) {
        inlined.set(root.id, maker);
        add(own, isInPlace(root));
        nodes += count;
      } else {
        refused.add(root.id);
        addItself(root);
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
