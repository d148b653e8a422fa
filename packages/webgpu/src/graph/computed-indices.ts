import {
  firstFreeId,
  rootFinder,
  sizeOf,
  type Graph,
  type GraphNode,
  type Value,
} from '@llm101/wasm/recording';
import { originFinder, indicesRead, type IndexLimit } from './indices-read.js';

/** A step that also gives what tells whether the indices that it computes are in range. */
export interface WithComputedIndices {
  /** Its results have two more for each of {@link limits}, at their end: the smallest and the largest. */
  readonly graph: Graph;
  readonly limits: readonly IndexLimit[];
}

/** Has a step tell of the indices that it computes, as kernels can't refuse them. */
export function withComputedIndices(recorded: Graph): WithComputedIndices {
  const originsOf = originFinder(recorded);
  const rootOf = rootFinder(recorded);
  let free = firstFreeId(recorded);
  const known = new Set<string>();
  const limits: IndexLimit[] = [];
  const ends: Value[] = [];
  const extremesOf = (node: GraphNode): GraphNode[] => {
    const read = indicesRead(node);
    if (read === undefined || originsOf(read).areAll) return [];
    const { indices, below, where } = read;
    const key = `${rootOf(indices).id} below ${below.join()}`;
    if (known.has(key) || sizeOf(indices) === 0 || indices.dtype !== 'int32') return [];
    known.add(key);
    const kept = below.length > 1 ? indices.shape.slice(-1) : [];
    const axis = indices.shape.slice(kept.length).map((_, i) => i);
    const extremes = ['Min', 'Max'].map((kernel): GraphNode => {
      const end: Value = { id: free++, shape: kept, dtype: 'int32', source: { kind: 'node' } };
      ends.push(end);
      return { kernel, names: ['x'], inputs: [indices], attrs: { axis }, outputs: [end] };
    });
    limits.push({ below, where });
    return extremes;
  };
  const nodes = recorded.nodes.flatMap((node) => [...extremesOf(node), node]);
  return { graph: { ...recorded, nodes, results: [...recorded.results, ...ends] }, limits };
}
