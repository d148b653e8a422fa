import { inputNamed, rootFinder, type Value } from '@llm101/wasm/recording';
import type { Graph, GraphNode, NumericArray } from '@llm101/wasm/recording';

/** Where an argument's numbers are places in something. */
export interface Limit {
  /** How many places there are; of places along several axes, along each. */
  readonly below: readonly number[];
  /** The kernel that reads them. */
  readonly where: string;
}

/**
 * The arguments that are places in something, by their ids, also where the step moves them before. A GPU takes places that are out of range
 * for others, and says nothing.
 *
 * @throws RangeError where constants are out of range
 */
export function limitsOf(graph: Graph): ReadonlyMap<number, readonly Limit[]> {
  const limits = new Map<number, Limit[]>();
  const rootOf = rootFinder(graph);
  const inputs = new Set(graph.inputs.map(({ id }) => id));
  const producers = new Map<number, GraphNode>();
  for (const node of graph.nodes) for (const { id } of node.outputs) producers.set(id, node);
  const add = (value: Value, limit: Limit): void => {
    const root = rootOf(value);
    if ('values' in root.source) checkIndices(root.source.values, limit, 'a constant');
    const producer = producers.get(root.id);
    if (producer !== undefined && MOVING.has(producer.kernel)) {
      const below = [limit.below.reduce((a, b) => Math.max(a, b), 0)]; // of which axis isn't known any more
      for (const moved of producer.inputs) add(moved, { ...limit, below });
    }
    if (!inputs.has(root.id)) return;
    limits.set(root.id, [...(limits.get(root.id) ?? []), limit]);
  };
  for (const node of graph.nodes) {
    const found = placesOf(node);
    if (found !== undefined) add(found.places, { below: found.below, where: node.kernel });
  }
  return limits;
}

/** Kernels whose results are numbers of their inputs; a cast drops what is behind the point. */
const MOVING: ReadonlySet<string> = new Set([
  'Cast',
  'Concat',
  'Identity',
  'Pack',
  'Reverse',
  'Slice',
  'SplitV',
  'StridedSlice',
  'Tile',
  'Transpose',
  'Unpack',
]);

/** What a kernel takes for places, and how many there are. */
function placesOf(
  node: GraphNode,
): { readonly places: Value; readonly below: readonly number[] } | undefined {
  if (node.kernel === 'GatherV2') {
    const [{ shape }, places] = node.inputs;
    const axis = Number(node.attrs['axis'] ?? 0);
    return { places, below: [shape[axis < 0 ? axis + shape.length : axis]] };
  }
  const indices = inputNamed(node, 'indices');
  const within = {
    GatherNd: node.inputs[0],
    ScatterNd: node.outputs[0],
    TensorScatterUpdate: node.outputs[0],
  }[node.kernel];
  if (indices !== undefined && within !== undefined) {
    return { places: indices, below: within.shape.slice(0, indices.shape.at(-1)) };
  }
  const [given, of] = PLACES[node.kernel] ?? [];
  const [places, table] = [given, of?.name].map((name) => name && inputNamed(node, name));
  if (!places || !table || of === undefined) return undefined;
  return { places, below: [table.shape[of.axis]] };
}

/** Which input has places, and in which axis of which other. */
const PLACES: Readonly<
  Record<string, readonly [given: string, of: { name: string; axis: number }] | undefined>
> = {
  SoftmaxCrossEntropy: ['targets', { name: 'logits', axis: 1 }],
  RotaryPositions: ['positions', { name: 'rotations', axis: 0 }],
};

/** @throws RangeError naming the first that is out of range */
export function checkIndices(values: NumericArray, { below, where }: Limit, what: string): void {
  for (let k = 0; k < values.length; k++) {
    const place = Math.trunc(values[k]);
    const end = below[k % below.length];
    if (place >= 0 && place < end) continue;
    throw new RangeError(
      `compile: ${what} is read by ${where}, and must be from 0 to ${end - 1}; got ${values[k]} at ${k}`,
    );
  }
}
