import type { Variable } from '@tensorflow/tfjs-core';
import { rootFinder, VIEW, type Graph, type GraphNode, type Value } from '../../graph/graph.js';
import type { Instruction, KernelStep } from '../../graph/instruction.js';
import { bytesOf, sizeOf, type TensorType } from '../../kernels/tensor-type.js';
import { lowerings } from '../../ops/index.js';
import { recompute } from './recompute.js';
import { reorder } from './reorder.js';

/** The instructions of a step, and where their outputs lie. */
export interface Schedule {
  /** The graph, with results that no assignment overwrites. */
  readonly graph: Graph;
  readonly instructions: readonly Instruction[];
  /** Values that are written straight into a variable's memory. */
  readonly inVariables: ReadonlyMap<number, Variable>;
}

/**
 * The instructions of a graph, in an order that takes little memory. A variable's new value is computed into its memory if
 * everything that reads the old one has run by then; else it is copied there at the end. An old value that is returned is saved first.
 */
export function schedule(recorded: Graph): Schedule {
  const rootOf = rootFinder(recorded);
  const planned = plannedValues();
  const saves: Instruction[] = [];
  const assigned = new Set(recorded.assignments.map(({ variable }) => variable));
  const results = recorded.results.map((result) => {
    const { source } = rootOf(result);
    if (source.kind !== 'variable' || !assigned.has(source.variable)) return result;
    const saved = planned(result, { kind: 'node' });
    saves.push(copy(result, saved));
    return saved;
  });
  const lower = lowerOnce();
  const graph = recompute(reorder({ ...recorded, results }, lower), lower);
  const body = graph.nodes.filter(({ kernel }) => kernel !== VIEW).map(lower);
  const inVariables = new Map<number, Variable>();
  const copies: Instruction[] = [];
  const mayLieIn = overwritable(graph, body);
  for (const { variable, value } of graph.assignments) {
    const root = rootOf(value);
    if (mayLieIn(variable, root) && !inVariables.has(root.id)) {
      inVariables.set(root.id, variable);
      continue;
    }
    const target = planned(root, { kind: 'variable', variable });
    // Another assignment may overwrite a variable's old value before it is copied.
    const from = root.source.kind === 'variable' ? planned(root, { kind: 'node' }) : root;
    if (from !== root) saves.push(copy(root, from));
    copies.push(copy(from, target));
  }
  return { graph, instructions: [...saves, ...body, ...copies], inVariables };
}

/** Whether a value may be written straight into a variable's memory: all that reads the old one has run by then. */
function overwritable(
  graph: Graph,
  body: readonly Instruction[],
): (variable: Variable, root: Value) => boolean {
  const rootOf = rootFinder(graph);
  const oldOf = (value: Value): Variable | undefined => {
    const { source } = rootOf(value);
    return source.kind === 'variable' ? source.variable : undefined;
  };
  const writers = new Map<number, number>();
  const lastReads = new Map<Variable, number>();
  for (const [index, { reads, writes }] of body.entries()) {
    for (const { id } of writes) writers.set(id, index);
    for (const value of reads) {
      const variable = oldOf(value);
      if (variable !== undefined) lastReads.set(variable, index);
    }
  }
  // An old value that is assigned to another variable must stay.
  const staying = new Set(graph.assignments.map(({ value }) => oldOf(value)));
  return (variable, root) => {
    const writer = writers.get(root.id);
    if (writer === undefined || staying.has(variable)) return false;
    const last = lastReads.get(variable) ?? -1;
    if (last !== writer) return last < writer;
    const { reads, overwrites } = body[writer];
    const old = reads.filter((value) => oldOf(value) === variable);
    return old.every((value) => overwrites.includes(value));
  };
}

/** Values for the planner alone; those that were recorded have ids of at least 0. */
function plannedValues(): (type: TensorType, source: Value['source']) => Value {
  let id = 0;
  return ({ shape, dtype }, source) => ({ id: --id, shape, dtype, source });
}

function copy(from: Value, to: Value): Instruction {
  const steps: KernelStep[] = [{ kernel: 'copy', args: [from, to, bytesOf(to)] }];
  return {
    name: 'copy',
    reads: [from],
    writes: [to],
    overwrites: [],
    call: { kind: 'kernels', steps, scratchBytes: 0 },
  };
}

/**
 * The instruction of a node: a kernel of this package where there is one for it, else tfjs' own through JavaScript, also
 * for empty tensors, which no kernel here expects.
 */
function lower(node: GraphNode): Instruction {
  const { kernel, inputs, outputs } = node;
  const isEmpty = [...inputs, ...outputs].some((value) => sizeOf(value) === 0);
  const lowering = isEmpty ? undefined : lowerings[kernel];
  return (
    lowering?.(node) ?? {
      name: kernel,
      reads: inputs,
      writes: outputs,
      overwrites: inputs, // tfjs computes into memory of its own, which is copied to where the plan wants it
      call: { kind: 'tfjs', node },
    }
  );
}

/** Instructions of nodes, the same one for a node that is asked for again. */
export function lowerOnce(): (node: GraphNode) => Instruction {
  const known = new Map<GraphNode, Instruction>();
  return (node) => {
    const instruction = known.get(node) ?? lower(node);
    known.set(node, instruction);
    return instruction;
  };
}
