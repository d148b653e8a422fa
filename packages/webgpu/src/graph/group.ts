import { inputNamed, rootFinder, SCALE, sizeOf, SQUARES_SUM, VIEW } from '@llm101/wasm/recording';
import type { Graph, GraphNode, Value } from '@llm101/wasm/recording';
import type { Variable } from '@tensorflow/tfjs-core';

/** The sum of squares of many tensors, as the norm of all gradients needs it. */
export const SQUARES_SUMS = 'SquaresSums';

/** Steps of Adam of many parameters at once: for each a parameter, a gradient and two means, and a count; then what they share. */
export const ADAM_UPDATES = 'AdamUpdates';

/** Counters that a step moves on, all by the same. */
export const INCREMENTS = 'Increments';

/** Inputs of a member of {@link ADAM_UPDATES}. */
export const ADAM_MEMBER = ['parameter', 'gradient', 'first', 'second', 'step'] as const;

/** Kernels that read whole buffers: what they read must be in memory as it is. */
export const readsWholeBuffers: ReadonlySet<string> = new Set([
  SQUARES_SUMS,
  ADAM_UPDATES,
  INCREMENTS,
]);

/** Which buffer a variable lies in, by its number. */
export type SlabOf = (variable: Variable) => number;

/** Nodes that do the same to each of many variables become one, which is one kernel or two where they were hundreds. */
export function group(graph: Graph, slabOf: SlabOf): Graph {
  return groupUpdates(groupIncrements(groupSquares(graph), slabOf), slabOf);
}

/** The readers of each value, and where values come from. */
function usesOf(graph: Graph): {
  readonly rootOf: (value: Value) => Value;
  readonly producerOf: (value: Value) => GraphNode | undefined;
  readonly readers: ReadonlyMap<number, readonly GraphNode[]>;
  readonly kept: ReadonlySet<number>;
} {
  const rootOf = rootFinder(graph);
  const producers = new Map<number, GraphNode>();
  const readers = new Map<number, GraphNode[]>();
  for (const node of graph.nodes) {
    if (node.kernel === VIEW) continue;
    for (const { id } of node.outputs) producers.set(id, node);
    for (const value of node.inputs) {
      const { id } = rootOf(value);
      readers.set(id, [...(readers.get(id) ?? []), node]);
    }
  }
  const ends = [...graph.results, ...graph.assignments.map(({ value }) => value)];
  return {
    rootOf,
    producerOf: (value) => producers.get(rootOf(value).id),
    readers,
    kept: new Set(ends.map((value) => rootOf(value).id)),
  };
}

/** Sums of squares that are added up, however they are paired. */
function groupSquares(graph: Graph): Graph {
  const { rootOf, producerOf, readers, kept } = usesOf(graph);
  const leavesOf = (node: GraphNode): GraphNode[] | undefined => {
    if (node.kernel === SQUARES_SUM) return [node];
    if (node.kernel !== 'Add' || sizeOf(node.outputs[0]) !== 1) return undefined;
    const parts = node.inputs.map((value) => {
      const producer = producerOf(value);
      const isAlone = readers.get(rootOf(value).id)?.length === 1 && !kept.has(rootOf(value).id);
      return producer === undefined || !isAlone ? undefined : leavesOf(producer);
    });
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  };
  const taken = new Set<GraphNode>();
  const replaced = new Map<GraphNode, GraphNode>();
  for (const node of graph.nodes.toReversed()) {
    if (node.kernel !== 'Add' || taken.has(node)) continue;
    const leaves = leavesOf(node);
    if (leaves === undefined || leaves.length < 2) continue;
    const inputs = leaves.map(({ inputs: [x] }) => x);
    if (inputs.some((value) => !isInArena(value, graph, rootOf))) continue;
    replaced.set(node, { ...node, kernel: SQUARES_SUMS, names: undefined, inputs, attrs: {} });
    const drop = (part: GraphNode): void => {
      taken.add(part);
      if (part.kernel === 'Add') {
        for (const value of part.inputs) {
          const producer = producerOf(value);
          if (producer !== undefined) drop(producer);
        }
      }
    };
    drop(node);
  }
  const nodes = graph.nodes.flatMap(
    (node) => replaced.get(node) ?? (taken.has(node) ? [] : [node]),
  );
  return { ...graph, nodes };
}

/** The variable that a value is the old one of. */
function variableOf(value: Value): Variable | undefined {
  return value.source.kind === 'variable' ? value.source.variable : undefined;
}

/** Whether a value lies where the step makes it: not in a variable, old or new, nor among constants. */
function isInArena(value: Value, { assignments }: Graph, rootOf: (value: Value) => Value): boolean {
  const root = rootOf(value);
  if (root.source.kind !== 'node') return false;
  return assignments.every((one) => rootOf(one.value).id !== root.id);
}

/** The variable that a value is assigned to, where it is one alone. */
function targetsOf({ assignments }: Graph, rootOf: (value: Value) => Value): Map<number, Variable> {
  const targets = new Map<number, Variable>();
  const several = new Set<number>();
  for (const { variable, value } of assignments) {
    const { id } = rootOf(value);
    if (targets.has(id)) several.add(id);
    targets.set(id, variable);
  }
  for (const id of several) targets.delete(id);
  return targets;
}

/** Scalar variables to each of which the same number is added. */
function groupIncrements(graph: Graph, slabOf: SlabOf): Graph {
  const { rootOf, readers } = usesOf(graph);
  const targets = targetsOf(graph, rootOf);
  const groups = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    const [x, by] = node.inputs;
    const [out] = node.outputs;
    if (node.kernel !== 'Add' || sizeOf(out) !== 1 || out.dtype !== 'float32') continue;
    const variable = variableOf(rootOf(x));
    const { source } = rootOf(by);
    if (variable === undefined || targets.get(out.id) !== variable || !('values' in source))
      continue;
    if (readers.get(rootOf(x).id)?.length !== 1) continue;
    const key = `${slabOf(variable)} ${source.values[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return joined(graph, groups, 'first', (members) => ({
    kernel: INCREMENTS,
    names: undefined,
    inputs: members.map(({ inputs: [x] }) => rootOf(x)),
    attrs: { by: valuesOf(rootOf(members[0].inputs[1]))[0] },
    outputs: members.flatMap(({ outputs }) => outputs),
  }));
}

const valuesOf = ({ source }: Value): ArrayLike<number> =>
  'values' in source ? source.values : [];

/** Steps of Adam with the same numbers, rate and scale, of variables that lie in the same buffers. */
function groupUpdates(graph: Graph, slabOf: SlabOf): Graph {
  const { rootOf, readers } = usesOf(graph);
  const targets = targetsOf(graph, rootOf);
  const groups = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    if (node.kernel !== 'AdamUpdate') continue;
    const [w, gradient, first, second, , rate] = memberOf(node).map(
      (value) => value && rootOf(value),
    );
    const scale = inputNamed(node, SCALE);
    const variables = [w, first, second].map((value) => value && variableOf(value));
    const isPlain =
      variables.every(
        (variable, i) => variable !== undefined && targets.get(node.outputs[i].id) === variable,
      ) &&
      [w, first, second].every(
        (value) => value !== undefined && readers.get(value.id)?.at(-1) === node,
      ) &&
      gradient !== undefined &&
      isInArena(gradient, graph, rootOf) &&
      node.outputs.every(({ id }) => !readers.has(id));
    if (!isPlain) continue;
    const slabs = variables.map((variable) => (variable === undefined ? -1 : slabOf(variable)));
    const shared = [rate?.id, scale && rootOf(scale).id];
    const key = JSON.stringify([node.attrs, slabs, shared]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return joined(graph, groups, 'last', (members) => {
    const [{ attrs }] = members;
    const shared = [inputNamed(members[0], 'rate'), inputNamed(members[0], SCALE)].filter(
      (value) => value !== undefined,
    );
    const inputs = [
      ...members.flatMap((node) => memberOf(node).slice(0, ADAM_MEMBER.length)),
      ...shared,
    ];
    return {
      kernel: ADAM_UPDATES,
      names: undefined,
      inputs: inputs.filter((value) => value !== undefined),
      attrs: { ...attrs, members: members.length },
      outputs: members.flatMap(({ outputs }) => outputs),
    };
  });
}

/** The inputs of a step of Adam, those of {@link ADAM_MEMBER} and then its rate. */
const memberOf = (node: GraphNode): (Value | undefined)[] =>
  [...ADAM_MEMBER, 'rate'].map((name) => inputNamed(node, name));

/** A graph in which the nodes of each group are one, in the place of their first or last. */
function joined(
  graph: Graph,
  groups: ReadonlyMap<string, readonly GraphNode[]>,
  where: 'first' | 'last',
  join: (members: readonly GraphNode[]) => GraphNode,
): Graph {
  const several = [...groups.values()].filter((members) => members.length > 1);
  const placed = new Map<GraphNode, GraphNode>();
  for (const members of several) {
    const at = where === 'first' ? members[0] : members[members.length - 1];
    placed.set(at, join(members));
  }
  const members = new Set(several.flat());
  const nodes = graph.nodes.flatMap(
    (node) => placed.get(node) ?? (members.has(node) ? [] : [node]),
  );
  return { ...graph, nodes };
}
