import type { Variable } from '@tensorflow/tfjs-core';
import { rootFinder, type Graph, type Value } from '../../graph/graph.js';
import { paddedBytes } from '../../graph/instruction.js';
import type { CallOfKernels, Instruction, KernelStep, Operand } from '../../graph/instruction.js';
import { printAttrs, printType } from '../../graph/print-graph.js';
import { bytesOf } from '../../kernels/tensor-type.js';
import { place } from './arena.js';
import { livesOf } from './lives.js';
import { schedule } from './schedule.js';

/** Where a value lies: an offset in bytes into the arena, or a variable's own memory. */
type Place = number | Variable;

/** A compiled step on paper: what is called, and where everything lies. Its text is that of `printPlan`. */
export interface Plan {
  readonly graph: Graph;
  readonly instructions: readonly Instruction[];
  /** How many bytes of memory the step needs besides its variables. */
  readonly arenaBytes: number;
  /** Constants that the instructions read. They are written once. */
  readonly constants: readonly Value[];
  readonly placeOf: (value: Value) => Place;
  /** Where the memory for an instruction's own use begins. */
  readonly scratchOf: (instruction: Instruction) => number;
  /** The calls of an instruction, except copies of a value onto itself. */
  readonly stepsOf: (call: CallOfKernels) => readonly KernelStep[];
  toString(): string;
}

/** Plans the memory of a step: inputs and constants stay, every other value lives from its write to its last read. */
export function plan(recorded: Graph): Plan {
  const { graph, instructions, inVariables } = schedule(recorded);
  const rootOf = rootFinder(graph);
  const places = new Map<number, Place>();
  const constants = usedConstants(graph, instructions, rootOf);
  let staying = 0; // bytes
  for (const value of [...graph.inputs, ...constants]) {
    places.set(value.id, staying);
    staying += paddedBytes(bytesOf(value));
  }
  for (const [id, variable] of inVariables) places.set(id, variable);
  const { blocks, blockOf, scratch } = livesOf({ graph, instructions, rootOf, placed: places });
  const arenaBytes = place(blocks, staying);
  for (const [id, block] of blockOf) places.set(id, block.offset);
  const planned: Plan = {
    graph,
    instructions,
    arenaBytes,
    constants,
    placeOf(value) {
      const root = rootOf(value);
      const place = root.source.kind === 'variable' ? root.source.variable : places.get(root.id);
      if (place === undefined) throw new Error(`compile: value ${root.id} has no place`);
      return place;
    },
    stepsOf: ({ steps }) => steps.filter((step) => !isNoCopy(step, planned)),
    scratchOf: (instruction) => scratch.get(instruction)?.offset ?? 0,
    toString: () => printPlan(planned),
  };
  return planned;
}

function isNoCopy({ kernel, args: [from, to] }: KernelStep, { placeOf }: Plan): boolean {
  if (kernel !== 'copy' || typeof from !== 'object' || typeof to !== 'object') return false;
  return 'id' in from && 'id' in to && placeOf(from) === placeOf(to);
}

function usedConstants(
  { results }: Graph,
  instructions: readonly Instruction[],
  rootOf: (value: Value) => Value,
): Value[] {
  const used = [...instructions.flatMap(({ reads }) => reads), ...results].map(rootOf);
  const constants = used.filter(
    ({ source: { kind } }) => kind === 'constant' || kind === 'captured',
  );
  return [...new Set(constants)];
}

/**
 * A plan as text: one line an instruction, `+128` for 128 bytes into the arena, `@w` for a variable's memory.
 *
 * ```
 * arena 192 bytes
 * in  +0: int32[4,2]
 * js GatherV2 @w +0 {axis: 0} -> +64: float32[4,2,3]
 * out +64: float32[4,2,3]
 * ```
 */
function printPlan(plan: Plan): string {
  const place = (value: Value): string => printPlace(plan.placeOf(value));
  const typed = (value: Value): string => `${place(value)}: ${printType(value)}`;
  const line = (instruction: Instruction): string => {
    const { name, reads, writes, call } = instruction;
    const to = writes.map(typed).join(', ');
    if (call.kind === 'kernels') {
      const steps = plan.stepsOf(call).map(({ kernel, args }) => {
        const printed = args.map((arg) => printOperand(arg, plan, instruction));
        return `${kernel}(${printed.join(', ')})`;
      });
      return `${printSteps(steps)} -> ${to}`;
    }
    const given = reads.map(place).join(' ');
    return `js ${[name, given, printAttrs(call.node.attrs)].filter((word) => word !== '').join(' ')} -> ${to}`;
  };
  return [
    `arena ${plan.arenaBytes} bytes`,
    ...plan.graph.inputs.map((value) => `in ${typed(value)}`),
    ...plan.instructions.map(line),
    ...plan.graph.results.map((value) => `out ${typed(value)}`),
  ].join('\n');
}

const printPlace = (place: Place): string =>
  typeof place === 'number' ? `+${place}` : `@${place.name}`;

function printOperand(operand: Operand, plan: Plan, instruction: Instruction): string {
  if (typeof operand === 'number') return String(operand);
  if ('scratch' in operand) return `+${plan.scratchOf(instruction) + operand.scratch}`;
  if ('of' in operand)
    return printPlace(plan.placeOf(operand.of)) + (operand.skip > 0 ? `+${operand.skip}` : '');
  return printPlace(plan.placeOf(operand));
}

/** The first and the last of many. */
const printSteps = (steps: readonly string[]): string =>
  steps.length <= 3
    ? steps.join('; ')
    : `${steps[0]}; … ${steps.length - 2} more …; ${steps.at(-1)}`;
