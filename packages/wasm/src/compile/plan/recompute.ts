import {
  ADD_LAYER_NORM,
  ADD_RMS_NORM,
  endsOf,
  firstFreeId,
  PRODUCT,
  rootFinder,
} from '../../graph/graph.js';
import { VIEW, viewNode, type Graph, type GraphNode, type Value } from '../../graph/graph.js';
import type { Instruction } from '../../graph/instruction.js';
import { bytesOf, sizeOf } from '../../kernels/tensor-type.js';
import type { Block } from './arena.js';
import { livesOf } from './lives.js';

/** How much may be computed again. */
interface Limits {
  /** A plan that needs fewer bytes isn't worth it. */
  readonly least: number;
  /** Which part of the step's estimated time may be spent on it. */
  readonly share: number;
}

/** 64 MiB, and 1.5 %. */
const LIMITS: Limits = { least: 2 ** 26, share: 0.015 };

/** What takes less than this part of the memory isn't looked at. */
const SMALL = 1 / 200;

/** Kernels that are cheap for the memory that their result takes, and how many nanoseconds a value of it costs, about. */
const CHEAP: Readonly<Record<string, number | undefined>> = {
  LayerNorm: 0.6,
  RMSNorm: 0.5,
  Gelu: 1.3,
  SquaredRelu: 0.3,
  SwiGLU: 1.6,
  RotaryPositions: 0.5,
  Relu: 0.3,
  Add: 0.4,
  Sub: 0.4,
  Multiply: 0.4,
  RealDiv: 0.5,
  Square: 0.3,
  Neg: 0.3,
  Cast: 0.4,
  Exp: 1.5,
  Tanh: 1.5,
  Sigmoid: 1.5,
  SeededDropout: 1,
  Transpose: 1,
  Slice: 0.4,
  Concat: 0.4,
};

/** Of a product, whose additions and multiplications count; any other kernel that isn't cheap counts by its values alone. */
const PER_OPERATION = 1 / 30;

/**
 * Computes again, right before the backward pass reads it, what is cheap to compute and would else lie in memory from the forward pass on:
 * the normalised values of a layer norm, the results of GELU. Done for one value after the other that fills the step's memory where that is
 * fullest and isn't used there, as long as that gets less and little of the step's time is spent. The numbers are the same.
 *
 * @param graph - its nodes in the order in which they run, views anywhere
 * @param lower - the instruction of a node, the same one each time
 */
export function recompute(
  graph: Graph,
  lower: (node: GraphNode) => Instruction,
  { least, share }: Limits = LIMITS,
): Graph {
  let current = stateOf(graph, lower);
  if (current.most < least) return graph;
  let best = current;
  let allowed = share * current.nodes.reduce((time, node) => time + timeOf(node), 0);
  for (;;) {
    const found = dearest(current, allowed);
    if (found.length === 0) return best.graph;
    allowed -= found.reduce((time, { producer }) => time + timeOf(producer), 0);
    current = stateOf(withCopies(current, found), lower);
    if (current.most < best.most) best = current;
  }
}

/** A graph, and where its memory is fullest. */
interface State {
  readonly graph: Graph;
  /** Without views. */
  readonly nodes: readonly GraphNode[];
  readonly rootOf: (value: Value) => Value;
  /** The node at which most bytes are used, and how many. */
  readonly at: number;
  readonly most: number;
}

function stateOf(graph: Graph, lower: (node: GraphNode) => Instruction): State {
  const nodes = graph.nodes.filter(({ kernel }) => kernel !== VIEW);
  const rootOf = rootFinder(graph);
  const placed = new Set(graph.assignments.map(({ value }) => rootOf(value).id)); // most of them in a variable's memory
  const instructions = nodes.map(lower);
  const { blocks } = livesOf({ graph, instructions, rootOf, placed });
  return { graph, nodes, rootOf, ...fullest(blocks, nodes.length) };
}

function fullest(blocks: readonly Block[], count: number): Pick<State, 'at' | 'most'> {
  const changes = new Float64Array(count + 2);
  for (const { bytes, first, last } of blocks) {
    changes[first] += bytes;
    changes[last + 1] -= bytes;
  }
  let [now, most, at] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    now += changes[i];
    if (now > most) [most, at] = [now, i];
  }
  return { at, most };
}

/** A value that is to be computed again. */
interface Found {
  readonly value: Value;
  readonly producer: GraphNode;
  /** The first node that reads it after memory was fullest. */
  readonly next: number;
}

/** How many of the values that might be computed again are taken before memory is looked at again. */
const PART = 0.25;

/** Of the values that are only kept where memory is fullest, those that take most bytes for the time they cost. */
function dearest(state: State, allowed: number): Found[] {
  const { nodes, rootOf, at, most } = state;
  const { before, next, last } = usesOf(state);
  const candidates: (Found & { readonly worth: number })[] = [];
  for (const producer of nodes.slice(0, at).map(apart)) {
    if (CHEAP[producer.kernel] === undefined) continue;
    for (const value of producer.outputs) {
      const reader = next.get(value.id);
      if (reader === undefined || last.get(value.id) === Infinity) continue;
      if (before.get(value.id) === at || bytesOf(value) < most * SMALL) continue;
      const isThere = producer.inputs.every((input) => {
        const root = rootOf(input);
        return root.source.kind !== 'node' || (last.get(root.id) ?? -1) >= reader;
      });
      const worth = bytesOf(value) / timeOf(producer);
      if (isThere) candidates.push({ value, producer, next: reader, worth });
    }
  }
  const taken: Found[] = [];
  const [gone, needed] = [new Set<number>(), new Set<number>()];
  let left = allowed;
  for (const found of candidates.sort((a, b) => b.worth - a.worth)) {
    const inputs = found.producer.inputs.map((input) => rootOf(input).id);
    const time = timeOf(found.producer);
    // What one is computed from must stay.
    if (time > left || needed.has(found.value.id) || inputs.some((id) => gone.has(id))) continue;
    left -= time;
    gone.add(found.value.id);
    for (const id of inputs) needed.add(id);
    taken.push(found);
    if (taken.length >= candidates.length * PART) break;
  }
  return taken;
}

/** A node; or what alone gives a part of its outputs from others: the GELU of a product's sums, the norm of a sum. */
function apart(node: GraphNode): GraphNode {
  const { kernel, attrs, inputs, outputs } = node;
  const [x, ...others] = outputs;
  if (kernel === PRODUCT && others.length > 0) {
    const names = ['x'];
    if (attrs['ending'] === 'squaredRelu') {
      return { kernel: 'SquaredRelu', names, inputs: [x], attrs: {}, outputs: others };
    }
    const approximate = attrs['ending'] === 'geluByTanh' ? 'tanh' : 'none';
    return { kernel: 'Gelu', names, inputs: [x], attrs: { approximate }, outputs: others };
  }
  if (kernel === ADD_LAYER_NORM) {
    const names = ['x', 'weight', 'bias'];
    return { kernel: 'LayerNorm', names, inputs: [x, ...inputs.slice(-2)], attrs, outputs: others };
  }
  if (kernel === ADD_RMS_NORM) {
    const names = ['x', 'weight'];
    return { kernel: 'RMSNorm', names, inputs: [x, ...inputs.slice(-1)], attrs, outputs: others };
  }
  return node;
}

/** For each value: its last reader up to where memory is fullest, its first one after that, and its last one. */
interface Uses {
  readonly before: ReadonlyMap<number, number>;
  readonly next: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
}

function usesOf({ graph, nodes, rootOf, at }: State): Uses {
  const [before, next, last] = Array.from({ length: 3 }, () => new Map<number, number>());
  for (const [index, { inputs }] of nodes.entries()) {
    for (const input of inputs) {
      const { id } = rootOf(input);
      last.set(id, index);
      if (index <= at) before.set(id, index);
      else if (!next.has(id)) next.set(id, index);
    }
  }
  for (const value of endsOf(graph)) last.set(rootOf(value).id, Infinity);
  return { before, next, last };
}

/** The graph with values computed again for all that read them late. */
function withCopies({ graph, nodes, rootOf }: State, found: readonly Found[]): Graph {
  let id = firstFreeId(graph);
  const fresh = ({ shape, dtype }: Value): Value => ({
    id: id++,
    shape,
    dtype,
    source: { kind: 'node' },
  });
  const views = graph.nodes.filter(({ kernel }) => kernel === VIEW);
  const copies = new Map<number, GraphNode[]>(); // by what they come before
  const late = new Map<number, { readonly next: number; readonly copy: Value }>();
  for (const { value, producer, next } of found) {
    const outputs = producer.outputs.map(fresh);
    copies.set(next, [...(copies.get(next) ?? []), { ...producer, outputs }]);
    late.set(value.id, { next, copy: outputs[producer.outputs.indexOf(value)] });
  }
  const shown = new Map<number, Value>(); // views of copies, by what they take the place of
  const current = (input: Value, index: number): Value => {
    const root = rootOf(input);
    const again = late.get(root.id);
    if (again === undefined || index < again.next) return input;
    if (root.id === input.id) return again.copy;
    const known = shown.get(input.id);
    if (known !== undefined) return known;
    const view = fresh(input);
    views.push(viewNode(again.copy, view));
    shown.set(input.id, view);
    return view;
  };
  const ordered = nodes.flatMap((node, index) => {
    const inputs = node.inputs.map((input) => current(input, index));
    const isSame = inputs.every((input, i) => input === node.inputs[i]);
    return [...(copies.get(index) ?? []), isSame ? node : { ...node, inputs }];
  });
  return { ...graph, nodes: [...views, ...ordered] };
}

/** Nanoseconds, about: enough to compare. */
function timeOf({ kernel, inputs, outputs, attrs }: GraphNode): number {
  const values = outputs.reduce((size, value) => size + sizeOf(value), 0);
  if (kernel !== 'BatchMatMul' && kernel !== PRODUCT) return values * (CHEAP[kernel] ?? 1);
  const inner = inputs[0].shape.at(attrs['transposeA'] === true ? -2 : -1) ?? 1;
  return 2 * sizeOf(outputs[0]) * inner * PER_OPERATION;
}
