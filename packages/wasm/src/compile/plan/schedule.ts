import type { Variable } from '@tensorflow/tfjs-core';
import { rootFinder, VIEW, type Graph, type GraphNode, type Value } from '../../graph/graph.js';
import type { Instruction, KernelStep } from '../../graph/instruction.js';
import { bytesOf, sizeOf, type TensorType } from '../../kernels/tensor-type.js';
import { lowerings } from '../../ops/index.js';

/** The instructions of a step, and where their outputs lie. */
export interface Schedule {
  /** The graph, with results that no assignment overwrites. */
  readonly graph: Graph;
  readonly instructions: readonly Instruction[];
  /** Values that are written straight into a variable's memory. */
  readonly inVariables: ReadonlyMap<number, Variable>;
}

/**
 * The instructions of a graph. A variable's new value is computed into its memory if everything that reads the old one
 * has run by then; else it is copied there at the end. An old value that is returned is saved first.
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
  const graph = { ...recorded, results };
  const body = graph.nodes.filter(({ kernel }) => kernel !== VIEW).map((node) => lower(node));
  const inVariables = new Map<number, Variable>();
  const copies: Instruction[] = [];
  for (const { variable, value } of graph.assignments) {
    const root = rootOf(value);
    if (mayLieIn({ variable, root, body, graph, rootOf }) && !inVariables.has(root.id)) {
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

interface Assigned {
  readonly variable: Variable;
  readonly root: Value;
  readonly body: readonly Instruction[];
  readonly graph: Graph;
  readonly rootOf: (value: Value) => Value;
}

function mayLieIn({ variable, root, body, graph, rootOf }: Assigned): boolean {
  const isOld = (value: Value): boolean => {
    const { source } = rootOf(value);
    return source.kind === 'variable' && source.variable === variable;
  };
  // An old value that is assigned to another variable must stay.
  if (graph.assignments.some(({ value }) => isOld(value))) return false;
  const writer = body.findIndex(({ writes }) => writes.some(({ id }) => id === root.id));
  if (writer === -1) return false;
  const last = body.findLastIndex(({ reads }) => reads.some(isOld));
  return (
    last < writer ||
    (last === writer &&
      body[writer].overwrites.some(isOld) &&
      body[writer].reads.every((value) => !isOld(value) || body[writer].overwrites.includes(value)))
  );
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
