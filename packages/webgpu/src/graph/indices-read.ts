import {
  inputNamed,
  rootFinder,
  type Graph,
  type GraphNode,
  type Value,
} from '@llm101/wasm/recording';

/** What indices must be. */
export interface IndexLimit {
  /** The size of what they lead into; of indices along several axes, along each. */
  readonly below: readonly number[];
  /** The kernel that reads them. */
  readonly where: string;
}

/** What a kernel takes for indices. */
export interface IndicesRead extends IndexLimit {
  readonly indices: Value;
}

/** What a kernel takes for indices, if it does. Out of range it would read or write elsewhere, or leave them out, and say nothing. */
export function indicesRead(node: GraphNode): IndicesRead | undefined {
  const { kernel: where, attrs, inputs } = node;
  if (where === 'GatherV2') {
    const [{ shape }, indices] = inputs;
    const axis = Number(attrs['axis'] ?? 0);
    return { indices, below: [shape[axis < 0 ? axis + shape.length : axis]], where };
  }
  if (where === 'Bincount' || where === 'DenseBincount') {
    return { indices: inputs[0], below: [Infinity], where }; // what is beyond the last bin isn't counted
  }
  const tuples = inputNamed(node, 'indices');
  const within = {
    GatherNd: inputs[0],
    ScatterNd: node.outputs[0],
    TensorScatterUpdate: node.outputs[0],
  }[where];
  if (tuples !== undefined && within !== undefined) {
    return { indices: tuples, below: within.shape.slice(0, tuples.shape.at(-1)), where };
  }
  const [given, of] = INPUTS[where] ?? [];
  const [indices, table] = [given, of?.name].map((name) => name && inputNamed(node, name));
  if (!indices || !table || of === undefined) return undefined;
  return { indices, below: [table.shape[of.axis]], where };
}

/** Which input is indices, and into which axis of which other. */
const INPUTS: Readonly<
  Record<string, readonly [given: string, of: { name: string; axis: number }] | undefined>
> = {
  SoftmaxCrossEntropy: ['targets', { name: 'logits', axis: 1 }],
  RotaryPositions: ['positions', { name: 'rotations', axis: 0 }],
};

/** Where indices come from. */
export interface Origins {
  /** Arguments and constants, all of whose numbers are among the indices. */
  readonly given: readonly IndicesRead[];
  /** Whether no index is out of range if none of those is. */
  readonly areAll: boolean;
}

/** Finds where indices come from, also where the step moves all of them before. */
export function originFinder(graph: Graph): (read: IndicesRead) => Origins {
  const rootOf = rootFinder(graph);
  const producers = new Map<number, GraphNode>();
  for (const node of graph.nodes) for (const { id } of node.outputs) producers.set(id, node);
  const originsOf = (read: IndicesRead): Origins => {
    const root = rootOf(read.indices);
    const isGiven = root.source.kind === 'input' || 'values' in root.source;
    if (isGiven) return { given: [{ ...read, indices: root }], areAll: true };
    const producer = producers.get(root.id);
    if (producer === undefined || !MOVING.has(producer.kernel)) return { given: [], areAll: false };
    const below = [read.below.reduce((a, b) => Math.max(a, b), 0)]; // of which axis isn't known any more
    const moved = producer.inputs.map((indices) => originsOf({ ...read, indices, below }));
    return {
      given: moved.flatMap(({ given }) => given),
      areAll: read.below.length === 1 && moved.every(({ areAll }) => areAll),
    };
  };
  return originsOf;
}

/** Kernels whose results are all numbers of their inputs. */
const MOVING: ReadonlySet<string> = new Set([
  'Concat',
  'Identity',
  'Pack',
  'Reverse',
  'Tile',
  'Transpose',
]);
