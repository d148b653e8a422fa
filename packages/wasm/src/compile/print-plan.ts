import type { Value } from './graph.js';
import type { Instruction, Operand } from './instruction.js';
import type { Place, Plan } from './plan-of-memory.js';
import { printAttrs, printType } from './print-graph.js';

/**
 * A plan as text: one line an instruction, `+128` for the place 128 bytes into the arena, `@w` for that of a variable.
 *
 * ```
 * arena 192 bytes
 * in  +0: int32[4,2]
 * js GatherV2 @w +0 {axis: 0} -> +64: float32[4,2,3]
 * out +64: float32[4,2,3]
 * ```
 */
export function printPlan(plan: Plan): string {
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
