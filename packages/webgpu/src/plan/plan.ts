import { printType, rootFinder, sizeOf } from '@llm101/wasm/recording';
import type { Assignment, Graph, GraphNode, Value } from '@llm101/wasm/recording';
import type { Variable } from '@tensorflow/tfjs-core';
import { kernels } from '../kernels/index.js';
import { pointwiseDispatches } from '../kernels/pointwise.js';
import { pointwise } from '../pointwise/index.js';
import type { KernelContext } from '../wgsl/kernel.js';
import type { Dispatch } from '../wgsl/dispatch.js';
import { withAttended } from '../graph/attended.js';
import { withComputedIndices } from '../graph/computed-indices.js';
import { group, readsWholeBuffers, type SlabOf } from '../graph/group.js';
import type { IndexLimit } from '../graph/indices-read.js';
import { inline, type InlinedGraph } from './inline.js';
import { Lives, SCRATCH } from './lives.js';
import { ELEMENT, paddedBytes, type Place } from './places.js';

/** A value that is copied, from one place to another. */
interface Copy {
  readonly from: Value;
  readonly to: Place;
  readonly bytes: number;
}

/** A step for a GPU on paper. */
export interface Plan {
  readonly graph: Graph;
  /** What indices must be that the step computes: the last results are of each the smallest and the largest. */
  readonly computedLimits: readonly IndexLimit[];
  readonly dispatches: readonly Dispatch[];
  /** Bytes of each arena: what the step makes, its arguments included. */
  readonly arenas: readonly number[];
  readonly placeOf: (value: Value) => Place;
  /** Done before the kernels: old values that are wanted, and that they overwrite. */
  readonly saves: readonly Copy[];
  /** Done after them: new values of variables that could not be written in their place. */
  readonly copies: readonly Copy[];
  readonly constants: readonly Value[];
}

/** Options of {@link plan}. */
export interface PlanOptions {
  /** Bytes that a buffer may have: what a step makes lies in as many as it takes. Default: one takes all. */
  readonly mostBytes?: number;
  /** Whether nodes that do the same to each of many variables are one, which reads all of them in one buffer. Default: true. */
  readonly isGrouped?: boolean;
}

/**
 * Plans a step: which kernels run, and where everything lies. Arguments stay, every other value lives from its kernel to its last reader.
 * A variable's new value is computed into its place where everything that reads the old one has run by then; else it is copied there at the end.
 *
 * @throws Error that names a node without a kernel
 */
export function plan(
  recorded: Graph,
  slabOf: SlabOf,
  { mostBytes = Infinity, isGrouped = true }: PlanOptions = {},
): Plan {
  const { graph: checked, limits } = withComputedIndices(recorded);
  const attended = withAttended(checked);
  const graph = isGrouped ? group(attended, slabOf) : attended;
  const rootOf = rootFinder(graph);
  const found = inline(graph);
  const inVariables = valuesInVariables(graph, found, rootOf);
  const { saved, results, assignments } = withSaved(graph, rootOf);
  const variableOf = (root: Value): Variable | undefined =>
    root.source.kind === 'variable' ? root.source.variable : inVariables.get(root.id);
  const keyOf = (root: Value): string => {
    const variable = variableOf(root);
    return variable === undefined ? `value ${root.id}` : `variable ${variable.id}`;
  };
  const lives = new Lives();
  const dispatches: Dispatch[] = [];
  for (const [index, node] of found.nodes.entries()) {
    const isGathered = readsWholeBuffers.has(node.kernel);
    const context: KernelContext = {
      rootOf,
      keyOf,
      slabOf: (root) => {
        const variable = variableOf(root);
        return variable && slabOf(variable);
      },
      inlined: found.inlined,
      scratch: (size) => lives.scratch(size, index, isGathered),
    };
    for (const dispatch of dispatchesOf(node, context)) dispatches.push(dispatch);
    for (const { root } of found.readsOf(node).values()) {
      lives.use(root, index);
      if (isGathered) lives.gather(root);
    }
    for (const value of node.outputs) {
      if (!found.inlined.has(value.id) && !inVariables.has(value.id)) lives.make(value, index);
    }
  }
  const end = found.nodes.length;
  for (const value of results) lives.use(rootOf(value), end);
  for (const value of saved.values()) {
    lives.make(value, -1);
    lives.use(value, end);
  }
  const copies = copiesOf(assignments, { rootOf, inVariables, lives, end });
  let staying = 0;
  const places = new Map<number, Place>();
  for (const value of graph.inputs) {
    places.set(value.id, { kind: 'arena', arena: 0, offset: staying });
    staying += paddedBytes(value);
  }
  const arenas = lives.place(places, staying, mostBytes);
  for (const [id, variable] of inVariables) places.set(id, { kind: 'variable', variable });
  const placeOf = (value: Value): Place => {
    const root = rootOf(value);
    const { source } = root;
    if (source.kind === 'variable') return { kind: 'variable', variable: source.variable };
    if ('values' in source) return { kind: 'constant', value: root };
    const own = places.get(root.id);
    if (own === undefined) throw new Error(`compile: value ${root.id} has no place`);
    return own;
  };
  const constants = new Map<number, Value>();
  for (const { operands } of dispatches) {
    for (const operand of operands) {
      if (operand.kind === 'value' && 'values' in operand.value.source) {
        constants.set(operand.value.id, operand.value);
      }
    }
  }
  for (const value of [...results, ...copies.map(({ from }) => from)]) {
    const root = rootOf(value);
    if ('values' in root.source) constants.set(root.id, root);
  }
  return {
    graph: { ...graph, results },
    computedLimits: limits,
    dispatches,
    arenas,
    placeOf,
    saves: Array.from(saved, ([from, value]) => copyTo(from, placeOf(value))),
    copies,
    constants: [...constants.values()],
  };
}

/** The kernels of a node. */
function dispatchesOf(node: GraphNode, context: KernelContext): Dispatch[] {
  if (node.outputs.every((value) => sizeOf(value) === 0)) return [];
  const kernel = kernels[node.kernel];
  if (kernel !== undefined) return kernel(node, context);
  const compute = pointwise[node.kernel];
  if (compute !== undefined) return pointwiseDispatches(node, compute, context);
  const types = [node.inputs, node.outputs].map((values) => values.map(printType).join(', '));
  throw new Error(
    `compile: WebGPU has no kernel for ${node.kernel}, of ${types[0]} to ${types[1]}; train on the device wasm, or call it outside the step`,
  );
}

type RootOf = (value: Value) => Value;

/** New values of variables that may be written in their place: all that reads the old one has run by then. */
function valuesInVariables(
  { assignments }: Graph,
  { nodes, readsOf, inlined }: InlinedGraph,
  rootOf: RootOf,
): ReadonlyMap<number, Variable> {
  const writers = new Map<number, number>();
  const lastReads = new Map<Variable, { readonly index: number; readonly isInPlace: boolean }>();
  for (const [index, node] of nodes.entries()) {
    for (const { id } of node.outputs) writers.set(id, index);
    for (const { root, isInPlace } of readsOf(node).values()) {
      if (root.source.kind === 'variable')
        lastReads.set(root.source.variable, { index, isInPlace });
    }
  }
  const roots = assignments.map(({ value }) => rootOf(value).id);
  const found = new Map<number, Variable>();
  for (const { variable, value } of assignments) {
    const root = rootOf(value);
    const writer = writers.get(root.id);
    if (writer === undefined || inlined.has(root.id)) continue;
    if (roots.indexOf(root.id) !== roots.lastIndexOf(root.id)) continue; // nothing is copied from variable to variable
    const last = lastReads.get(variable);
    if (last === undefined || last.index < writer || (last.index === writer && last.isInPlace)) {
      found.set(root.id, variable);
    }
  }
  return found;
}

/** What a step leaves behind, with copies of old values that it would overwrite. */
interface WithSaved {
  /** The copy of each old value. */
  readonly saved: ReadonlyMap<Value, Value>;
  readonly results: readonly Value[];
  readonly assignments: readonly Assignment[];
}

/** Old values are saved first where they are results and the step assigns to their variables, and where they are assigned to others. */
function withSaved(graph: Graph, rootOf: RootOf): WithSaved {
  const assigned = new Set(graph.assignments.map(({ variable }) => variable));
  const saved = new Map<Value, Value>();
  let id = SCRATCH * 2;
  const copyOf = (old: Value): Value => {
    const value = saved.get(old) ?? { ...old, id: --id, source: { kind: 'node' } };
    saved.set(old, value);
    return value;
  };
  const results = graph.results.map((result) => {
    const old = rootOf(result);
    if (old.source.kind !== 'variable' || !assigned.has(old.source.variable)) return result;
    return { ...copyOf(old), shape: result.shape };
  });
  const assignments = graph.assignments.flatMap(({ variable, value }) => {
    const old = rootOf(value);
    if (old.source.kind !== 'variable') return { variable, value };
    return old.source.variable === variable ? [] : { variable, value: copyOf(old) };
  });
  return { saved, results, assignments };
}

interface CopyOptions {
  readonly rootOf: RootOf;
  readonly inVariables: ReadonlyMap<number, Variable>;
  readonly lives: Lives;
  readonly end: number;
}

function copiesOf(
  assignments: readonly Assignment[],
  { rootOf, inVariables, lives, end }: CopyOptions,
): Copy[] {
  return assignments.flatMap(({ variable, value }) => {
    const root = rootOf(value);
    if (inVariables.get(root.id) === variable) return [];
    lives.use(root, end);
    return copyTo(root, { kind: 'variable', variable });
  });
}

const copyTo = (from: Value, to: Place): Copy => ({ from, to, bytes: sizeOf(from) * ELEMENT });
